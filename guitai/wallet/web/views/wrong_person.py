"""Asking for money back that went to the wrong person, and giving it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guitai.base.refusal import NotFound, Refusal
from guitai.people.api import customer_required
from guitai.wallet import api
from guitai.wallet.web.drafts import fresh_key
from guitai.wallet.web.forms import PinForm, add_refusal, sentences
from guitai.wallet.web.views.common import owner_of


@require_POST
@customer_required
def ask_back(request: HttpRequest, reference: str) -> HttpResponse:
    """The sender asks; the payee reads it and decides."""
    try:
        api.ask_back(owner_of(request), reference)
    except NotFound as error:
        raise Http404 from error
    except Refusal as refusal:
        messages.error(request, sentences(refusal.code, refusal.facts))
    else:
        messages.success(
            request,
            _("We have asked for it. Whoever has it decides; if nobody has, it comes back to you by itself."),
        )
    return redirect("wallet:operation", reference)


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """The payee gives it back: one page, with the PIN."""
    owner = owner_of(request)
    try:
        detail, amount = api.operation(owner, reference), api.may_give_back(owner, reference)
    except NotFound as error:
        raise Http404 from error
    except Refusal as refusal:
        messages.error(request, sentences(refusal.code, refusal.facts))
        return redirect("wallet:operation", reference)
    form = PinForm(request.POST or None)
    key = request.POST.get("key") or fresh_key()
    if request.method == "POST" and form.is_valid():
        try:
            outcome = api.give_back(owner, reference, pin=form.cleaned_data["pin"], key=key)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            if outcome.outcome != "refused":
                messages.success(request, _("The money is on its way back."))
                return redirect("wallet:operation", outcome.reference)
            form.add_error("pin", sentences(outcome.code or "", outcome.facts))
            key = fresh_key()
    facts = {"view": detail.view, "amount": amount, "form": form, "key": key}
    return render(request, "wallet/give_back.html", facts, status=422 if form.errors else 200)
