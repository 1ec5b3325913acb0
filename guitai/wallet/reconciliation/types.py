"""What reconciliation takes and gives: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from guitai.base.money import Money
from guitai.base.refusal import Fact

# credit_operation: it is what this top-up waits for · credit_customer: it is this customer's · return: to its payer
# write: interest or charges · match: it is this operation's movement, which is booked already
ItemAction = Literal["credit_operation", "credit_customer", "return", "write", "match"]
ItemState = Literal["open", "proposed", "returning", "matched", "assigned", "returned", "written", "reversed"]
Cause = Literal[
    "solved", "arrived", "platform_fault", "being_checked", "wrong_reference", "different_amount", "paid_by_another",
    "bank_delay", "unpaid",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemView:
    """A line that somebody has to settle, as the queue shows it: nothing about its payer."""

    id: UUID
    line_id: int
    rail: str
    credit: bool
    reversal: bool
    amount: Money | None
    amount_text: str
    booked_on: date | None
    bank_reference: str
    code: str
    names: str
    held: bool
    state: ItemState
    proposed_action: str
    proposed_target: str
    proposed_reason: str
    proposed_by: str
    proposed_at: datetime | None
    problem: str
    came_at: datetime


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A top-up that the money may be for, its score, and what the score is made of."""

    reference: str
    owner: UUID
    owner_masked: str
    amount: Money
    started_at: datetime
    state: str
    score: int
    parts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """A line in full for whoever settles it; the look is recorded."""

    view: ItemView
    account: str
    payer: str
    payer_account: str
    words: str
    candidates: tuple[CandidateView, ...]
    actions: tuple[ItemAction, ...]


@dataclass(frozen=True, slots=True)
class MatchView:
    """A line that is a movement in the books, and why."""

    line_id: int
    transfer_id: UUID
    operation_id: UUID
    rule: str
    facts: Mapping[str, Fact]
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class MatchingView:
    """How far a statement file's lines are matched."""

    file_id: UUID
    lines_total: int
    lines_seen: int
    matched: int
    credited: int
    written: int
    held: int
    open: int
    started_at: datetime
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        if self.finished_at is not None or not self.lines_total:
            return 100
        return min(99, 100 * self.lines_seen // self.lines_total)


@dataclass(frozen=True, slots=True)
class CloseItemView:
    """A part of a day's difference, signed: what the books have more than the bank because of it."""

    kind: str
    amount: Money
    reference: str
    since: date | None
    line_id: int | None
    explained: bool


@dataclass(frozen=True, slots=True)
class CloseView:
    """A rail's day in one currency."""

    id: UUID
    rail: str
    currency: str
    day: date
    state: Literal["draft", "prepared", "signed"]
    books: tuple[Money, Money, Money, Money]
    bank: tuple[Money, Money, Money, Money]
    has_statement: bool
    difference: Money
    unexplained: Money
    computed_at: datetime
    prepared_by: str
    signed_by: str
    signed_at: datetime | None
    note: str
    items: tuple[CloseItemView, ...] = field(default=())

    @property
    def agrees(self) -> bool:
        """Whether the books and the bank differ by nothing that somebody has to look at."""
        return not self.unexplained


@dataclass(frozen=True, slots=True)
class Safeguarding:
    """What the house owes to customers in one currency beside what it has for them."""

    currency: str
    customers: Money
    transit: Money
    suspense: Money
    settlement: Mapping[str, Money]
    reserve: Money

    @property
    def owed(self) -> Money:
        return self.customers + self.transit + self.suspense

    @property
    def held(self) -> Money:
        return sum(self.settlement.values(), Money(0, self.currency)) + self.reserve

    @property
    def surplus(self) -> Money:
        """What is there beyond what is owed; negative is a shortfall."""
        return self.held - self.owed


@dataclass(frozen=True, slots=True)
class TopUpAnswer:
    """Where a top-up is that has not arrived, in a cause and its facts; never anything about anybody else."""

    cause: Cause
    # The customer's own top-up that it is about, if there is one.
    reference: str | None
    facts: Mapping[str, Fact]
    by_when: datetime | None = None


@dataclass(frozen=True, slots=True)
class SlipView:
    """A slip as staff see it before they open it: its sender masked."""

    id: UUID
    owner_masked: str
    amount: Money
    paid_on: date
    sent_at: datetime
    name: str
