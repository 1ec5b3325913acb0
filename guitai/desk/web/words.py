"""Codes of the desk in words, in the active language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FILTERS: dict[str, Promise] = {
    "unassigned": pgettext_lazy("filter of the queue", "Unassigned"),
    "mine": pgettext_lazy("filter of the queue", "Mine"),
    "waiting": pgettext_lazy("filter of the queue", "Waiting"),
    "escalated": pgettext_lazy("filter of the queue", "Escalated"),
    "all": pgettext_lazy("filter of the queue", "All open"),
}
# What an empty list teaches.
EMPTY: dict[str, tuple[Promise, Promise]] = {
    "unassigned": (_("Nobody is waiting"), _("New cases appear here, the most pressing first.")),
    "mine": (
        _("You hold no case"),
        _("Take one from Unassigned: then you are its one voice to the customer."),
    ),
    "waiting": (
        _("Nothing waits for others"),
        _("Cases stand here while the customer or a third party is asked."),
    ),
    "escalated": (
        _("Nobody asked for somebody higher"),
        _("A supervisor takes these; whoever answered before cannot."),
    ),
    "all": (_("No case is open"), _("Customers open cases from their bills with Help with this.")),
}
NEEDS: dict[str, Promise] = {
    "take_first": _("Take the case first."),
    "held_by_colleague": _("A colleague holds this case."),
    "case_ended": _("The case is solved."),
    "supervisor": _("A supervisor decides this."),
}
OPERATION_KINDS: dict[str, Promise] = {
    "top_up": pgettext_lazy("kind of an operation", "Top-up"),
    "transfer": pgettext_lazy("kind of an operation", "Transfer"),
    "withdrawal": pgettext_lazy("kind of an operation", "Withdrawal"),
    "adjustment": pgettext_lazy("kind of an operation", "Put right by us"),
}
OPERATION_STATES: dict[str, tuple[Promise, str]] = {
    "awaiting_payment": (pgettext_lazy("state of an operation", "awaiting payment"), "wait"),
    "processing": (pgettext_lazy("state of an operation", "processing"), "info"),
    "held": (pgettext_lazy("state of an operation", "held"), "wait"),
    "sent": (pgettext_lazy("state of an operation", "sent, not completed"), "info"),
    "succeeded": (pgettext_lazy("state of an operation", "completed"), "ok"),
    "refused": (pgettext_lazy("state of an operation", "refused"), "quiet"),
    "failed": (pgettext_lazy("state of an operation", "failed"), "danger"),
    "returned": (pgettext_lazy("state of an operation", "returned"), "quiet"),
    "expired": (pgettext_lazy("state of an operation", "expired"), "quiet"),
    "unknown": (pgettext_lazy("state of an operation", "outcome unknown"), "wait"),
    "cancelled": (pgettext_lazy("state of an operation", "taken back"), "quiet"),
}
STANDINGS: dict[str, tuple[Promise, str]] = {
    "active": (pgettext_lazy("standing of an account", "active"), "quiet"),
    "locked": (pgettext_lazy("standing of an account", "locked"), "wait"),
    "frozen": (pgettext_lazy("standing of an account", "frozen"), "danger"),
    "dormant": (pgettext_lazy("standing of an account", "dormant"), "wait"),
    "closed": (pgettext_lazy("standing of an account", "closed"), "quiet"),
}
SOURCES: dict[str, Promise] = {
    "wallet": pgettext_lazy("source of a trace", "wallet"),
    "ledger": pgettext_lazy("source of a trace", "books"),
    "rail": pgettext_lazy("source of a trace", "rail"),
    "bank": pgettext_lazy("source of a trace", "bank"),
    "risk": pgettext_lazy("source of a trace", "risk"),
}
NOTICE_STATES: dict[str, Promise] = {
    "received": pgettext_lazy("state of a notice", "stored, not judged yet"),
    "waiting": pgettext_lazy("state of a notice", "waiting for its order"),
    "exception": pgettext_lazy("state of a notice", "genuine, needs a person"),
    "refused": pgettext_lazy("state of a notice", "not genuine or not readable"),
    "duplicate": pgettext_lazy("state of a notice", "said before"),
    "settled": pgettext_lazy("state of a notice", "settled"),
}
