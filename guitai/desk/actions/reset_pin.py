"""Reset the PIN: the old one is worth nothing, and only the customer chooses and knows the new one."""

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.desk.actions.base import About, Facts, ServiceAction
from guitai.people import api as people
from guitai.wallet.types import Decided


class ResetPin(ServiceAction):
    """Staff never see a PIN: they can only end one."""

    name = "reset_pin"
    title = _("Reset the payment PIN")
    does = _("Ends the present PIN. The customer chooses a new one with the account's password.")
    told = _("The customer is told, and asked to choose a new PIN.")
    verb = "people.forget_pin"
    icon = "key-round"
    # Without a PIN the phone alone resets the password: whoever may have nothing but the phone gets no PIN ended. Who
    # has no passkey replaces a forgotten PIN themselves, with the password and the second step.
    proof = 3
    second = "always"
    tells = False

    def missing(self, about: About) -> str:
        if not people.has_pin(about.customer):
            return "action_no_pin"
        return "" if people.has_passkey(about.customer) else "action_pin_by_owner"

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        people.forget_pin(about.customer, actor, purpose=about.purpose(decided.reason))
        return {}
