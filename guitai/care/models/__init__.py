"""Tables of the room care."""

from guitai.care.models.announcement import Announcement, AnnouncementUpdate, ServiceSpell
from guitai.care.models.article import (
    Article,
    ArticleFeedback,
    ArticleReadings,
    ArticleVersion,
    UnansweredQuestion,
)
from guitai.care.models.case import Case, CaseClaim, CaseEvent, CaseLink, Evidence, Message
from guitai.care.models.clock import CaseClock, ClockEventRow, Promise
from guitai.care.models.contact_report import ContactReport
from guitai.care.models.solved import SolveOutcome

__all__ = [
    "Announcement",
    "AnnouncementUpdate",
    "Article",
    "ArticleFeedback",
    "ArticleReadings",
    "ArticleVersion",
    "Case",
    "CaseClaim",
    "CaseClock",
    "CaseEvent",
    "CaseLink",
    "ClockEventRow",
    "ContactReport",
    "Evidence",
    "Message",
    "Promise",
    "ServiceSpell",
    "SolveOutcome",
    "UnansweredQuestion",
]
