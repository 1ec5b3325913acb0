"""Receive: one's own number, as a picture and as something to tell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guitai.people.api import customer_required, profile, told_standing, written_phone
from guitai.wallet.web.payees import qr_svg, token_of
from guitai.wallet.web.views.common import owner_of


@require_safe
@customer_required
def receive(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    own, now = profile(owner, purpose=None), told_standing(owner)
    address = request.build_absolute_uri(f"{reverse('wallet:transfer')}?to={token_of(own.phone)}")
    return render(
        request,
        "wallet/receive.html",
        {
            "qr": qr_svg(address, _("QR code with your number")),
            "phone": written_phone(own.phone),
            # A silent stop is not told, not even here.
            "stopped": now.stops("receiving") and now.disclosure != "silent",
        },
    )
