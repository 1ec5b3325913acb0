"""What the wallet's door takes and gives: frozen values, no models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.wallet.adjustment_types import Decided, FeePaid
from guitai.wallet.disputed_types import ClaimView, Proposal, Verdict
from guitai.wallet.fee_types import PublishedFee
from guitai.wallet.reconciliation.types import (
    CandidateView,
    Cause,
    CloseItemView,
    CloseView,
    ItemAction,
    ItemDetail,
    ItemView,
    MatchingView,
    MatchView,
    Safeguarding,
    SlipView,
    TopUpAnswer,
)
from guitai.wallet.reserve.types import ReserveRequestView
from guitai.wallet.rules.corrections import CORRECTIONS, CorrectionReason
from guitai.wallet.rules.policies import Fee, Limited
from guitai.wallet.withdrawal_types import RecallView, WayOut, WithdrawalView

__all__ = [
    "CORRECTIONS",
    "CandidateView",
    "Cause",
    "ClaimView",
    "CloseItemView",
    "CloseView",
    "CorrectionReason",
    "Decided",
    "FeePaid",
    "ItemAction",
    "ItemDetail",
    "ItemView",
    "Limited",
    "MatchView",
    "MatchingView",
    "Proposal",
    "PublishedFee",
    "RecallView",
    "ReserveRequestView",
    "Safeguarding",
    "SlipView",
    "TopUpAnswer",
    "Verdict",
    "WayOut",
]

# receipt: of the house alone, for what a statement shows and nobody was given yet
OperationKind = Literal[
    "top_up", "transfer", "withdrawal", "receipt", "reserve", "adjustment", "claim", "chargeback"
]
OperationState = Literal[
    "awaiting_payment", "processing", "held", "sent", "succeeded",
    "refused", "failed", "returned", "expired", "unknown", "cancelled",
]  # fmt: skip
Direction = Literal["in", "out"]
Audience = Literal["customer", "agent", "article"]
FINAL_STATES = frozenset({"succeeded", "refused", "failed", "returned", "expired", "cancelled"})


@dataclass(frozen=True, slots=True)
class Balance:
    """What a customer has in one currency: `available` can be spent now, `reserved` is on its way out."""

    currency: str
    available: Money
    reserved: Money


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that it is the owner who pays: the payment PIN, or a passkey's answer for this very payment."""

    pin: str | None = None
    passkey: str | None = None


LimitWindow = Literal["once", "day", "month"]


@dataclass(frozen=True, slots=True)
class LimitView:
    """One limit of a customer: at once, a calendar day or a calendar month."""

    kind: str
    window: LimitWindow
    currency: str
    limit: Money
    used: Money
    remaining: Money
    next_tier_limit: Money | None


@dataclass(frozen=True, slots=True)
class OperationView:
    """One line of a customer's bills, as that customer may see it."""

    id: UUID
    reference: str
    kind: OperationKind
    direction: Direction
    state: OperationState
    amount: Money
    fee: Money
    counterparty: str
    note: str
    created_at: datetime
    resolves_by: datetime | None
    code: str | None
    facts: Mapping[str, Fact]
    # By which way it came in or goes out; empty for what stays inside.
    rail: str = ""


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One moment in an operation's life: a code with facts, put into words where it is shown."""

    at: datetime
    code: str
    facts: Mapping[str, Fact]
    state: OperationState


@dataclass(frozen=True, slots=True)
class OperationMoment:
    """One moment in the life of one of several operations."""

    id: UUID
    at: datetime
    reference: str
    kind: OperationKind
    direction: Direction
    rail: str
    amount: Money
    event: str


@dataclass(frozen=True, slots=True)
class TraceStep:
    """Where the movement can be found: in the wallet, the ledger, the rail or at the bank."""

    at: datetime
    what: str
    source: Literal["wallet", "ledger", "rail", "bank", "risk"]
    ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why an operation is as it is: the rule, what it looked at, and what happens next.

    `headline`, `reason` and `next_step` are rendered for the reader; everything else is data and can be stored.
    """

    operation_id: UUID
    reference: str
    rule: str
    inputs: Mapping[str, Fact]
    ledger_ids: tuple[str, ...]
    headline: str
    reason: str
    next_step: str
    next_url: str | None
    by_when: datetime | None
    audience: Audience
    disclosure: Literal["open", "limited"]


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a ledger transfer that belongs to an operation."""

    transfer_id: str
    debit: str
    credit: str
    amount: Money
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OperationDetail:
    owner: UUID
    view: OperationView
    timeline: tuple[TimelineStep, ...]
    trace: tuple[TraceStep, ...]
    diagnosis: Diagnosis
    legs: tuple[Leg, ...]
    # As the rail gave them: `method` says which of the rest matter; a form's fields are a mapping in it.
    instructions: Mapping[str, Any] | None = None
    withdrawal: WithdrawalView | None = None


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would happen: the same answer as the real run, without moving anything."""

    outcome: Literal["approved", "held", "refused"]
    code: str | None
    facts: Mapping[str, Fact]
    amount: Money
    fee: Money
    total: Money
    remaining_today: Money | None
    needs_pin: bool
    payee_phone: str
    payee_hint: str
    first_time: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What a review promised: how it would end, and the fee."""

    outcome: str
    fee: Money


