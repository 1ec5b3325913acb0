"""What passes through the door of rails. Frozen values; amounts in minor units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from guitai.base.money import Money
from guitai.base.refusal import Fact

OrderState = Literal["starting", "awaiting_payment", "paid"]
# received: stored, not judged · waiting: its order is not known yet, looked at again by itself
# settled: its effect is done · duplicate: said before · exception: genuine, needs a person
# refused: not genuine, or not readable
InboxState = Literal["received", "waiting", "settled", "duplicate", "exception", "refused"]


@dataclass(frozen=True, slots=True)
class Quote:
    """What a way in costs and how long it takes, before anything is started."""

    rail: str
    amount: Money
    fee: Money
    usual_arrival: timedelta


@dataclass(frozen=True, slots=True)
class TopUpOrder:
    """A top-up as a rail is asked for it."""

    order_reference: str
    amount: Money
    notify_url: str


@dataclass(frozen=True, slots=True)
class Instructions:
    """How a customer pays: to whom, where, with which reference, until when."""

    payee_name: str
    payee_account: str
    bank_name: str
    reference: str
    pay_url: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Payout:
    """A payment out, as a rail is asked for it."""

    order_reference: str
    amount: Money
    payee_name: str
    payee_account: str


@dataclass(frozen=True, slots=True)
class RailAnswer:
    """What a rail says about an order when asked."""

    order_reference: str
    state: Literal["not_found", "unpaid", "paid"]
    paid: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A rail's notice that money arrived, read and known to be genuine."""

    notice_id: str
    bank_reference: str
    payment_reference: str
    amount_minor: int
    currency: str
    payee_account: str
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booked line of an account statement."""

    account: str
    amount: Money
    credit: bool
    bank_reference: str
    remittance: str


@dataclass(frozen=True, slots=True)
class InboxReceipt:
    """Proof that a message from outside is stored: it can no longer be lost."""

    id: UUID
    received_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """A stored message from outside and what became of it."""

    id: UUID
    rail: str
    state: InboxState
    code: str | None
    facts: Mapping[str, Fact]
    order_reference: str | None
    payment_reference: str
    bank_reference: str | None
    amount_minor: int | None
    currency: str | None
    received_at: datetime
    judged_at: datetime | None
    attempts: int
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class RailRecord:
    """Everything rails knows about one order: for traces."""

    id: UUID
    rail: str
    order_reference: str
    state: OrderState
    amount: Money
    instructions: Instructions | None
    created_at: datetime
    instructed_at: datetime | None
    paid_at: datetime | None
    bank_reference: str | None
    notices: tuple[NoticeRecord, ...]


class Rail(Protocol):
    """One way in or out. A verb that a rail does not have refuses rail_unsupported."""

    code: str

    def quote(self, amount: Money) -> Quote:
        """The fee and usual time of arrival."""

    def start_top_up(self, order: TopUpOrder) -> Instructions:
        """Ask for a payment in; the same order again gives the same instructions."""

    def start_payout(self, payout: Payout) -> None:
        """Ask for a payment out."""

    def query(self, order_reference: str) -> RailAnswer:
        """Ask what became of an order."""

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        """Read a message once it is known to be genuine; refuses bad_signature, malformed."""

    def parse_statement(self, content: bytes) -> Iterable[StatementLine]:
        """Read an account statement."""
