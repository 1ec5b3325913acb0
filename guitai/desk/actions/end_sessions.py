"""Sign the customer out everywhere."""

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.desk.actions.base import About, Facts, ServiceAction
from guitai.people import api as people
from guitai.wallet.types import Decided


class EndSessions(ServiceAction):
    """Without proof, like a freeze: it only makes everybody show again who they are."""

    name = "end_sessions"
    title = _("Sign out everywhere")
    does = _("Ends every session of this customer, on all devices.")
    told = _("The customer is told, and signs in again.")
    verb = "people.end_sessions"
    icon = "log-out"

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        people.end_sessions(about.customer)
        return {}