@dataclass(frozen=True, slots=True)
class StandingTransfer:
    """How somebody pays in at any time: to the operator's account with a reference of their own, or to a number of
    their own, which needs none."""

    payee_name: str
    account: str
    bank_name: str
    bic: str
    reference: str
    own_account: str | None
    currency: str


@dataclass(frozen=True, slots=True)
class TopUpChoice:
    """A way in that a customer may use now; `maximum` is what the rail and the customer's limits leave, if any do."""

    rail: str
    currency: str
    minimum: Money
    # The rail's own bound, and what is left under it of the customer's limits too.
    rail_maximum: Money | None
    maximum: Money | None
    fee: Fee | None
    usual_arrival: timedelta
    state: Literal["ok", "slow", "down"]


@dataclass(frozen=True, slots=True)
class TimeTold:
    """By when somebody was told that money arrives or its outcome is known; kept or void once it has ended."""

    owner: UUID
    state: Literal["open", "kept", "void"]
    by_when: datetime | None


@dataclass(frozen=True, slots=True)
class ParkedView:
    """A payment that came and did not fit its top-up, and what is being done with it; for staff."""

    id: UUID
    operation_id: UUID
    reference: str
    owner: UUID
    rail: str
    code: str
    amount: Money | None
    expected: Money
    bank_reference: str
    inbox_id: str
    state: Literal["open", "returning", "credited", "returned"]
    came_at: datetime
    proposed_action: str
    proposed_by: str
    proposed_reason: str
    proposed_at: datetime | None
    decided_by: str
    refund_reference: str | None
    refused_code: str
    # When its owner was asked for an account, and which of their bound ones they have named.
    asked_at: datetime | None = None
    return_account: UUID | None = None


@dataclass(frozen=True, slots=True)
class ParkedDetail:
    """A payment that did not fit, with who paid it; the look is recorded."""

    view: ParkedView
    # As a statement's line names them; empty while no statement does.
    payer: str
    payer_account: str
    words: str
    line_id: int | None
    # The account that its owner has named, masked.
    named: str

    @property
    def is_payer_known(self) -> bool:
        """Whether it can be sent back to the account that paid it."""
        return bool(self.payer and self.payer_account)


@dataclass(frozen=True, slots=True)
class Repeat:
    """What an operation takes to be done once more, as its owner entered it."""

    phone: str
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class HeldOperation:
    """A movement that waits for a decision: what staff see in the list of holds."""

    id: UUID
    reference: str
    owner: UUID
    amount: Money
    code: str
    facts: Mapping[str, Fact]
    created_at: datetime
    resolves_by: datetime | None
    diagnosis: Diagnosis | None = field(default=None)


@dataclass(frozen=True, slots=True)
class PublishedLimit:
    """What people of an identity tier may move of a kind in a currency; None is no limit of that sort."""

    tier: int
    kind: str
    currency: str
    once: Money | None
    day: Money | None
    month: Money | None


@dataclass(frozen=True, slots=True)
class PublishedArrival:
    """In how many bank days a withdrawal arrives at some banks, named by words; without any, at every other.

    By a way that is asked online, which `rail` names, in how many days.
    """

    banks: tuple[str, ...]
    first_days: int
    last_days: int
    rail: str = "bank"


@dataclass(frozen=True, slots=True)
class PublishedTerms:
    """What counts for everybody now: limits, fees, and how long things may stay open."""

    limits: tuple[PublishedLimit, ...]
    transfer_fees: tuple[PublishedFee, ...]
    unclaimed_hours: int
    held_hours: int
    top_up_minutes: int
    withdrawal_fees: tuple[PublishedFee, ...] = ()
    withdrawal_arrivals: tuple[PublishedArrival, ...] = ()
    # Until what time of the promised day.
    withdrawal_by: str = ""
