"""Words, icons and tones for what the wallet's pages show. Codes are stored; words are made here, for one reader."""

import re
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guitai.wallet.rail_words import rail_name
from guitai.wallet.types import OperationView
from guitai.wallet.web import withdrawal_words


class StateWords(NamedTuple):
    """A state in a word, an icon and a tone."""

    word: str | Promise
    icon: str
    tone: str


STATES: dict[str, StateWords] = {
    "awaiting_payment": StateWords(gettext_lazy("Waiting for your payment"), "hourglass", "wait"),
    "processing": StateWords(gettext_lazy("Processing"), "loader", "info"),
    "held": StateWords(gettext_lazy("Being checked"), "scan-search", "wait"),
    "sent": StateWords(gettext_lazy("Sent"), "send", "ok"),
    "succeeded": StateWords(gettext_lazy("Completed"), "circle-check", "ok"),
    "refused": StateWords(gettext_lazy("Refused"), "circle-slash", "quiet"),
    "failed": StateWords(gettext_lazy("Failed"), "circle-x", "danger"),
    "returned": StateWords(gettext_lazy("Returned"), "undo-2", "quiet"),
    "expired": StateWords(gettext_lazy("Not paid in time"), "timer-off", "quiet"),
    "unknown": StateWords(gettext_lazy("Outcome not known yet"), "circle-question-mark", "wait"),
    "cancelled": StateWords(gettext_lazy("Taken back"), "undo-2", "quiet"),
}  # fmt: skip
# What a line of the bills adds under the amount, so that nobody takes an amount for money that has moved.
NOTES: dict[str, str | Promise] = {
    "awaiting_payment": gettext_lazy("not paid yet"),
    "processing": gettext_lazy("on its way"),
    "held": gettext_lazy("being checked"),
    "refused": gettext_lazy("refused"),
    "failed": gettext_lazy("failed"),
    "returned": gettext_lazy("back in your wallet"),
    "expired": gettext_lazy("not paid"),
    "unknown": gettext_lazy("outcome not known yet"),
    "cancelled": gettext_lazy("back in your wallet"),
}
_EVENTS: dict[tuple[str, str], str | Promise] = {
    ("top_up", "awaiting_payment"): gettext_lazy("Top-up started"),
    ("top_up", "succeeded"): gettext_lazy("The bank confirmed it; the money is in your wallet"),
    ("top_up", "expired"): gettext_lazy("Not paid in time"),
    ("top_up", "parked"): gettext_lazy("A payment came that does not fit; it is set aside safely"),
    ("top_up", "processing"): gettext_lazy("The payment is being worked on"),
    ("top_up", "failed"): gettext_lazy("The payment was not made"),
    ("top_up", "returning"): gettext_lazy("Being sent back to whoever paid"),
    ("top_up", "returned"): gettext_lazy("Sent back to whoever paid"),
    ("top_up", "return_refused"): gettext_lazy("It could not be sent back; our staff look at it"),
    ("top_up", "payer_asked"): gettext_lazy("You are asked where it should go back to"),
    ("top_up", "payer_named"): gettext_lazy("You have named an account; our staff look at it"),
    ("top_up", "parked_credited"): gettext_lazy("What really came is in your wallet, as a top-up of its own"),
    ("transfer", "sent"): gettext_lazy("Sent"),
    ("transfer", "held"): gettext_lazy("Set aside to be checked"),
    ("transfer", "released"): gettext_lazy("Checked and sent on"),
    ("transfer", "delivered"): gettext_lazy("Arrived"),
    ("transfer", "succeeded"): gettext_lazy("Completed"),
    ("transfer", "returned"): gettext_lazy("Back in your wallet"),
    ("adjustment", "succeeded"): gettext_lazy("Put into your wallet"),
    ("claim", "processing"): gettext_lazy("Set aside: a payment is disputed"),
    ("claim", "succeeded"): gettext_lazy("Given back to the sender of the payment"),
    ("claim", "returned"): gettext_lazy("Yours again"),
    ("chargeback", "processing"): gettext_lazy("Set aside: the payment is disputed at the bank"),
    ("chargeback", "succeeded"): gettext_lazy("Taken back by the bank"),
    ("chargeback", "returned"): gettext_lazy("Yours again"),
    ("transfer", "asked_back"): gettext_lazy("The sender asked for it back"),
}
# What came by another way than the bank is confirmed by that way.
_CONFIRMED = gettext_lazy("%(rail)s confirmed it; the money is in your wallet")
_TOP_UPS: dict[str, str | Promise] = {
    "bank": gettext_lazy("Top-up by bank transfer"),
    "alipay": gettext_lazy("Top-up by Alipay"),
    "wechat": gettext_lazy("Top-up by WeChat Pay"),
    "unionpay": gettext_lazy("Top-up by UnionPay"),
    "card": gettext_lazy("Top-up by bank card"),
}
# What the house gives of its own accord.
_ADJUSTMENT = gettext_lazy("Put right by us")
ADJUSTMENTS: dict[str, str | Promise] = {
    "adjusted_goodwill": gettext_lazy("Credit from us"),
    "adjusted_fee_waiver": gettext_lazy("Fee given back"),
}
_STATES_OF_EVENTS: dict[str, str | Promise] = {
    "refused": gettext_lazy("Refused"),
    "failed": gettext_lazy("Failed"),
    "processing": gettext_lazy("Processing"),
    "unknown": gettext_lazy("Asked the bank for the outcome"),
    "overdue": gettext_lazy("No answer in time; a case is opened for you"),
}
_TRACE: dict[str, str | Promise] = {
    "operation.awaiting_payment": gettext_lazy("Top-up recorded"),
    "operation.sent": gettext_lazy("Transfer recorded as sent"),
    "operation.held": gettext_lazy("Transfer recorded, waiting for a check"),
    "operation.released": gettext_lazy("Check passed"),
    "operation.succeeded": gettext_lazy("Recorded as completed"),
    "operation.returned": gettext_lazy("Recorded as returned"),
    "operation.refused": gettext_lazy("Refusal recorded"),
    "operation.expired": gettext_lazy("Recorded as not paid"),
    "operation.parked": gettext_lazy("Payment that does not fit recorded"),
    "operation.processing": gettext_lazy("Recorded as being worked on"),
    "operation.unknown": gettext_lazy("Recorded as not known yet"),
    "operation.failed": gettext_lazy("Recorded as not made"),
    "operation.returning": gettext_lazy("Sending back recorded"),
    "operation.return_refused": gettext_lazy("Recorded: it could not be sent back"),
    "operation.payer_asked": gettext_lazy("Question for an account recorded"),
    "operation.payer_named": gettext_lazy("Account for the way back recorded"),
    "operation.parked_credited": gettext_lazy("Recorded as credited in another top-up"),
    "operation.overdue": gettext_lazy("Recorded as overdue"),
    "operation.delivered": gettext_lazy("Recorded as arrived"),
    "operation.asked_back": gettext_lazy("Asking back recorded"),
    "ledger.in": gettext_lazy("Booked into your account"),
    "ledger.out": gettext_lazy("Booked out of your account"),
    "ledger.fee": gettext_lazy("Fee booked"),
    "ledger.returned": gettext_lazy("Booked back into your account"),
    "rail.ordered": gettext_lazy("Announced to the bank"),
    "rail.notice": gettext_lazy("Notice from the bank received"),
    "bank.paid": gettext_lazy("Paid at the bank"),
}
_TRACE_OF_RAIL: dict[str, str | Promise] = {
    "rail.ordered": gettext_lazy("Announced to %(rail)s"),
    "rail.notice": gettext_lazy("Notice from %(rail)s received"),
    "bank.paid": gettext_lazy("Paid with %(rail)s"),
}
_SOURCES: dict[str, str | Promise] = {
    "wallet": gettext_lazy("Wallet"),
    "ledger": gettext_lazy("Books"),
    "rail": gettext_lazy("Bank connection"),
    "bank": gettext_lazy("Bank"),
    "risk": gettext_lazy("Checks"),
}
_ID_NAMES: dict[str, str | Promise] = {
    "operation": gettext_lazy("Operation"),
    "transfer": gettext_lazy("Entry"),
    "order": gettext_lazy("Order"),
    "notice": gettext_lazy("Notice"),
    "bank_reference": gettext_lazy("Bank's reference"),
}
# What an operation's line tells of a trace; the rest are internal states.
SHOWN_IDS = frozenset((*_ID_NAMES, *withdrawal_words.ID_NAMES))
_CLAIMS: dict[str, str | Promise] = {
    "out": gettext_lazy("Set aside: a disputed payment"),
    "in": gettext_lazy("Back from a disputed payment"),
}
_CHARGEBACK = gettext_lazy("Set aside: a disputed top-up")
_NAMED = re.compile(r"(?P<name>.*[^\d*+\s][*]*)\s+(?P<phone>\+?[\d* ]+)")


