"""What passes through the door of the room care. Everything is frozen; nothing is a model."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from guitai.base.openhours import Hours
from guitai.care.emergency.types import EmergencyView, StaffBill
from guitai.care.proof_types import LEVELS, Method, ProofLevel, ProofView

__all__ = ["LEVELS", "EmergencyView", "Method", "ProofLevel", "ProofView", "StaffBill"]

CaseState = Literal[
    "new", "triaged", "in_progress", "waiting_customer", "waiting_third_party", "resolved", "closed",
    "withdrawn", "merged",
]  # fmt: skip
# Nobody works on it any more: solved, left, or gone on elsewhere.
OVER: frozenset[CaseState] = frozenset({"resolved", "closed", "withdrawn", "merged"})
Category = Literal[
    "top_up",
    "withdrawal",
    "transfer",
    "refused",
    "held",
    "not_me",
    "stolen_account",
    "sign_in",
    "fees",
    "complaint",
    "other",
]
EventKind = Literal[
    "opened",
    "diagnosis",
    "message",
    "note",
    "state",
    "assigned",
    "released",
    "rated",
    "reopened",
    "late",
    "sorted",
    "escalated",
    "merged",
    "reminded",
    "call",
    "proof",
    "action",
    "reported",
]
Turn = Literal["us", "customer", "third_party", "nobody"]
# Whose answer a case waits for when it is a third party's turn.
WaitsFor = Literal["bank", "gateway", "merchant", "payee", "police", "other"]
WAITS_FOR: tuple[WaitsFor, ...] = ("bank", "gateway", "merchant", "payee", "police", "other")
Author = Literal["customer", "staff", "system"]
QueueFilter = Literal["unassigned", "mine", "waiting", "escalated", "all"]

AnnouncementKind = Literal["policy", "fees", "outage", "maintenance", "warning", "news"]
ANNOUNCEMENT_KINDS: tuple[AnnouncementKind, ...] = (
    "policy",
    "fees",
    "outage",
    "maintenance",
    "warning",
    "news",
)

CATEGORIES: tuple[Category, ...] = (
    "top_up",
    "withdrawal",
    "transfer",
    "refused",
    "held",
    "not_me",
    "stolen_account",
    "sign_in",
    "fees",
    "complaint",
    "other",
)


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A file that belongs to a case; its bytes are read through the door, never by address."""

    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_audio(self) -> bool:
        return self.content_type.startswith("audio/")


@dataclass(frozen=True, slots=True)
class MessageView:
    """Plain text as it was written, secrets already masked; escaped when it is shown."""

    id: UUID
    author: Author
    author_id: str
    words: str
    internal: bool
    masked: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of a case's timeline: what happened, to be put into words by whoever shows it."""

    sequence: int
    kind: EventKind
    at: datetime
    actor_kind: str
    actor_id: str
    facts: dict[str, Any]
    message: MessageView | None


@dataclass(frozen=True, slots=True)
class LinkView:
    kind: str
    id: UUID
    reference: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Whose turn it is, by when, and how far the case has come (0 received, 1 working, 2 answered, 3 solved)."""

    turn: Turn
    since: datetime | None
    by_when: datetime | None
    late: bool
    step: int
    # Who the third party is whose turn it is, by when they have it.
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as one line of a list."""

    id: UUID
    reference: str
    customer: UUID
    category: Category
    state: CaseState
    priority: int
    assigned_to: UUID | None
    opened_at: datetime
    last_activity_at: datetime
    progress: Progress
    answer_waiting: bool
    operation_reference: str | None
    preview: str
    escalated: bool = False


