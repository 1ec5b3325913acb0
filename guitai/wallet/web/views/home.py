"""Home: what one has, what needs one, what happened last."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guitai.people.api import customer_required, profile, written_phone
from guitai.wallet import api
from guitai.wallet.web import showing
from guitai.wallet.web.views.common import owner_of

_RECENT = 8


@require_safe
@customer_required
def home(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    recent = api.operations(owner, limit=_RECENT)
    return render(
        request,
        "wallet/home.html",
        {
            "balances": api.balances(owner),
            "needs": [(view, *showing.attention(view)) for view in api.needs_attention(owner)],
            "days": showing.days(recent.items),
            "more": recent.next_cursor is not None,
            "phone": written_phone(profile(owner, purpose=None).phone),
        },
    )
