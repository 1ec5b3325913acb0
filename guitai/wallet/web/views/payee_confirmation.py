"""The page on which a customer confirms, in the app of whoever pays them out, that a withdrawal may arrive."""

import msgspec
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guitai.base.reference import parse_reference
from guitai.base.refusal import NotFound
from guitai.kit.environment import environment
from guitai.kit.middleware import content_policy
from guitai.people.api import customer_required
from guitai.wallet import api
from guitai.wallet.web.payees import qr_svg
from guitai.wallet.web.views.common import owner_of


@require_safe
@customer_required
def confirmation(request: HttpRequest, reference: str) -> HttpResponseBase:
    """What waits for its owner; whatever waits no more is shown as it is."""
    canonical = parse_reference(reference)
    if canonical is not None and canonical != reference:
        return redirect("wallet:payee_confirmation", canonical)
    # WeChat signs the address as the browser has it.
    own = f"{environment().public_url}{reverse('wallet:payee_confirmation', args=[reference])}"
    try:
        page = api.withdrawal_confirmation(owner_of(request), reference, own)
        detail = api.operation(owner_of(request), reference)
    except NotFound as error:
        raise Http404 from error
    if page is None or detail.withdrawal is None or detail.withdrawal.confirm_by is None:
        return redirect("wallet:operation", detail.view.reference)
    facts = {
        "view": detail.view,
        "confirm_by": detail.withdrawal.confirm_by,
        "page": page,
        "asked": msgspec.json.encode({"signed": dict(page.signed), "wish": dict(page.wish)}).decode(),
        "qr": qr_svg(own, _("QR code of this page")),
    }
    response = render(request, "wallet/withdraw_confirm.html", facts)
    response["Content-Security-Policy"] = content_policy(runs=page.script_url)
    return response
