"""Change the phone: staff cannot; they send the customer to the page where it is done."""

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.desk.actions.base import About, Facts, ServiceAction
from guitai.notify import api as notify
from guitai.wallet.types import Decided


class ChangePhone(ServiceAction):
    """A number is never changed on somebody's word: its owner shows proofs, or waits while every contact is told."""

    name = "change_phone"
    title = _("Start a change of phone number")
    does = _("Sends the way to the page where the customer changes the number, with or without the old one.")
    told = _("The customer gets a message with the link.")
    verb = "notify.send"
    icon = "smartphone"
    # A phone in the wrong hands answers an SMS: it does not start to move the number.
    proof = 2
    tells = False

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        notify.send(about.customer, "desk.change_phone", {}, key=f"change-phone:{decided.approval}")
        return {}
