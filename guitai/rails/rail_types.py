"""What passes through the door about rails themselves; `types.py` has it too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from guitai.base.money import Money
from guitai.base.refusal import Fact

# queued: not asked for yet · asked: what became of it is not known yet
RefundState = Literal["queued", "asked", "accepted", "done", "rejected"]
Direction = Literal["in", "out"]
# ok: as promised · slow: it answers late, or not always · down: it does not answer, what is queued waits
HealthState = Literal["ok", "slow", "down"]


@dataclass(frozen=True, slots=True)
class RefundRecord:
    """A refund as rails knows it: for traces."""

    id: UUID
    rail: str
    order_reference: str
    refund_reference: str
    amount: Money
    state: RefundState
    code: str | None
    rail_code: str | None
    bank_reference: str | None
    queued_at: datetime
    asked_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RailFee:
    """What the rail charges us: for information. What a customer pays, the wallet decides."""

    fixed: int
    per_10000: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What a way in costs and how long it takes, before anything is started."""

    rail: str
    amount: Money
    fee: Money
    usual_arrival: timedelta


@dataclass(frozen=True, slots=True)
class RailOffer:
    """A way in or out that is set up, switched on, and takes a currency."""

    rail: str
    direction: Direction
    currency: str
    minimum: Money
    maximum: Money | None
    usual_arrival: timedelta
    state: HealthState
    fee: RailFee | None = None


@dataclass(frozen=True, slots=True)
class RailHealth:
    """How a rail is, and what that means for what waits."""

    rail: str
    state: HealthState
    # When it came into this state; None when it was never called.
    since: datetime | None
    # Payments out and refunds that wait for their turn; the one that has waited longest.
    queue_length: int
    oldest_waiting: datetime | None
    # How much later than usual something that is asked for now will leave. Zero: as promised.
    expected_delay: timedelta
    last_answer_at: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class RailCheck:
    """What trying a connection came to: it answers, or what is wrong."""

    rail: str
    answers: bool
    problem: str | None
    took_ms: int


@dataclass(frozen=True, slots=True)
class SettingsVersion:
    """One publication of a rail's settings: who changed what, when; never a secret."""

    version: int
    published_by: str
    published_at: datetime
    note: str
    changed: tuple[str, ...]
    # Whoever put it in force, when somebody else had proposed it.
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class SettingsProposal:
    """A change that waits for a second person: the new values of what changes, of secrets only the names."""

    id: UUID
    rail: str
    version: int
    proposed_by: str
    proposed_at: datetime
    note: str
    changed: tuple[str, ...]
    values: Mapping[str, Fact]
    # Another version has come in force since it was written: it can only be declined.
    outdated: bool


@dataclass(frozen=True, slots=True)
class SettingsView:
    """A rail's settings as an operator sees them: a secret is only the day on which it was set."""

    rail: str
    version: int
    values: Mapping[str, Fact]
    secrets: Mapping[str, datetime | None]
    # Fields that are missing or cannot be used.
    problems: tuple[str, ...]
    history: tuple[SettingsVersion, ...]


class ReceivingAccount(Struct, frozen=True):
    """An account of the operator's that customers pay into at any time, without an order.

    Where the bank offers virtual accounts: what their numbers begin with, and how many digits it leaves to us.
    """

    currency: str
    name: Annotated[str, Meta(min_length=1, max_length=70)]
    account: Annotated[str, Meta(min_length=1, max_length=34)]
    bank_name: str = ""
    bic: str = ""
    virtual_prefix: Annotated[str, Meta(pattern=r"\A[0-9A-Z]{0,30}\Z")] = ""
    virtual_digits: Annotated[int, Meta(ge=0, le=16)] = 0

    def virtual_account(self, number: int) -> str | None:
        """The virtual account of that number; None where the bank offers none, or no more."""
        if not self.virtual_prefix or number >= 10**self.virtual_digits:
            return None
        return f"{self.virtual_prefix}{number:0{self.virtual_digits}}"

    def is_virtual(self, account: str) -> bool:
        """Whether a number is one of the virtual accounts."""
        own = account.removeprefix(self.virtual_prefix)
        return (
            bool(self.virtual_prefix) and len(own) == self.virtual_digits < len(account) and own.isdecimal()
        )


@dataclass(frozen=True, slots=True)
class PayeeBank:
    """A bank by its BIC, or by its number in a national clearing system (`CNAPS`)."""

    bic: str = ""
    clearing_system: str = ""
    clearing_number: str = ""


@dataclass(frozen=True, slots=True)
class PayoutDebtor:
    """The account of ours that payouts leave from."""

    name: str
    account: str
    bank: PayeeBank | None


@dataclass(frozen=True, slots=True)
class PaidWith:
    """What a payment was made with, as its payer knows it: the card's brand and its last four figures."""

    brand: str
    last4: str


@dataclass(frozen=True, slots=True)
class PaymentBack:
    """A payment that was made by a rail, and what of it refunds have sent back or are about to."""

    order_reference: str
    paid: Money
    paid_at: datetime
    refunded: Money
    paid_with: PaidWith | None


@dataclass(frozen=True, slots=True)
class PayoutConfirmation:
    """A payment out waits for its payee: until when, and what their page asks the rail with where it was told."""

    until: datetime
    package: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmationPage:
    """What a page of ours needs to ask the rail's app for the payee's word: its script, our signature, the wish."""

    script_url: str
    signed: Mapping[str, str]
    wish: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a rail wants to hear once its notice is safely stored."""

    status: int
    content_type: str
    body: bytes
    # The number and time of our receipt as JSON instead of `body`.
    with_receipt: bool = False
