"""Tables of the room care."""

from guitai.care.models.announcement import Announcement, AnnouncementUpdate, ServiceSpell
from guitai.care.models.article import (
    Article,
    ArticleFeedback,
    ArticleReadings,
    ArticleVersion,
    UnansweredQuestion,
)
from guitai.care.models.callback import Callback
from guitai.care.models.case import Case, CaseClaim, CaseEvent, CaseLink, Evidence, Message
from guitai.care.models.clock import CaseClock, ClockEventRow, Promise
from guitai.care.models.contact_report import ContactReport
from guitai.care.models.draft import Draft
from guitai.care.models.emergency import Emergency, EmergencyBill, EvidencePack
from guitai.care.models.proof import Proof
from guitai.care.models.solved import SolveOutcome
from guitai.care.models.survey import Survey

__all__ = [
    "Announcement",
    "AnnouncementUpdate",
    "Article",
    "ArticleFeedback",
    "ArticleReadings",
    "ArticleVersion",
    "Callback",
    "Case",
    "CaseClaim",
    "CaseClock",
    "CaseEvent",
    "CaseLink",
    "ClockEventRow",
    "ContactReport",
    "Draft",
    "Emergency",
    "EmergencyBill",
    "Evidence",
    "EvidencePack",
    "Message",
    "Promise",
    "Proof",
    "ServiceSpell",
    "SolveOutcome",
    "Survey",
    "UnansweredQuestion",
]
