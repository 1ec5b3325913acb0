"""Put right what we booked wrongly."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.desk.actions.base import About, Facts, Field, ServiceAction, clean_choice, clean_money, money_of
from guitai.wallet import api as wallet
from guitai.wallet.types import CORRECTIONS, Decided

_WORDS = {
    "charged_twice": _("charged twice"),
    "wrong_amount": _("a wrong amount"),
    "wrong_fee": _("a wrong fee"),
    "system_error": _("a mistake of our system"),
}


class Correction(ServiceAction):
    """Always by two persons. It only gives: what a customer owes is asked for, never taken."""

    name = "correction"
    title = _("Put a mistake right")
    does = _("Books what a mistake of ours has cost the customer into their wallet.")
    told = _("The customer is told, and reads on the bill what was wrong.")
    verb = "wallet.make_adjustment"
    icon = "file-check"
    second = "always"
    tells = False

    def fields(self, about: About) -> tuple[Field, ...]:
        choices = tuple((code, _WORDS[code]) for code in CORRECTIONS)
        return (Field("amount", "amount", _("Amount")), Field("what", "choice", _("What was wrong"), choices))

    def clean(self, about: About, given: Mapping[str, str]) -> Facts:
        return {**clean_money(given), "what": clean_choice(given, "what", CORRECTIONS)}

    def amount(self, facts: Facts) -> Money:
        return money_of(facts)

    def told_facts(self, facts: Facts) -> Facts:
        return {"amount": money_of(facts).fact()}

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        named = (
            about.operation.view.reference
            if about.operation and about.operation.owner == about.customer
            else ""
        )
        made = wallet.make_adjustment(
            about.customer, "correction", money_of(facts), decided, reason_code=facts["what"], about=named
        )
        return {"bill": made.reference, **self.told_facts(facts)}
