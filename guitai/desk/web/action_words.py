"""Service actions in words, in the active language."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guitai.base.money import Money
from guitai.care.api import register_action_words
from guitai.desk.actions import ACTIONS
from guitai.desk.types import ActionOffer
from guitai.kit.explain import explain
from guitai.skin.text import money_text

STATES: dict[str, tuple[Promise, str]] = {
    "open": (pgettext_lazy("state of an approval", "waits"), "wait"),
    "running": (pgettext_lazy("state of an approval", "under way"), "info"),
    "done": (pgettext_lazy("state of an approval", "approved and done"), "ok"),
    "declined": (pgettext_lazy("state of an approval", "declined"), "danger"),
    "withdrawn": (pgettext_lazy("state of an approval", "taken back"), "quiet"),
    "expired": (pgettext_lazy("state of an approval", "nobody decided in time"), "quiet"),
    "failed": (pgettext_lazy("state of an approval", "was not possible"), "danger"),
}
LEVELS: tuple[Promise, ...] = (
    gettext_lazy("not shown yet"),
    gettext_lazy("has the phone"),
    gettext_lazy("approved with the PIN"),
    gettext_lazy("used a passkey"),
)
# What a rail answered when it was asked again.
ANSWERS: dict[str, Promise] = {
    "not_found": pgettext_lazy("answer of a rail", "it does not know of it"),
    "unpaid": pgettext_lazy("answer of a rail", "not paid yet"),
    "processing": pgettext_lazy("answer of a rail", "being processed there"),
    "paid": pgettext_lazy("answer of a rail", "paid"),
    "failed": pgettext_lazy("answer of a rail", "closed there, not paid"),
    "payout_queued": pgettext_lazy("answer of a rail", "waits in our own queue"),
    "payout_filed": pgettext_lazy("answer of a rail", "in a file for the bank"),
    "payout_sent": pgettext_lazy("answer of a rail", "handed over, no answer yet"),
    "payout_accepted": pgettext_lazy("answer of a rail", "taken on by the bank"),
    "payout_settled": pgettext_lazy("answer of a rail", "left our account"),
    "payout_rejected": pgettext_lazy("answer of a rail", "refused by the bank"),
    "payout_returned": pgettext_lazy("answer of a rail", "came back"),
    "payout_cancelled": pgettext_lazy("answer of a rail", "taken back before it left"),
}
# What an action is called once it has happened, in the customer's own case too.
_DONE: dict[str, Promise] = {
    "freeze": gettext_lazy("Account frozen"),
    "end_sessions": gettext_lazy("Signed out everywhere"),
    "unfreeze": gettext_lazy("Account unfrozen"),
    "unlock": gettext_lazy("Sign-in unlocked"),
    "reset_pin": gettext_lazy("Payment PIN reset"),
    "change_phone": gettext_lazy("Change of phone number started"),
    "requery": gettext_lazy("Bank or gateway asked again"),
    "parked": gettext_lazy("Payment that did not fit"),
    "fee_waiver": gettext_lazy("Fee given back"),
    "goodwill": gettext_lazy("Credit"),
    "correction": gettext_lazy("Mistake put right"),
    "limit_change": gettext_lazy("Limit changed for a while"),
}


def register_words() -> None:
    """Let the customer's case name what was done in it."""
    register_action_words(_DONE)


def action_title(name: str) -> str:
    """What the button says."""
    return str(ACTIONS[name].title) if name in ACTIONS else name


def needs_words(offer: ActionOffer) -> str:
    """What an action needs, in one line under its button."""
    needs = []
    if offer.proof:
        needs.append(_("proof level %(level)s") % {"level": offer.proof})
    if offer.second == "always":
        needs.append(_("a second person"))
    if offer.second == "above":
        needs.append(_("a second person for larger amounts"))
    if not offer.permitted:
        needs.append(_("another role"))
    return _("needs %(what)s") % {"what": _(" and ").join(needs)} if needs else ""


def facts_words(facts: dict[str, Any]) -> str:
    """What was filled in, in one line."""
    parts = []
    if "minor" in facts:
        parts.append(money_text(Money(int(facts["minor"]), str(facts["currency"]))))
    parts += [str(facts[name]) for name in ("kind", "window", "what", "way") if name in facts]
    if "days" in facts:
        parts.append(_("for %(days)s days") % {"days": facts["days"]})
    return " · ".join(parts)


def outcome_words(facts: dict[str, Any]) -> str:
    """What came of an action beside that it was done: a rail's answer, or why it was not possible."""
    if "answer" in facts:
        return str(ANSWERS.get(str(facts["answer"]), ""))
    return explain(str(facts["code"]), facts).title if facts.get("code") else ""


def level_words(level: int) -> str:
    """How well the customer has shown that it is them."""
    return str(LEVELS[max(0, min(level, 3))])
