"""Pay in by bank transfer at any time: to whom, with which reference of one's own, and to which number of one's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guitai.kit.operator import operator
from guitai.people.api import customer_required
from guitai.wallet import api
from guitai.wallet.web.views.common import owner_of


@require_safe
@customer_required
def by_transfer(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    found = [api.standing_transfer(owner, currency) for currency in operator().currencies]
    return render(request, "wallet/by_transfer.html", {"ways": [way for way in found if way is not None]})
