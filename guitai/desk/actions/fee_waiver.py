"""Give a fee back."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.desk.actions.base import About, Facts, ServiceAction, money_of
from guitai.desk.errors import ActionStale
from guitai.wallet import api as wallet
from guitai.wallet.types import Decided, FeePaid


class FeeWaiver(ServiceAction):
    """The fee of the case's operation: all of it, once."""

    name = "fee_waiver"
    title = _("Give the fee back")
    does = _("Returns the fee of this operation to the customer, once.")
    told = _("The customer is told, and finds it among the bills.")
    verb = "wallet.make_adjustment"
    icon = "badge-percent"
    second = "above"
    tells = False

    def missing(self, about: About) -> str:
        paid = _paid(about)
        if paid is None or not paid.fee:
            return "fee_waiver_no_fee"
        return "fee_waived_before" if paid.waived else ""

    def clean(self, about: About, given: Mapping[str, str]) -> Facts:
        paid = _paid(about)
        if paid is None:
            raise ActionStale()
        return {"minor": paid.fee.minor, "currency": paid.fee.currency, "about": paid.reference}

    def check(self, about: About, facts: Facts) -> None:
        paid = _paid(about)
        if paid is None or paid.waived or paid.fee.minor < money_of(facts).minor:
            raise ActionStale()

    def amount(self, facts: Facts) -> Money:
        return money_of(facts)

    def told_facts(self, facts: Facts) -> Facts:
        return {"amount": money_of(facts).fact()}

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        amount = money_of(facts)
        made = wallet.make_adjustment(about.customer, "fee_waiver", amount, decided, about=facts["about"])
        return {"bill": made.reference, **self.told_facts(facts)}


def _paid(about: About) -> FeePaid | None:
    found = about.operation
    if found is None or found.owner != about.customer:
        return None
    return wallet.fee_paid(about.customer, found.view.reference)
