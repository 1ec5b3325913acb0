"""What passes through the door of the room care. Everything is frozen; nothing is a model."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

CaseState = Literal[
    "new", "triaged", "in_progress", "waiting_customer", "waiting_third_party", "resolved", "closed"
]
Category = Literal[
    "top_up",
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
    "opened", "diagnosis", "message", "note", "state", "assigned", "released", "rated", "reopened"
]
Turn = Literal["us", "customer", "third_party", "nobody"]
Author = Literal["customer", "staff", "system"]
QueueFilter = Literal["unassigned", "mine", "waiting", "all"]

CATEGORIES: tuple[Category, ...] = (
    "top_up",
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


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many cases each filter of the queue holds."""

    unassigned: int
    mine: int
    waiting: int
    all: int


@dataclass(frozen=True, slots=True)
class OpenInterval:
    """An interval of a week: ISO weekdays (Monday is 1) and minutes after local midnight."""

    days: frozenset[int]
    opens: int
    closes: int


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
    intervals: tuple[OpenInterval, ...]
    state: OpenState


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
class ArticleView:
    """An article; `html` was rendered and sanitised when it was loaded."""

    slug: str
    language: str
    title: str
    summary: str
    html: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadedArticles:
    added: int
    changed: int
    removed: int
