"""What passes through the door of the desk: other rooms' facts, joined for one screen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from guitai.base.money import Money
from guitai.care.types import CaseRow, CaseView, EventView, QueueCounts, QueueFilter
from guitai.people.types import MaskedProfile, Profile, Standing
from guitai.wallet.types import HeldOperation, OperationDetail

ActionName = Literal["take", "release", "reply", "note", "resolve", "release_hold", "decline_hold"]
# Why an action is not offered now: another holds the case, it is over, or the role does not reach so far.
Need = Literal["", "take_first", "held_by_colleague", "case_ended", "supervisor"]
FoundKind = Literal["case", "operation"]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A case as one line of the queue, with what an agent may see of its customer."""

    row: CaseRow
    customer: str
    holder: str
    percent: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue under a filter."""

    filter: QueueFilter
    lines: tuple[QueueLine, ...]
    counts: QueueCounts
    cursor: str | None
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Action:
    """Something an agent may do with a case, or what it still needs."""

    name: ActionName
    allowed: bool
    needs: Need


@dataclass(frozen=True, slots=True)
class Workspace:
    """Everything about a case on one screen: what was said, what the books say, what may be done."""

    case: CaseView
    customer: MaskedProfile
    standing: Standing
    operation: OperationDetail | None
    names: dict[str, str]
    actions: dict[str, Action]
    opened_before: int
    full: Profile | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a reference leads to; an operation leads to a case about it when there is one."""

    kind: FoundKind
    reference: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A movement that waits for a decision."""

    operation: HeldOperation
    owner: str
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """A message of a rail that moved nothing, waiting for a person."""

    id: UUID
    rail: str
    received_at: datetime
    state: str
    code: str
    order_reference: str
    amount: str


@dataclass(frozen=True, slots=True)
class Acted:
    """What became of a wish for a service action: done, or open until a second person decides."""

    state: str
    approval: UUID


@dataclass(frozen=True, slots=True)
class ActionOffer:
    """A service action on the case screen: what it needs, what is missing, why it is not possible."""

    name: str
    title: str
    icon: str
    danger: bool
    proof: int
    proof_missing: bool
    second: str
    permitted: bool
    missing: str
    waiting: UUID | None


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """A wish for a service action, as both persons see it."""

    id: UUID
    case: str
    customer: UUID
    action: str
    facts: dict[str, Any]
    reason: str
    proof_level: int
    needs_second: bool
    state: str
    maker: UUID
    maker_name: str
    checker_name: str
    decision_reason: str
    asked_at: datetime
    expires_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondLine:
    """Something that one person has asked for in another room and others decide: claims here, the rest there."""

    kind: Literal["claim", "parked", "receipt", "close", "settings", "identity", "reserve"]
    id: UUID
    about: str
    action: str
    amount: Money | None
    reason: str
    maker: str
    maker_name: str
    asked_at: datetime
    decide_by: datetime | None
    case: str
    # What several people sign has its signatures so far, and how many it needs.
    signed: int = 0
    needed: int = 0


@dataclass(frozen=True, slots=True)
class GlassView:
    """A look without a case, and whether somebody else has looked at it since."""

    id: UUID
    staff: UUID
    staff_name: str
    customer_name: str
    reason: str
    opened_at: datetime
    expires_at: datetime
    reviewed_at: datetime | None
    reviewer_name: str
    verdict: str
    review_words: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of everything that happened around a case: of the case, the money, the account or its sign-ins."""

    at: datetime
    key: UUID
    sort: str
    title: str
    detail: str
    who: str = ""
    event: EventView | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of moments, oldest first; `earlier` leads to what came before it."""

    moments: tuple[Moment, ...]
    names: dict[str, str]
    earlier: str | None


@dataclass(frozen=True, slots=True)
class ClockLine:
    """Something that the case owes, as a ring."""

    title: str
    due_at: datetime | None
    percent: int
    state: str
    late: bool
