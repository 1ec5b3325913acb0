"""What passes through the door of rails. Frozen values; amounts in minor units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import BinaryIO, Literal, Protocol
from uuid import UUID

from msgspec import Struct

from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.rails.rail_types import (
    Acknowledgement,
    ConfirmationPage,
    Direction,
    HealthState,
    PaidWith,
    PayeeBank,
    PaymentBack,
    PayoutConfirmation,
    PayoutDebtor,
    Quote,
    RailCheck,
    RailFee,
    RailHealth,
    RailOffer,
    ReceivingAccount,
    RefundRecord,
    RefundState,
    SettingsProposal,
    SettingsVersion,
    SettingsView,
)
from guitai.rails.rules.lines import is_return
from guitai.rails.statements.shape import StatementPart

__all__ = [
    "Acknowledgement",
    "ConfirmationPage",
    "Direction",
    "HealthState",
    "PaidWith",
    "PayeeBank",
    "PaymentBack",
    "PayoutConfirmation",
    "PayoutDebtor",
    "Quote",
    "RailCheck",
    "RailFee",
    "RailHealth",
    "RailOffer",
    "ReceivingAccount",
    "RefundRecord",
    "RefundState",
    "SettingsProposal",
    "SettingsVersion",
    "SettingsView",
]

# closed: nobody can pay it any more, as the rail said; money that comes all the same still makes it paid
OrderState = Literal["starting", "awaiting_payment", "paid", "closed"]
# transfer: to an account, with a reference · link: a page of the rail · form: fields to post to that page
# qr: a code that the rail's own app reads
PaymentMethod = Literal["transfer", "link", "form", "qr"]
# accepted: under way · done: it is so · rejected: it will not happen · returned: it left and came back
# unknown: ask again, and do not repeat
RailOutcome = Literal["accepted", "done", "rejected", "returned", "unknown"]
# receiving: being kept · received: whole, not read yet · importing: proved, its lines are being stored
StatementFileState = Literal["receiving", "received", "importing", "imported", "refused"]
# queued: not in a file yet, may be cancelled · filed: in a file, or about to be asked for online
# sent: the file is the bank's, or the rail was asked and what became of it is not known
# accepted: the bank will do it · settled: it left our account · rejected: it did not leave
# returned: it left and came back
PayoutState = Literal["queued", "filed", "sent", "accepted", "settled", "rejected", "returned", "cancelled"]
# received: stored, not judged · waiting: its order is not known yet, looked at again by itself
# settled: its effect is done · duplicate: said before · noted: genuine, and tells of no payment
# exception: genuine, needs a person
# refused: not genuine, or not readable
InboxState = Literal["received", "waiting", "settled", "duplicate", "noted", "exception", "refused"]


@dataclass(frozen=True, slots=True)
class TopUpOrder:
    """A top-up as a rail is asked for it."""

    order_reference: str
    amount: Money
    notify_url: str
    # Where the rail sends the payer's browser afterwards; what it says there proves nothing.
    return_url: str = ""
    # What the payer reads on the rail's page.
    subject: str = ""
    on_phone: bool = False
    # Where the payer's browser is: some rails open their page only there.
    payer_ip: str = ""


@dataclass(frozen=True, slots=True)
class Instructions:
    """How a customer pays: to whom, where, with which reference, until when.

    A rail without an account to pay to leaves the payee's fields empty and says by `method` what the payer does.
    """

    payee_name: str
    payee_account: str
    bank_name: str
    reference: str
    pay_url: str | None
    expires_at: datetime
    method: PaymentMethod = "transfer"
    form: Mapping[str, str] = field(default_factory=dict)
    qr: str | None = None


@dataclass(frozen=True, slots=True)
class Payout:
    """A payment out, as a rail is asked for it."""

    order_reference: str
    amount: Money
    payee_name: str
    payee_account: str
    payee_bank: PayeeBank | None = None
    remittance: str = ""
    # Where a rail that is asked online tells what became of it.
    notify_url: str = ""
    # The how-manieth time it is asked for: again only once the rail has said twice that it knows nothing of it.
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class PayoutBatch:
    """Payouts of one currency that leave together."""

    message_id: str
    made_at: datetime
    execution_on: date
    currency: str
    debtor: PayoutDebtor
    payouts: tuple[Payout, ...]
    version: Literal["03", "09"] = "09"
    charges: str = "SLEV"
    service_level: str = ""


@dataclass(frozen=True, slots=True)
class PayoutStatus:
    """What a bank says about a file of payouts, about one order in it, or about one payment."""

    message_id: str
    payment_information_id: str | None
    end_to_end_id: str | None
    status: str
    reason: str | None
    reason_text: str | None


@dataclass(frozen=True, slots=True)
class PayoutRecord:
    """A payout as rails knows it: for traces. The payee's name and account stay sealed."""

    id: UUID
    rail: str
    order_reference: str
    amount: Money
    state: PayoutState
    code: str | None
    iso_reason: str | None
    file_id: UUID | None
    message_id: str | None
    queued_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    settled_at: datetime | None
    ended_at: datetime | None
    returned: Money | None
    statement_entry: int | None
    # Of a rail that is asked online: when it was asked first, its own number, when it is asked again.
    asked_at: datetime | None = None
    bank_reference: str | None = None
    next_query_at: datetime | None = None
    # Until when its payee has to confirm it, while they have to.
    confirm_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RailAnswer:
    """What a rail says about an order when asked."""

    order_reference: str
    # failed: the rail has closed the order and it can no longer be paid
    state: Literal["not_found", "unpaid", "processing", "paid", "failed"]
    paid: tuple[Money, ...]
    # The payments in the shape of notices: a genuine answer proves as much as a notice does.
    payments: tuple["Notice", ...] = ()
    code: str | None = None


