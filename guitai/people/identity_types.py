"""What crosses the door about identity, bound accounts and one's own data; given out by `people.types`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from guitai.people.rules.accounts import AccountKind
from guitai.people.rules.documents import DocumentKind
from guitai.people.rules.names import Match

ReviewState = Literal[
    "waiting", "claimed", "second_look", "better_photos", "approved", "refused", "withdrawn"
]
Photo = Literal["front", "back", "selfie"]
PHOTOS: tuple[Photo, ...] = ("front", "back", "selfie")
# Why photos are not enough, or the answer is no; each says what to do.
BetterReason = Literal[
    "photo_blurred", "photo_cut_off", "photo_glare", "photo_wrong_side", "selfie_unlike", "photo_copy"
]
RefuseReason = Literal[
    "number_differs",
    "name_differs",
    "face_differs",
    "document_expired",
    "document_altered",
    "document_unknown",
]


@dataclass(frozen=True, slots=True)
class IdentityClaim:
    """Who somebody says they are, as it stands in their document."""

    kind: str
    country: str
    number: str
    name: str
    birth: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a person stands with their identity, as they may see it themselves: the number is masked."""

    person: UUID
    tier: int
    kind: DocumentKind | None = None
    country: str = ""
    number: str = ""
    name: str = ""
    expires_on: date | None = None
    verified_at: datetime | None = None
    minor: bool = False
    tier_max: int = 2
    review: "ReviewView | None" = None
    # Whether a new document may be given because this one ends.
    ends_soon: bool = False


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as the customer sees it."""

    id: UUID
    state: ReviewState
    sent_at: datetime
    due_at: datetime
    decided_at: datetime | None
    reason: str
    words: str
    turn: int


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review in the staff's queue: masked."""

    id: UUID
    person: UUID
    name: str
    state: ReviewState
    kind: str
    country: str
    sent_at: datetime
    due_at: datetime
    claimed_by: UUID | None
    first_by: UUID | None
    turn: int
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewWork:
    """A review in full, for whoever has claimed it."""

    line: ReviewLine
    number: str
    name: str
    birth: str
    declared_expiry: date | None
    photos: tuple[Photo, ...]
    reading: "Reading | None"
    needs_second: bool
    first_expiry: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What our own machine read from a photo, for the reviewer to confirm; empty where it read nothing."""

    lines: tuple[str, ...] = ()
    number: str = ""
    name: str = ""
    birth: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer decides. `expires_on` None is a document that does not end."""

    what: Literal["approve", "refuse", "better_photos"]
    reason: str = ""
    words: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class BoundAccount:
    """An account that withdrawals may go to, as anybody but the rail may see it."""

    id: UUID
    person: UUID
    kind: AccountKind
    country: str
    bank: str
    masked: str
    holder: str
    name_match: Match
    bound_at: datetime
    usable_at: datetime
    confirmed_at: datetime | None
    usable: bool


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """An account in full, for the rail that pays to it."""

    id: UUID
    kind: AccountKind
    country: str
    number: str
    code: str
    holder: str
    bank: str


@dataclass(frozen=True, slots=True)
class AccountClaim:
    """An account as a person enters it."""

    kind: str
    number: str
    holder: str
    code: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a person's data, or one act on it, by somebody else."""

    id: int
    at: datetime
    action: str
    who: str
    purpose: str
    purpose_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ExportView:
    """A copy of one's data: on its way, ready, or over."""

    id: UUID
    state: Literal["waiting", "ready", "expired"]
    asked_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody gives to show that it is still them: the password, or the payment PIN."""

    password: str = ""
    pin: str = ""
