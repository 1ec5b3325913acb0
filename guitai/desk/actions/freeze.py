"""Freeze: stop what leaves, at once."""

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.desk.actions.base import About, Facts, ServiceAction
from guitai.people import api as people
from guitai.wallet.types import Decided


class Freeze(ServiceAction):
    """Anybody on the staff, without proof: stopping harms less than not stopping."""

    name = "freeze"
    title = _("Freeze the account")
    does = _("Stops payments and withdrawals at once and signs out everywhere.")
    told = _("The customer is told at once, with the way out.")
    verb = "people.freeze"
    icon = "snowflake"
    tells = False
    danger = True

    def missing(self, about: About) -> str:
        mine = any(
            c.reason == "by_staff" and c.basis == str(about.case.row.id) for c in about.standing.causes
        )
        return "action_frozen_already" if mine or about.standing.state == "closed" else ""

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        people.freeze(about.customer, actor, "by_staff", purpose=about.purpose(decided.reason))
        return {}