def name_and_phone(counterparty: str) -> tuple[str, str]:
    """A counterparty as the door shows it (`陈* 139****9000`, or a number alone) in its two parts."""
    found = _NAMED.fullmatch(counterparty)
    return (found["name"], found["phone"]) if found else ("", counterparty)


def who(view: OperationView) -> str:
    """The other side in a heading: the name of somebody known, else the number."""
    name, phone = name_and_phone(view.counterparty)
    return name or phone


def title_of(view: OperationView) -> str:
    """What an operation is, in the fewest words: the heading of its page."""
    if view.kind == "top_up":
        return str(_TOP_UPS.get(view.rail, _("Top-up")))
    if view.kind == "withdrawal":
        return withdrawal_words.title_of(view)
    if view.kind == "adjustment":
        return str(ADJUSTMENTS.get(view.code or "", _ADJUSTMENT))
    if view.kind == "claim":
        return str(_CLAIMS[view.direction])
    if view.kind == "chargeback":
        return str(_CHARGEBACK)
    if view.direction == "in":
        return _("Received from %(who)s") % {"who": who(view)}
    return _("Transfer to %(who)s") % {"who": who(view)}


def kind_of(view: OperationView) -> str:
    if view.kind == "top_up":
        return _("Top-up")
    if view.kind == "withdrawal":
        return _("Withdrawal")
    if view.kind == "adjustment":
        return str(ADJUSTMENTS.get(view.code or "", _ADJUSTMENT))
    if view.kind == "claim":
        return str(_CLAIMS[view.direction])
    if view.kind == "chargeback":
        return str(_CHARGEBACK)
    return _("Received") if view.direction == "in" else _("Transfer")


