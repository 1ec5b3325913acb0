"""A credit of the house's own."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.desk.actions.base import About, Facts, Field, ServiceAction, clean_money, money_of
from guitai.wallet import api as wallet
from guitai.wallet.types import Decided


class Goodwill(ServiceAction):
    """Small ones by one person, larger ones by two."""

    name = "goodwill"
    title = _("Give a credit")
    does = _("Puts an amount of our own money into the customer's wallet.")
    told = _("The customer is told, and finds it among the bills with the reason.")
    verb = "wallet.make_adjustment"
    icon = "hand-heart"
    second = "above"
    tells = False

    def fields(self, about: About) -> tuple[Field, ...]:
        return (Field("amount", "amount", _("Amount")),)

    def clean(self, about: About, given: Mapping[str, str]) -> Facts:
        return clean_money(given)

    def amount(self, facts: Facts) -> Money:
        return money_of(facts)

    def told_facts(self, facts: Facts) -> Facts:
        return {"amount": money_of(facts).fact()}

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        made = wallet.make_adjustment(about.customer, "goodwill", money_of(facts), decided)
        return {"bill": made.reference, **self.told_facts(facts)}
