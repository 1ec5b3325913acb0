"""Unfreeze: lift what staff had stopped, after the customer has shown who they are and two have looked."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.desk.actions.base import About, Facts, Field, ServiceAction, clean_choice
from guitai.desk.errors import ActionStale
from guitai.people import api as people
from guitai.people.types import Cause
from guitai.wallet.types import Decided

_REASONS = {"by_staff": _("by staff"), "by_risk": _("by our checks")}
_STAFFS = frozenset(_REASONS)


class Unfreeze(ServiceAction):
    """One cause and no other; an order of the law is not lifted here."""

    name = "unfreeze"
    title = _("Unfreeze the account")
    does = _("Lifts one freeze that staff or the checks have set. Every other stop stays.")
    told = _("The customer is told that it is lifted.")
    verb = "people.release_by_staff"
    icon = "sun"
    proof = 2
    second = "always"
    tells = False

    def needs(self, about: About) -> int:
        # Low to freeze, high to release: the strongest that the customer has.
        return 3 if people.has_passkey(about.customer) else self.proof

    def missing(self, about: About) -> str:
        return "" if _causes(about) else "action_nothing_frozen"

    def fields(self, about: About) -> tuple[Field, ...]:
        choices = tuple(
            (str(cause.id), f"{cause.since:%Y-%m-%d %H:%M} · {_REASONS[cause.reason]}")
            for cause in _causes(about)
        )
        return (Field("cause", "choice", _("Which one"), choices),)

    def clean(self, about: About, given: Mapping[str, str]) -> Facts:
        return {"cause": clean_choice(given, "cause", tuple(str(cause.id) for cause in _causes(about)))}

    def check(self, about: About, facts: Facts) -> None:
        if facts["cause"] not in {str(cause.id) for cause in _causes(about)}:
            raise ActionStale()

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        cause, purpose = UUID(facts["cause"]), about.purpose(decided.reason)
        people.release_by_staff(about.customer, actor, cause=cause, purpose=purpose)
        return {}


def _causes(about: About) -> list[Cause]:
    return [cause for cause in about.standing.causes if cause.reason in _STAFFS]