@dataclass(frozen=True, slots=True)
class ClockView:
    """One thing that a case owes: by when, or that its time stands still; `source` is the law or promise it is from."""

    metric: str
    state: str
    due_at: datetime | None
    late: bool
    told: bool
    source: str


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A time that the customer was told, and what became of it: open, kept, broken or void."""

    what: str
    told_at: datetime
    by_when: datetime
    state: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One start, pause or end of a clock, and when it was due after that."""

    id: UUID
    at: datetime
    metric: str
    kind: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class PromiseStep:
    """A time that was told (open), or how it ended (kept, broken)."""

    id: UUID
    at: datetime
    what: str
    by_when: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a form and left."""

    fields: Mapping[str, str]
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class Slot:
    """A quarter of an hour in which somebody can call."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CallbackView:
    """A booked call: when, how often it was tried, and who calls from which of our numbers."""

    id: UUID
    case: str
    customer: UUID
    category: str
    state: str
    starts_at: datetime
    ends_at: datetime
    tries: int
    tries_max: int
    staff: UUID | None
    badge: str
    number: str
    holder: UUID | None
    language: str


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """What customers said about one agent's cases; `staff` is None for all together."""

    staff: UUID | None
    answers: int
    rating: float
    solved_percent: int | None
    effort: float | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case in full, for one audience: a customer's view carries no internal notes."""

    row: CaseRow
    events: tuple[EventView, ...]
    links: tuple[LinkView, ...]
    diagnosis: dict[str, Any] | None
    follows: str | None
    language: str
    first_reply_at: datetime | None
    resolved_at: datetime | None
    rating: int | None
    rating_words: str
    may_reply: bool
    may_rate: bool
    reopen_until: datetime | None
    may_reopen: bool
    answers: Mapping[str, str] = field(default_factory=dict)
    clocks: tuple[ClockView, ...] = ()
    promises: tuple[PromiseView, ...] = ()
    may_escalate: bool = False
    may_withdraw: bool = False
    merged_into: str | None = None
    solved: bool | None = None
    effort: int | None = None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many cases each filter of the queue holds."""

    unassigned: int
    mine: int
    waiting: int
    escalated: int
    all: int


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a counter is open at a moment, and when that next changes."""

    open: bool
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactRegion:
    """The channels that are answered in a region; a channel nobody answers is None."""

    code: str
    name: dict[str, str]
    time_zone: str
    hotline: str | None
    email: str | None
    hours: tuple[Hours, ...]
    state: OpenState


@dataclass(frozen=True, slots=True)
class ChannelView:
    """Something of ours that is published; `state` is None where nobody answers at hours."""

    kind: str
    value: str
    name: dict[str, str]
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    sha256: str
    state: OpenState | None


@dataclass(frozen=True, slots=True)
class ReportedContact:
    """A false contact that people told us of, however many they were."""

    id: UUID
    text: str
    words: str
    kind: str
    answer: str
    people: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an excerpt, and whether it is what the reader searched for."""

    text: str
    matched: bool


@dataclass(frozen=True, slots=True)
class ArticleHit:
    slug: str
    title: tuple[Passage, ...]
    excerpt: tuple[Passage, ...]
    topics: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a long article: its anchor and heading."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article; `html` is sanitised, its live answers and `page:` addresses still to be filled in for the reader."""

    slug: str
    language: str
    title: str
    summary: str
    html: str
    topics: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    related: tuple[str, ...] = ()
    updated: date | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class ArticleRank:
    """One line of a ranking, without marks: what `guitai search` prints."""

    slug: str
    topics: tuple[str, ...]
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class LoadedArticles:
    """`kept` counts texts that came as drafts because staff have written their own."""

    added: int
    changed: int
    removed: int
    kept: int = 0


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """An article as staff see it in their list: what is in force, what waits, whether it helps."""

    slug: str
    language: str
    title: str
    topics: tuple[str, ...]
    audience: str
    version: int
    origin: Literal["file", "staff"]
    withdrawn: bool
    waiting: int
    publish_at: datetime | None
    readings: int
    helped: int
    not_helped: int


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of an article, with everything that was written in it."""

    slug: str
    language: str
    number: int
    state: Literal["draft", "scheduled", "published", "withdrawn"]
    origin: Literal["file", "staff"]
    author: UUID | None
    note: str
    created_at: datetime
    publish_at: datetime | None
    published_at: datetime | None
    in_force: bool
    title: str
    summary: str
    topics: tuple[str, ...]
    keywords: tuple[str, ...]
    related: tuple[str, ...]
    audience: str
    position: int
    updated: date
    markdown: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that found nothing, asked by several; never who asked."""

    words: str
    language: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchBench:
    """How often the right article came first, or among the first three, of a labelled set of questions."""

    language: str
    part: Literal["tuned", "held_out", "all"]
    with_meaning: bool
    questions: int
    hit_1: float
    hit_3: float
    milliseconds: float
