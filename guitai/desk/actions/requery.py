"""Ask the rail again: has the money come?"""

from django.utils.translation import gettext_lazy as _

from guitai.base.actor import Actor
from guitai.desk.actions.base import About, Facts, ServiceAction
from guitai.desk.errors import ActionStale
from guitai.rails import api as rails
from guitai.wallet.types import Decided

_OPEN = frozenset({"awaiting_payment", "processing", "unknown", "expired", "failed"})


class Requery(ServiceAction):
    """What the rail proves then settles as if it had told us by itself."""

    name = "requery"
    title = _("Ask the bank or gateway again")
    does = _("Asks what became of this top-up. A genuine answer that it was paid credits it.")
    told = _("The customer is told when the money is credited.")
    verb = "rails.query"
    icon = "refresh-cw"
    inside = False
    tells = False

    def missing(self, about: About) -> str:
        found = about.operation
        asked = found is not None and found.view.kind == "top_up" and found.view.state in _OPEN
        return "" if asked else "action_no_open_top_up"

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        if about.operation is None or (told := rails.rail_record(about.operation.view.reference)) is None:
            raise ActionStale()
        answer = rails.query(about.operation.view.reference, rail=told.rail)
        rails.came_back(told.rail, about.operation.view.reference)
        return {"answer": answer.state}
