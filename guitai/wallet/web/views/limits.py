"""My limits: what may still move, and the way up."""

from django.http import HttpRequest
from django.http.response import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from guitai.people.api import customer_required, identity
from guitai.wallet import api
from guitai.wallet.types import LimitView
from guitai.wallet.web.views.common import owner_of

KINDS: dict[str, tuple[Promise, str]] = {
    "transfer": (gettext_lazy("Transfers"), "send"),
    "payment": (gettext_lazy("Payments to shops"), "shopping-bag"),
    "withdrawal": (gettext_lazy("Withdrawals"), "landmark"),
    "top_up": (gettext_lazy("Top-ups"), "plus"),
}
WINDOWS: dict[str, Promise] = {
    "once": gettext_lazy("each time"),
    "day": gettext_lazy("in a day"),
    "month": gettext_lazy("in a month"),
}


@require_GET
@customer_required
def limits(request: HttpRequest) -> HttpResponse:
    """Every limit with what is used of it, by currency; and what the next tier would allow."""
    owner = owner_of(request)
    views = api.limits_of(owner, ("transfer", "payment", "withdrawal", "top_up"))
    currencies = list(dict.fromkeys(view.currency for view in views))
    groups = [
        {"currency": currency, "kinds": _kinds([view for view in views if view.currency == currency])}
        for currency in currencies
    ]
    own = identity(owner)
    facts = {
        "groups": groups,
        "own": own,
        "next_tier": own.tier + 1,
        "new_pin_until": api.new_pin_until(owner),
        "way_up": any(view.next_tier_limit is not None for view in views) and own.tier < own.tier_max,
    }
    return render(request, "wallet/limits.html", facts)


def _kinds(views: list[LimitView]) -> list[dict[str, object]]:
    """The limits of one currency, those of one kind together."""
    found = []
    for kind, (title, icon) in KINDS.items():
        lines = [{"view": view, "window": WINDOWS[view.window]} for view in views if view.kind == kind]
        if lines:
            found.append({"title": title, "icon": icon, "lines": lines})
    return found
