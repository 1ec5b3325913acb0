"""Words for what an emergency stores as codes."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.care.emergency.types import Task
from guitai.care.web.words import register_action_words, register_report_words

# As the customer reads it, and its tone.
OUTCOMES: dict[str, tuple[str | Promise, str]] = {
    "cancelled": (_("Taken back: it never left"), "ok"),
    "recalled": (_("Asked back, and stopped where it can be"), "wait"),
    "under_way": (_("With the bank already; we ask it"), "wait"),
    "ended": (_("Nothing of it left your wallet"), "ok"),
}
# As staff read it.
STAFF_OUTCOMES: dict[str, str | Promise] = {
    "cancelled": pgettext_lazy("desk", "taken back"),
    "recalled": pgettext_lazy("desk", "asked back; not delivered, or too old to hold"),
    "held": pgettext_lazy("desk", "asked back; unspent part held"),
    "under_way": pgettext_lazy("desk", "with the bank"),
    "gone": pgettext_lazy("desk", "asked back; nothing left there"),
    "ended": pgettext_lazy("desk", "never left, or came back"),
}


@dataclass(frozen=True, slots=True)
class TaskWords:
    """One thing that remains, and where it is done."""

    title: str | Promise
    detail: str | Promise
    address: str = ""

    @property
    def href(self) -> str:
        """Its page; empty when it is done elsewhere."""
        return reverse(self.address) if self.address else ""


TASKS: dict[Task, TaskWords] = {
    "password": TaskWords(_("Choose a new password"), _("One that you use nowhere else."), "people:password"),
    "pin": TaskWords(_("Choose a new payment PIN"), _("Not a birthday, not an old one."), "people:pin"),
    "devices": TaskWords(
        _("Look at your devices"),
        _("Remove those you do not know, and update your own phone."),
        "people:devices",
    ),
    "email": TaskWords(
        _("Secure your e-mail and number"), _("Whoever reads your codes gets in again."), "people:mail"
    ),
    "passkeys": TaskWords(
        _("Check passkeys and second steps"), _("Remove any that you did not add."), "people:second_steps"
    ),
    "bank": TaskWords(
        _("Tell your banks"), _("Call the number printed on your card, never one from a message.")
    ),
    "police": TaskWords(
        _("Report it to the police"), _("Take your evidence pack with you, and write down the receipt here.")
    ),
}


def register_words() -> None:
    """What stands in a case's timeline."""
    register_action_words({
        "emergency_stop": _("Stopped what was not the customer's"),
        "police_receipt": _("Police receipt written down"),
        "evidence_pack": _("Evidence pack given out"),
    })  # fmt: skip
    register_report_words({
        "stolen_wallet": _("Somebody else is in the wallet. Bills that were not the customer: %(bills)s"),
    })  # fmt: skip


def staff_outcome_words(code: str) -> str:
    """What could be done about a bill when it was reported, as staff read it."""
    return str(STAFF_OUTCOMES.get(code, code))
