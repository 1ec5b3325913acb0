"""What stands around a case on its screen: everything that happened, proofs, actions, clocks, the suggested step."""

from typing import Any

from django.http import HttpRequest

from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care import api as care
from guitai.care.api import CATEGORIES, priority_words
from guitai.care.types import OVER
from guitai.desk.action_reads import offers
from guitai.desk.actions.base import About
from guitai.desk.rules.actions import ring
from guitai.desk.rules.suggest import suggested
from guitai.desk.timeline import FILTERS, METRICS, timeline
from guitai.desk.types import ClockLine, Workspace
from guitai.desk.web.action_forms import PhraseForm
from guitai.kit.explain import explain

_WAYS = ("app", "sms", "phrase", "passkey")


def side_of(request: HttpRequest, work: Workspace, staff: Actor) -> dict[str, Any]:
    """The template's facts for one case."""
    case, row = work.case, work.case.row
    show = request.GET.get("show", "all")
    show = show if show in FILTERS else "all"
    about = About(case, work.standing, work.operation, staff)
    offered = offers(about, staff)
    possible = frozenset(one.name for one in offered if not one.missing and one.permitted and not one.waiting)
    view = work.operation.view if work.operation else None
    name = "" if row.state in OVER else suggested(row.category, view, work.standing, possible)
    asked = next((one for one in care.proofs_of(row.id) if one.state == "asked"), None)
    return {
        "show": show,
        "timeline": timeline(case, staff, show, request.GET.get("before")),
        "filters": [
            {"label": label, "href": f"?show={key}&{_carry(request)}", "current": key == show}
            for key, label in FILTERS.items()
        ],
        "carried": _carry(request),
        "offers": offered,
        "why_not": {one.name: explain(one.missing, {}).title for one in offered if one.missing},
        "suggestion": next((one for one in offered if one.name == name), None),
        "proof": care.proof_standing(row.customer, row.id),
        "proof_asked": asked,
        "ways": _WAYS,
        "phrase": PhraseForm(),
        "clocks": [
            ClockLine(
                title=str(METRICS.get(one.metric, one.metric)),
                due_at=one.due_at,
                percent=100
                if one.late
                else ring(
                    row.opened_at.timestamp(),
                    one.due_at.timestamp() if one.due_at else None,
                    now().timestamp(),
                ),
                state=one.state,
                late=one.late,
            )
            for one in case.clocks
        ],
        "may_sort": row.state not in OVER,
        "categories": list(CATEGORIES.items()),
        "priorities": [(number, priority_words(number)) for number in (1, 2, 3)],
    }


def _carry(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("show", "before"):
        query.pop(name, None)
    return query.urlencode()
