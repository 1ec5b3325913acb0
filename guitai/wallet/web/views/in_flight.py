"""What is on its way, and what becomes of each while something stops the wallet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guitai.people.api import customer_required, told_standing
from guitai.people.types import Standing
from guitai.wallet.flows.close_wallet import in_flight as open_operations
from guitai.wallet.types import OperationView
from guitai.wallet.web import showing
from guitai.wallet.web.views.common import owner_of


@require_safe
@customer_required
def in_flight(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    standing = told_standing(owner)
    rows = [
        (showing.bill_row(view), fate(view, standing), view.resolves_by) for view in open_operations(owner)
    ]
    facts = {"rows": rows, "stopped": standing.state != "active"}
    return render(request, "wallet/in_flight.html", facts)


def fate(view: OperationView, standing: Standing) -> str:
    """What becomes of an open operation, as the person may know it."""
    if view.direction == "in":
        return _incoming(view, standing)
    stopped = standing.stops("spending") or standing.stops("withdrawal")
    if view.state == "held":
        if stopped:
            return _(
                "It does not go on while your wallet is stopped; by its deadline it is back in your wallet."
            )
        return _("We look at it; it goes on, or comes back to your wallet.")
    if view.state == "sent":
        if stopped:
            return _(
                "What has not arrived yet does not arrive while your wallet is stopped: it comes back to you."
            )
        return _("Sent. If nobody takes it, it comes back to you.")
    if stopped:
        return _("What has not left yet does not leave; of what has, we wait for the bank's answer.")
    return _("We wait for the bank's answer. Whatever it is, the money is not lost.")


def _incoming(view: OperationView, standing: Standing) -> str:
    if standing.stops("receiving"):
        return _("Nothing is credited while receiving is stopped; a payment that comes is set aside for you.")
    if view.state == "awaiting_payment":
        return _("If it is paid, the money is received and kept for you.")
    return _("It is received and kept for you.")
