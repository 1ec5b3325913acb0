"""Service actions in words, in the active language."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.care.api import register_action_words
from guitai.desk.actions import ACTIONS
from guitai.desk.types import ActionOffer, SecondLine
from guitai.kit.explain import explain
from guitai.kit.reasons import reason_words
from guitai.kit.reasons import register as register_reasons
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
    "bill_stopped": gettext_lazy("Stopped before it left"),
    "hold_released": gettext_lazy("Held payment released"),
    "hold_declined": gettext_lazy("Held payment given back"),
    "claim_hold": gettext_lazy("Unspent part held at the receiving wallet"),
    "claim_return": gettext_lazy("Held part back to the sender"),
    "claim_release": gettext_lazy("Held part released to its holder"),
}


# What waits for a second person in other rooms: its name, and where it is decided.
SECONDS: dict[str, tuple[Promise, str]] = {
    "claim": (gettext_lazy("Disputed payment, held where it arrived"), ""),
    "parked": (gettext_lazy("Payment that did not fit"), "wallet:reconciliation_parked"),
    "receipt": (gettext_lazy("Line of a statement"), "wallet:reconciliation_item"),
    "close": (gettext_lazy("Close of a day"), "wallet:reconciliation_day"),
    "settings": (gettext_lazy("Settings of a way in or out"), "rails:setting"),
    "identity": (gettext_lazy("Identity confirmed by one"), "desk:review"),
    "reserve": (gettext_lazy("Request for the reserve"), "wallet:reserve_request"),
}
_WISHES: dict[str, Promise] = {
    "return": pgettext_lazy("proposal", "give it back"),
    "release": pgettext_lazy("proposal", "release it to its holder"),
    "credit": pgettext_lazy("proposal", "credit what came"),
    "credit_operation": pgettext_lazy("proposal", "credit the top-up it was meant for"),
    "credit_customer": pgettext_lazy("proposal", "credit it to a customer"),
    "match": pgettext_lazy("proposal", "it is this movement"),
    "write": pgettext_lazy("proposal", "book it with the house"),
    "sign": pgettext_lazy("proposal", "sign it"),
    "change": pgettext_lazy("proposal", "put them in force"),
    "confirm": pgettext_lazy("proposal", "confirm it"),
    "reserve_release": pgettext_lazy("proposal", "release it from the reserve"),
    "reserve_rotation": pgettext_lazy("proposal", "change the keys that count"),
    "reserve_rehearsal": pgettext_lazy("proposal", "rehearse the loss of a key"),
}


def second_title(line: SecondLine) -> str:
    """What kind of thing waits."""
    return str(SECONDS[line.kind][0])


def second_wish(line: SecondLine) -> str:
    """What is proposed, and how much it is about."""
    parts = [str(_WISHES.get(line.action, line.action))]
    if line.amount is not None:
        parts.append(money_text(line.amount))
    return " · ".join(parts)


def second_about(line: SecondLine) -> str:
    """What it is about, as it is spoken of."""
    return spoken(line.about) if line.kind in ("claim", "parked") else line.about


def second_href(line: SecondLine) -> str:
    """The page where it is decided."""
    if line.kind == "claim":
        return reverse("desk:emergency", args=[line.case]) if line.case else ""
    return reverse(SECONDS[line.kind][1], args=[line.about if line.kind == "settings" else line.id])


def register_words() -> None:
    """Let the customer's case name what was done in it, and say the reasons that nobody had to write."""
    register_action_words(_DONE)
    register_reasons({"claim.approved": gettext_lazy("agreed with what a colleague proposed")})


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


def outcome_words(facts: Mapping[str, Any]) -> str:
    """What came of an action beside that it was done, and for which reason, as staff read it."""
    parts = [spoken(str(facts["reference"]))] if facts.get("reference") else []
    if "answer" in facts:
        parts.append(str(ANSWERS.get(str(facts["answer"]), "")))
    if facts.get("code"):
        parts.append(explain(str(facts["code"]), dict(facts)).title)
    if facts.get("reason"):
        parts.append(reason_words(str(facts["reason"])))
    return " · ".join(parts)


def level_words(level: int) -> str:
    """How well the customer has shown that it is them."""
    return str(LEVELS[max(0, min(level, 3))])
