"""Where a payment goes back to that nobody can be credited: its owner names one of their own accounts."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.explain import sentences
from guitai.people.api import bindings, customer_required
from guitai.wallet import api
from guitai.wallet.rules.withdrawals import is_at_bank
from guitai.wallet.web.views.common import owner_of


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def return_account(request: HttpRequest, reference: str) -> HttpResponse:
    """One page: the bound accounts, and which of them."""
    owner, problem = owner_of(request), ""
    amount = api.return_account_wanted(owner, reference)
    if amount is None:
        # Also what somebody else is asked for.
        raise Http404
    if request.method == "POST":
        try:
            api.name_return_account(owner, reference, account=UUID(request.POST.get("account", "")))
        except ValueError:
            problem = _("Choose an account.")
        except Refusal as refusal:
            problem = sentences(refusal.code, refusal.facts)
        else:
            messages.success(request, _("Thank you. Two of our staff look at it and send it there."))
            return redirect("wallet:operation", reference)
    # It goes back by a bank.
    accounts = [one for one in bindings(owner) if is_at_bank(one.kind)]
    facts = {"reference": reference, "amount": amount, "accounts": accounts, "problem": problem}
    return render(request, "wallet/return_account.html", facts, status=422 if problem else 200)
