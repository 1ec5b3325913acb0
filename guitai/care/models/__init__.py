"""Tables of the room care."""

from guitai.care.models.article import Article
from guitai.care.models.case import Case, CaseClaim, CaseEvent, CaseLink, Evidence, Message

__all__ = ["Article", "Case", "CaseClaim", "CaseEvent", "CaseLink", "Evidence", "Message"]