def event_words(kind: str, direction: str, event: str, rail: str = "bank") -> str:
    """What happened at a moment of an operation's life."""
    if (kind, event) == ("top_up", "succeeded") and rail != "bank":
        return str(_CONFIRMED) % {"rail": rail_name(rail)}
    if kind == "transfer" and direction == "in":
        return _("Arrived in your wallet")
    if kind == "withdrawal" and (told := withdrawal_words.event_words(event, rail or "bank")):
        return told
    said = _EVENTS.get((kind, event))
    return str(said or _STATES_OF_EVENTS.get(event) or event)


def trace_words(what: str, rail: str = "bank") -> str:
    """A step of a trace; what the bank does of a transfer, another rail does of its own payments."""
    if rail != "bank" and (said := _TRACE_OF_RAIL.get(what) or withdrawal_words.TRACE_OF_RAIL.get(what)):
        return str(said) % {"rail": rail_name(rail)}
    return str(_TRACE.get(what) or withdrawal_words.TRACE.get(what, what))


def source_words(source: str, rail: str = "bank") -> str:
    """Where a step of a trace was found."""
    if source in ("rail", "bank") and rail != "bank":
        return rail_name(rail)
    return str(_SOURCES.get(source, source))


def note_of(view: OperationView) -> str:
    """What a line of the bills adds under the amount."""
    if view.kind in ("claim", "chargeback") and view.state == "processing":
        return _("set aside")
    if view.kind == "top_up" and view.state == "returned":
        return _("sent back to whoever paid")
    return str(NOTES.get(view.state, ""))


def id_words(name: str) -> str:
    return str(_ID_NAMES.get(name) or withdrawal_words.ID_NAMES.get(name, name))


def state_words(state: str) -> str:
    """The state of an operation in a word, for pages of the rooms above."""
    return next((str(said.word) for code, said in STATES.items() if code == state), state)
