"""What the wallet's door says about withdrawals: frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.wallet.fee_types import PublishedFee


@dataclass(frozen=True, slots=True)
class CardPayment:
    """A top-up by card that was paid, and what of it has gone back or may."""

    operation_id: UUID
    reference: str
    paid_at: datetime
    paid: Money
    refunded: Money
    # What withdrawals have sent back of it or are about to, those that wait for a check included.
    withdrawn: Money
    disputed: bool
    # Until when it takes money back.
    until: datetime
    brand: str
    last4: str
    # What may still go back, by the rules and the books as they were looked at.
    left: Money

    def left_beside(self, withdrawn: int) -> Money:
        """What is left of it beside so much that withdrawals take."""
        return Money(max(self.paid.minor - self.refunded.minor - withdrawn, 0), self.paid.currency)


@dataclass(frozen=True, slots=True)
class Destination:
    """An account or a payment that a withdrawal may go to, as anybody but the rail may see it."""

    id: UUID
    kind: str
    bank: str
    masked: str
    holder: str
    bound_at: datetime
    usable_at: datetime
    usable: bool
    payment: CardPayment | None = None


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way to an account in a currency: what it costs and carries, and what it would promise now."""

    rail: str
    currency: str
    fee: PublishedFee
    minimum: Money
    # What the rail carries at once, and what of it the customer's own limits leave now; None: no bound.
    rail_maximum: Money | None
    maximum: Money | None
    leaves_at: datetime
    earliest_at: datetime
    latest_at: datetime
    cut_off_at: datetime | None
    state: Literal["ok", "slow", "down"]
    # Whether the account that it pays from holds anything that could leave.
    funded: bool
    # What the customer took to this account the last time; the first, where there was none. Never one without funds
    # beside one that has some.
    usual: bool


@dataclass(frozen=True, slots=True)
class WithdrawalQuote:
    """What a withdrawal would do now: the same answer as the real one, without moving anything.

    `amount` is what arrives, `total` what leaves the wallet. `cut_off_at` is until when it leaves today.
    """

    outcome: Literal["approved", "held", "refused"]
    code: str | None
    facts: Mapping[str, Fact]
    account: Destination | None
    amount: Money
    fee: Money
    total: Money
    remaining_today: Money | None
    leaves_at: datetime
    earliest_at: datetime
    latest_at: datetime
    cut_off_at: datetime | None
    # How many wait to leave, whether that is more than usual, and how the bank connection is.
    waiting: int
    busy: bool
    rail_state: Literal["ok", "slow", "down"] = "ok"
    rail: str = "bank"
    # How long its owner has to confirm it where it arrives, once it has left us; afterwards it comes back. None: they
    # are not asked.
    confirm_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class WithdrawalView:
    """A withdrawal besides its operation: to where, what was promised, how far it has come."""

    operation_id: UUID
    rail: str
    account: UUID
    bank: str
    masked: str
    stage: Literal["held", "queued", "sent", "accepted", "ended"]
    queued_at: datetime | None
    earliest_at: datetime | None
    promised_at: datetime | None
    ended_at: datetime | None
    # How many leave before it while it waits.
    ahead: int
    can_cancel: bool
    # Until when its owner has to confirm it where it arrives, while they have to; afterwards it comes back.
    confirm_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class RecallView:
    """A withdrawal that had left when its wallet was frozen, and how far calling it back has come."""

    operation_id: UUID
    reference: str
    amount: Money
    # Bank and masked number.
    account: str
    wanted_at: datetime
    ask_by: datetime
    asked_at: datetime | None
    bank_number: str
    outcome: Literal["", "left", "came_back"]
    ended_at: datetime | None
