"""Unlock sign-in: for somebody who is locked out after wrong tries, or was stopped in an unusual place."""

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.desk.actions.base import About, Facts, ServiceAction
from guitai.desk.errors import ActionStale
from guitai.people import api as people
from guitai.people.types import Cause
from guitai.wallet.types import Decided

_TRIES = frozenset({"wrong_password", "unusual_place"})


class Unlock(ServiceAction):
    """Whoever is locked out cannot approve in the app: the SMS code has to do, and so two persons look.

    The password is still needed afterwards. A lock for an unusual place leaves signing in open: there the app can be
    asked, and a phone in the wrong hands is what the lock is against.
    """

    name = "unlock"
    title = _("Unlock sign-in")
    does = _("Ends the lock after wrong passwords or from an unusual place. The password stays as it is.")
    told = _("The customer is told that signing in works again.")
    verb = "people.release"
    icon = "lock-open"
    proof = 1
    second = "always"
    tells = False

    def needs(self, about: About) -> int:
        return 2 if any(cause.reason == "unusual_place" for cause in _causes(about)) else self.proof

    def missing(self, about: About) -> str:
        return "" if _causes(about) else "action_nothing_locked"

    def check(self, about: About, facts: Facts) -> None:
        if not _causes(about):
            raise ActionStale()

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        for cause in _causes(about):
            people.release(about.customer, actor, cause=cause.id, purpose=about.purpose(decided.reason))
        return {}


def _causes(about: About) -> list[Cause]:
    return [cause for cause in about.standing.causes if cause.reason in _TRIES]