@dataclass(frozen=True, slots=True)
class PayoutAnswer:
    """What a rail says about one payment out, or about a refund, when asked online."""

    reference: str
    outcome: RailOutcome
    code: str | None = None
    # The rail's own code, for traces.
    rail_code: str | None = None
    bank_reference: str | None = None
    # Only while the payee has to confirm it.
    confirmation: PayoutConfirmation | None = None


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """Money back to whoever paid an order; `refund_reference` is ours and makes the wish repeatable."""

    order_reference: str
    bank_reference: str
    refund_reference: str
    paid: Money
    amount: Money


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


class NamelessPayment(Struct, frozen=True):
    """A payment that a notice told of and that names no order: it may be a transfer to a customer's own reference."""

    id: UUID
    named: str
    bank_reference: str
    amount: int
    currency: str
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class StatementFileRecord:
    """A statement file that was taken in, and how far its reading is."""

    id: UUID
    name: str
    source: str
    taken_by: str
    size: int
    sha256: str
    state: StatementFileState
    code: str | None
    facts: Mapping[str, Fact]
    format: str
    received_at: datetime
    finished_at: datetime | None
    # Bytes that were checked, then lines that are stored; lines that another statement had said before.
    bytes_checked: int
    entries_done: int
    entries_total: int | None
    repeats: int
    # Whose bill or statement it is.
    rail: str = "bank"


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """One account's statement: figures as the bank told them, proved against its lines."""

    id: UUID
    file_id: UUID
    account: str
    currency: str | None
    kind: str
    reference: str
    number: str | None
    opening: int | None
    closing: int | None
    entries: int
    credits: int
    debits: int
    period_from: date | None
    period_to: date | None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One stored line of a statement. Its amount may be of a currency that no wallet holds."""

    id: int
    statement_id: UUID
    position: int
    account: str
    currency: str
    amount: int
    credit: bool
    reversal: bool
    booked_on: date | None
    value_on: date | None
    reference: str | None
    end_to_end_id: str | None
    # Our own reference in what the payer wrote, when there is exactly one.
    payment_reference: str | None
    counterparty: str | None
    counterparty_account: str | None
    remittance: str | None
    bank_code: str | None
    return_reason: str | None
    charges: int
    batch_count: int
    batch_part: int
    batch_reference: str | None
    # The line of an earlier statement that is the same booking: only that one counts.
    repeat_of: int | None
    matched_to: str | None


class LineKey(Struct, frozen=True):
    """A stored line as far as matching looks at it: what it says about people stays sealed."""

    id: int
    account: str
    currency: str
    amount: int
    credit: bool
    reversal: bool
    booked_on: date | None
    reference: str | None
    end_to_end_id: str | None
    payment_reference: str | None
    bank_code: str | None
    return_reason: str | None
    charges: int
    batch_count: int
    batch_part: int
    batch_reference: str | None
    rail: str = "bank"
    # The rail's own number of the payment that a line is about.
    transaction_id: str | None = None

    @property
    def came_back(self) -> bool:
        """Whether the bank says that it is a payment that came back."""
        return is_return(self.bank_code, self.return_reason, credit=self.credit, reversal=self.reversal)


@dataclass(frozen=True, slots=True)
class FiledPayouts:
    """The payouts that left in one file, for a bank that books the whole file as one sum."""

    message_id: str
    total: int
    currency: str
    order_references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatementDay:
    """What a bank told at the end of one statement, and on which day that was."""

    account: str
    currency: str
    opening: int | None
    closing: int | None
    day: date
    rail: str = "bank"


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
    """One way in or out. A verb that a rail does not have refuses rail_unsupported (`adapters.base.BaseRail`)."""

    code: str
    # Whether payouts go by file (`start_payout`) or one by one (`pay_out`).
    payouts_by: Literal["file", "call"]
    # What `pay_out` pays to: an account of somebody's, or back to a payment that somebody made by this rail.
    pays_to: Literal["account", "payment"]

    def quote(self, amount: Money) -> Quote:
        """The fee and usual time of arrival."""

    def start_top_up(self, order: TopUpOrder) -> Instructions:
        """Ask for a payment in; the same order again gives the same instructions."""

    def start_payout(self, batch: PayoutBatch) -> bytes:
        """The file that asks for payments out; the same batch gives the same file. Refuses payout_unwritable."""

    def parse_payout_status(self, file: BinaryIO) -> Iterator[PayoutStatus]:
        """Read what a bank says about a file of payouts; refuses statement_*."""

    def pay_out(self, payout: Payout) -> PayoutAnswer:
        """Ask for one payment out; the same reference again is the same payment."""

    def query_payout(self, order_reference: str) -> PayoutAnswer:
        """Ask what became of a payment out; one that the rail does not know is `unknown` with code payout_unknown."""

    def payee_sign_in(self, state: str, return_url: str) -> str:
        """The rail's own page on which a payee shows which account there is theirs; `state` comes back with them."""

    def payee_of(self, code: str) -> str | None:
        """The account of a payee who came back with a code; None for a code that counts no more."""

    def confirms_within(self) -> timedelta | None: ...

    def call_back(self, order_reference: str) -> PayoutAnswer:
        """Give up a payment out that its payee has yet to confirm; whoever just did keeps it, as the answer says."""

    def confirmation_page(self, package: str, page_url: str) -> ConfirmationPage:
        """What a page of ours at an address needs for a payee's confirmation of a payment out."""

    def paid_with(self, bank_reference: str) -> PaidWith:
        """What a payment was made with, as its payer knows it; refuses rail_unavailable, rail_declined."""

    def refund(self, refund: RefundOrder) -> PayoutAnswer:
        """Send money back to the payer of an order; the same refund reference again is the same refund."""

    def query_refund(self, refund: RefundOrder) -> PayoutAnswer:
        """Ask what became of a refund; one that the rail does not know is `unknown` with code refund_unknown."""

    def cancel(self, order_reference: str) -> None:
        """Close an order that is not paid, so that nobody pays it late; one that is paid refuses rail_declined."""

    def query(self, order_reference: str) -> RailAnswer:
        """Ask what became of an order."""

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        """Read a message once it is known to be genuine; refuses bad_signature, malformed."""

    def parse_statement(self, file: BinaryIO) -> Iterator[StatementPart]:
        """Read an account statement, part by part; refuses statement_*."""

    def acknowledge(self) -> Acknowledgement:
        """What the rail hears once its notice is stored."""

    def download_statement(self, day: date) -> bytes:
        """A day's bill as the rail gives it, for `parse_statement`; refuses rail_unavailable while it is not ready."""
