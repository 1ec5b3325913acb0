"""Bills: everything that happened, newest first."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guitai.base.refusal import NotFound
from guitai.kit.cursors import CursorInvalid
from guitai.people.api import customer_required
from guitai.wallet import api
from guitai.wallet.web import showing
from guitai.wallet.web.views.common import owner_of


@require_safe
@customer_required
def bills(request: HttpRequest) -> HttpResponse:
    owner, query = owner_of(request), request.GET.get("q", "").strip()
    if query:
        try:
            return redirect("wallet:operation", api.operation(owner, query).view.reference)
        except NotFound:
            pass
    direction = request.GET.get("direction")
    direction = direction if direction in ("in", "out") else None
    try:
        page = api.operations(owner, request.GET.get("cursor") or None, 20, direction)
    except CursorInvalid:
        return redirect("wallet:bills")
    following = {"direction": direction, "cursor": page.next_cursor}
    return render(
        request,
        "wallet/bills.html",
        {
            "query": query,
            "not_found": bool(query),
            "filters": _filters(direction),
            "days": showing.days(page.items),
            "direction": direction,
            "continued": bool(request.GET.get("cursor")),
            "next": _address(**following) if page.next_cursor else "",
        },
    )


def _filters(direction: str | None) -> list[dict[str, Any]]:
    labels = {None: _("All"), "in": _("Money in"), "out": _("Money out")}
    return [
        {"label": label, "href": _address(direction=value), "current": value == direction, "count": None}
        for value, label in labels.items()
    ]


def _address(**query: str | None) -> str:
    given = {name: value for name, value in query.items() if value}
    return reverse("wallet:bills") + (f"?{urlencode(given)}" if given else "")
