"""What people are told about their withdrawals: whatever they did not do themselves just now."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.notify import api as notify
from guitai.notify.types import MessageKind
from guitai.rails import api as rails
from guitai.wallet.models import Operation, Withdrawal
from guitai.wallet.rules.withdrawals import CARD

_URL = "/bills/%(reference)s/"
_CONFIRM_URL = "/bills/%(reference)s/confirm/"
_TO_CONFIRM, _CONFIRM_SOON = "wallet.withdrawal_to_confirm", "wallet.withdrawal_confirm_soon"
# When a quarter of their time is left its owner is reminded, and not any more when but an eighth is: whoever hears of
# it in the last minutes can only wonder.
_LAST_PART, _TOO_LATE_PART = 4, 8
_LOUD, _QUIET = frozenset({"in_app", "sms"}), frozenset({"in_app"})
KINDS = (
    MessageKind("wallet.withdrawal_queued", _QUIET, _("A withdrawal is on its way"),
                _("%(amount)s is on its way to your bank and arrives by %(by)s. If it was not you, freeze your wallet "
                  "now: until it has left, that brings it back. Reference %(spoken)s."), _URL),
    MessageKind(_TO_CONFIRM, _LOUD, _("Confirm your withdrawal in WeChat"),
                _("WeChat asks you before it takes %(amount)s in. Open the bill and confirm by %(by)s; otherwise the "
                  "money comes back into your wallet with its fee. Reference %(spoken)s."), _CONFIRM_URL),
    MessageKind(_CONFIRM_SOON, _LOUD, _("Your withdrawal still waits for you in WeChat"),
                _("Nobody has confirmed %(amount)s yet. Open the bill and confirm by %(by)s; otherwise the money comes "
                  "back into your wallet with its fee. Reference %(spoken)s."), _CONFIRM_URL),
    MessageKind("wallet.withdrawal_held", _LOUD, _("Your withdrawal is being checked"),
                _("%(amount)s is set aside until we have checked it, by %(by)s at the latest. "
                  "If it was not you, freeze your wallet now. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_released", _QUIET, _("Your withdrawal was released"),
                _("The check is done and %(amount)s is on its way to your bank. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_arrived", _LOUD, _("Your withdrawal is at your bank"),
                _("The bank has confirmed %(amount)s. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_to_card", _LOUD, _("Your withdrawal went back to your card"),
                _("%(amount)s was sent back to the card you paid with. Its bank may need up to two weeks to show it. "
                  "Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_to_card_queued", _QUIET, _("A withdrawal is on its way"),
                _("%(amount)s goes back to the card you paid with. If it was not you, freeze your wallet now: until it "
                  "has left, that brings it back. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_off_card", _LOUD, _("Your withdrawal to a card came back"),
                _("The bank of the card did not keep it, and the money is in your wallet again. Open the bill to see "
                  "why, and to withdraw another way. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_late", _LOUD, _("Your withdrawal takes longer than promised"),
                _("%(amount)s has not been confirmed yet. We are sorry. We now expect it by %(by)s and tell you either "
                  "way. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_unknown", _LOUD, _("We do not know yet how your withdrawal ended"),
                _("The bank has not said what became of %(amount)s. You need to do nothing: we tell you by %(by)s. "
                  "Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_failed", _LOUD, _("Your withdrawal failed; the money is back"),
                _("The bank did not carry it out, and the money is in your wallet again. Open the bill to see why, and "
                  "what to do. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_returned", _LOUD, _("The bank sent your withdrawal back"),
                _("What came back is in your wallet again. Open the bill to see how much, and why. "
                  "Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_cancelled", _LOUD, _("Your withdrawal did not leave; the money is back"),
                _("%(amount)s and its fee are in your wallet again. Open the bill to see why. Reference %(spoken)s."),
                _URL),
)  # fmt: skip
# (kind of operation, event) -> (message to the owner, message to the payee)
TOLD: dict[tuple[str, str], tuple[str | None, str | None]] = {
    ("withdrawal", "queued"): ("wallet.withdrawal_queued", None),
    ("withdrawal", "held"): ("wallet.withdrawal_held", None),
    ("withdrawal", "released"): ("wallet.withdrawal_released", None),
    ("withdrawal", "succeeded"): ("wallet.withdrawal_arrived", None),
    ("withdrawal", "late"): ("wallet.withdrawal_late", None),
    ("withdrawal", "delayed"): ("wallet.withdrawal_late", None),
    ("withdrawal", "unknown"): ("wallet.withdrawal_unknown", None),
    ("withdrawal", "failed"): ("wallet.withdrawal_failed", None),
    ("withdrawal", "returned"): ("wallet.withdrawal_returned", None),
    ("withdrawal", "cancelled"): ("wallet.withdrawal_cancelled", None),
}
# The same of one that goes back to a card.
_TO_CARD = {
    "wallet.withdrawal_queued": "wallet.withdrawal_to_card_queued",
    "wallet.withdrawal_released": "wallet.withdrawal_to_card_queued",
    "wallet.withdrawal_arrived": "wallet.withdrawal_to_card",
    "wallet.withdrawal_returned": "wallet.withdrawal_off_card",
}


def tell_to_confirm(reference: str) -> None:
    """The rail waits for its owner's word: they are told at once."""
    row, record = Operation.objects.filter(reference=reference).first(), rails.payout_record(reference)
    if row is not None and record is not None and record.confirm_until is not None:
        _ask(_TO_CONFIRM, row, record.confirm_until)


def remind_to_confirm() -> int:
    """Whoever has not given their word when its time is nearly over is reminded, once; gives how many are due."""
    moment, due = now(), []
    for rail in rails.rail_names():
        if (within := rails.confirms_within(rail)) is not None:
            found = rails.payouts_to_confirm(moment + within / _TOO_LATE_PART, moment + within / _LAST_PART)
            due += [record for record in found if record.rail == rail]
    until = {record.order_reference: record.confirm_until for record in due}
    for row in Operation.objects.filter(reference__in=until, kind="withdrawal").order_by("id"):
        if (by := until[row.reference]) is not None:
            _ask(_CONFIRM_SOON, row, by)
    return len(due)


def _ask(kind: str, row: Operation, by: datetime) -> None:
    facts = {
        "reference": row.reference, "spoken": spoken(row.reference), "by": by.isoformat(),
        "amount": Money(row.amount_minor, row.currency).fact(),
    }  # fmt: skip
    notify.send(row.owner, kind, facts, key=f"{kind}:{row.id}")


def message_of(message: str, operation_id: UUID) -> str:
    """Which message tells it, by where the withdrawal goes."""
    if message in _TO_CARD and Withdrawal.objects.filter(operation_id=operation_id, rail=CARD).exists():
        return _TO_CARD[message]
    return message
