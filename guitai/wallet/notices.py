"""What the wallet tells people: one message when money arrives, waits, comes back or is declined."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.base.refusal import Fact
from guitai.notify import api as notify
from guitai.notify.types import MessageKind
from guitai.wallet.models import Operation, Party
from guitai.wallet.notices_disputed import KINDS as DISPUTED_KINDS
from guitai.wallet.notices_disputed import TOLD as DISPUTED_TOLD
from guitai.wallet.notices_staff import KINDS as STAFF_KINDS
from guitai.wallet.notices_withdrawals import KINDS as WITHDRAWAL_KINDS
from guitai.wallet.notices_withdrawals import TOLD as WITHDRAWALS_TOLD
from guitai.wallet.notices_withdrawals import message_of

_URL = "/bills/%(reference)s/"
_KINDS = (
    MessageKind("wallet.top_up_arrived", frozenset({"in_app", "sms"}), _("Your top-up has arrived"),
                _("%(amount)s is in your wallet. Reference %(spoken)s."), _URL),
    MessageKind("wallet.received", frozenset({"in_app", "sms"}), _("You have received money"),
                _("%(amount)s has arrived in your wallet. Reference %(spoken)s."), _URL),
    MessageKind("wallet.held", frozenset({"in_app", "sms"}), _("Your transfer is being checked"),
                _("%(amount)s is set aside until we have checked the transfer, by %(by)s at the latest. "
                  "If it was not you, freeze your wallet now. Reference %(spoken)s."), _URL),
    MessageKind("wallet.released", frozenset({"in_app"}), _("Your transfer was released"),
                _("The check is done and %(amount)s is on its way. Reference %(spoken)s."), _URL),
    MessageKind("wallet.returned", frozenset({"in_app", "sms"}), _("Money has come back to you"),
                _("%(amount)s is in your wallet again. Open the bill to see why. Reference %(spoken)s."), _URL),
    MessageKind("wallet.expired", frozenset({"in_app"}), _("Your top-up was not paid in time"),
                _("Nothing was taken. If you did pay, the money is credited as soon as the bank tells us. "
                  "Reference %(spoken)s."), _URL),
    MessageKind("wallet.parked", frozenset({"in_app", "sms"}), _("A payment came that does not fit your top-up"),
                _("It is set aside safely and nothing is lost. Open the bill to see what to do. "
                  "Reference %(spoken)s."), _URL),
    MessageKind("wallet.top_up_failed", frozenset({"in_app"}), _("Your top-up was not made"),
                _("The payment of %(amount)s did not go through. Open the bill to see why, and what to do. "
                  "Reference %(spoken)s."), _URL),
    MessageKind("wallet.top_up_unknown", frozenset({"in_app", "sms"}), _("We do not know yet how your top-up ended"),
                _("It takes longer than we said until we know what became of %(amount)s. You need to do nothing: we "
                  "tell you by %(by)s. Reference %(spoken)s."), _URL),
    MessageKind("wallet.top_up_returning", frozenset({"in_app", "sms"}), _("A payment of yours is being sent back"),
                _("What came for your top-up goes back to whoever paid, and you are told when it is done. "
                  "Reference %(spoken)s."), _URL),
    MessageKind("wallet.return_account_asked", frozenset({"in_app", "sms"}), _("Where should a payment go back to?"),
                _("What came for your top-up cannot be credited, and the bank does not tell us who paid it. Open the "
                  "bill and choose one of your own accounts. Reference %(spoken)s."), _URL),
    MessageKind("wallet.top_up_returned", frozenset({"in_app", "sms"}), _("A payment of yours was sent back"),
                _("What came for your top-up has gone back to whoever paid. Reference %(spoken)s."), _URL),
    MessageKind("wallet.asked_back", frozenset({"in_app", "sms"}), _("Somebody asks for their money back"),
                _("The sender of %(amount)s says that it was not meant for you and asks you to give it back. You "
                  "decide; do it only from this bill, never through a link or a call. Reference %(spoken)s."), _URL),
    MessageKind("wallet.adjusted", frozenset({"in_app", "sms"}), _("We have put money into your wallet"),
                _("%(amount)s is in your wallet. The bill says what for. Reference %(spoken)s."), _URL),
    MessageKind("wallet.overdue", frozenset({"in_app", "sms"}), _("We owe you an answer"),
                _("We still do not know how %(amount)s ended, and have opened a case for you that a person "
                  "looks after. You need to do nothing. Reference %(spoken)s."), _URL),
)  # fmt: skip
# (kind of operation, event) -> (message to the owner, message to the payee)
_TOLD: dict[tuple[str, str], tuple[str | None, str | None]] = {
    ("top_up", "succeeded"): ("wallet.top_up_arrived", None),
    ("top_up", "expired"): ("wallet.expired", None),
    ("top_up", "parked"): ("wallet.parked", None),
    ("top_up", "failed"): ("wallet.top_up_failed", None),
    ("top_up", "unknown"): ("wallet.top_up_unknown", None),
    ("top_up", "returning"): ("wallet.top_up_returning", None),
    ("top_up", "returned"): ("wallet.top_up_returned", None),
    ("top_up", "payer_asked"): ("wallet.return_account_asked", None),
    ("transfer", "held"): ("wallet.held", None),
    ("transfer", "released"): ("wallet.released", "wallet.received"),
    ("transfer", "returned"): ("wallet.returned", None),
    ("transfer", "sent"): (None, "wallet.received"),
    ("transfer", "delivered"): (None, "wallet.received"),
    ("adjustment", "succeeded"): ("wallet.adjusted", None),
    ("transfer", "asked_back"): (None, "wallet.asked_back"),
}


# What is said alike of every kind of operation.
_OF_ANY_KIND: dict[str, tuple[str | None, str | None]] = {"overdue": ("wallet.overdue", None)}


# What may happen more than once to one operation, each time with a new promise.
_AGAIN = frozenset({"delayed", "unknown", "overdue"})


def register_kinds() -> None:
    for kind in (*_KINDS, *WITHDRAWAL_KINDS, *DISPUTED_KINDS, *STAFF_KINDS):
        notify.register_kind(kind)


def tell(operation_id: UUID, event: str) -> None:
    """Tell the parties of an operation what has just happened to it."""
    row = Operation.objects.get(id=operation_id)
    told = _TOLD | WITHDRAWALS_TOLD | DISPUTED_TOLD
    to_owner, to_payee = told.get((row.kind, event), _OF_ANY_KIND.get(event, (None, None)))
    if row.code == "withdrawal_cancelled":
        # Nobody is told what they have just done themselves.
        to_owner = None
    if (row.kind, event) == ("transfer", "succeeded") and row.resolves_by is None:
        to_payee = "wallet.received"
    receiver = Party.objects.filter(operation_id=row.id, direction="in").exclude(owner=row.owner).first()
    facts = _facts(row)
    if to_owner:
        to_owner = message_of(to_owner, row.id)
        # A time that was not kept may be followed by another one: each is told.
        again = f":{facts['by']}" if event in _AGAIN else ""
        notify.send(row.owner, to_owner, facts, key=f"{to_owner}:{row.id}:{event}{again}")
    if to_payee and receiver is not None:
        # One message a payee and operation, whichever way the money came.
        notify.send(receiver.owner, to_payee, facts, key=f"{to_payee}:{row.id}")


def _facts(row: Operation) -> dict[str, Fact]:
    return {
        "reference": row.reference,
        "spoken": spoken(row.reference),
        "amount": Money(row.amount_minor, row.currency).fact(),
        "by": row.resolves_by.isoformat() if row.resolves_by else "",
    }
