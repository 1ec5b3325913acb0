"""Ask the rail again: has the money come, or what became of what left?"""

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.desk.actions.base import About, Facts, ServiceAction
from guitai.desk.errors import ActionStale
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet.types import Decided

# What can be asked about, by the kind of an operation.
_OPEN = {
    "top_up": frozenset({"awaiting_payment", "processing", "unknown", "expired", "failed"}),
    "withdrawal": frozenset({"processing", "unknown"}),
}


class Requery(ServiceAction):
    """What the rail proves then counts as if it had told us by itself; asked twice it is the same."""

    name = "requery"
    title = _("Ask the bank or gateway again")
    does = _("Asks what became of this top-up or withdrawal. A genuine answer counts at once.")
    told = _("The customer is told when the money has moved.")
    verb = "rails.query"
    icon = "refresh-cw"
    inside = False
    tells = False

    def missing(self, about: About) -> str:
        found = about.operation
        asked = found is not None and found.view.state in _OPEN.get(found.view.kind, ())
        return "" if asked else "action_nothing_to_ask"

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        if about.operation is None:
            raise ActionStale()
        reference = about.operation.view.reference
        if about.operation.view.kind == "withdrawal":
            answered = rails.query_payout(reference)
            wallet.hear_withdrawal(reference)
            return {"answer": f"payout_{answered.state}"}
        if (told := rails.rail_record(reference)) is None:
            raise ActionStale()
        answer = rails.query(reference, rail=told.rail)
        rails.came_back(told.rail, reference)
        return {"answer": answer.state}
