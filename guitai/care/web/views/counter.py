"""The counter: search, what looks wrong right now, my cases, contact, freeze."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guitai.base.clock import now
from guitai.care import api
from guitai.care.solve.troubles import TROUBLES
from guitai.care.web.reader import customer_of, language
from guitai.skin.text import money_text
from guitai.wallet import api as wallet
from guitai.wallet.types import OperationView

_REFUSED_FOR = timedelta(days=3)
_TILES_MAX, _CASES_SHOWN, _ARTICLES_SHOWN, _TROUBLES_SHOWN = 4, 3, 5, 6
_LATE_AFTER = timedelta(minutes=10)
_WRONG = ("held", "unknown", "processing", "failed")
# By kind and state; by the state alone for a transfer and whatever is like one.
_TITLES: dict[str, Promise] = {
    "held": gettext_lazy("Your transfer of %(amount)s is on hold"),
    "unknown": gettext_lazy("We are finding out what became of %(amount)s"),
    "awaiting_payment": gettext_lazy("Your top-up of %(amount)s has not arrived"),
    "processing": gettext_lazy("Your transfer of %(amount)s is on its way"),
    "failed": gettext_lazy("Your transfer of %(amount)s failed"),
    "refused": gettext_lazy("Your transfer of %(amount)s was refused"),
    "top_up processing": gettext_lazy("Your top-up of %(amount)s has not arrived"),
    "top_up failed": gettext_lazy("Your top-up of %(amount)s failed"),
    "top_up refused": gettext_lazy("Your top-up of %(amount)s was refused"),
    "withdrawal held": gettext_lazy("Your withdrawal of %(amount)s is being checked"),
    "withdrawal processing": gettext_lazy("Your withdrawal of %(amount)s is on its way"),
    "withdrawal failed": gettext_lazy("Your withdrawal of %(amount)s failed; the money is back"),
    "withdrawal returned": gettext_lazy("Your withdrawal of %(amount)s came back"),
    "withdrawal refused": gettext_lazy("Your withdrawal of %(amount)s was refused"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """Something that looks wrong, with the way to where it stands."""

    operation: OperationView
    title: str
    detail: str
    tone: str
    case: str | None


@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    """Open to everybody: signed out it still searches, says how to reach us, and freezes."""
    customer = customer_of(request)
    return render(
        request,
        "care/counter.html",
        {
            "signed_in": customer is not None,
            "troubles": list(TROUBLES.values())[:_TROUBLES_SHOWN],
            "tiles": tiles(customer) if customer else [],
            "cases": api.cases_of(customer, limit=_CASES_SHOWN).items if customer else [],
            "regions": api.contact_regions(),
            "articles": api.popular_articles(language(), _ARTICLES_SHOWN),
        },
    )


def tiles(customer: UUID) -> list[Tile]:
    """What looks wrong now: open in a worrying way, or refused lately. The newest first."""
    waiting = {view.id: view for view in wallet.needs_attention(customer)}
    waiting |= {view.id: view for view in wallet.operations(customer).items}
    wrong = [view for view in waiting.values() if _looks_wrong(view)]
    wrong.sort(key=lambda view: view.created_at, reverse=True)
    shown = wrong[:_TILES_MAX]
    open_cases = api.open_cases_about(customer, "operation", [view.id for view in shown])
    return [_tile(view, open_cases.get(view.id)) for view in shown]


def _looks_wrong(view: OperationView) -> bool:
    if view.state == "refused" or (view.kind, view.state) == ("withdrawal", "returned"):
        return view.created_at > now() - _REFUSED_FOR
    if view.state == "awaiting_payment":
        return view.created_at < now() - _LATE_AFTER
    return view.state in _WRONG


def _tile(view: OperationView, case: str | None) -> Tile:
    words = _TITLES.get(f"{view.kind} {view.state}") or _TITLES[view.state]
    details = {
        "returned": _("See how much came back, and why"),
        "held": _("See why, and by when it is decided"),
        "unknown": _("See what we know, and by when it is settled"),
        "awaiting_payment": _("See where it is"),
        "processing": _("See where it is"),
    }
    detail = details.get(view.state, _("See why, and what you can do"))
    tone = "wait" if view.state in ("held", "unknown", "processing", "awaiting_payment") else "quiet"
    return Tile(view, str(words) % {"amount": money_text(view.amount)}, detail, tone, case)
