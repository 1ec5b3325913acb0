"""Top up: one question, then the operation's page says how to pay."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.people.api import customer_required
from guitai.skin.text import money_text
from guitai.wallet import api
from guitai.wallet.web.drafts import fresh_key
from guitai.wallet.web.forms import TopUpForm, add_refusal
from guitai.wallet.web.views.common import owner_of


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def top_up(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    if request.method != "POST":
        again = api.repeat(owner, request.GET.get("repeat", ""))
        initial = {"key": fresh_key()}
        if again:
            initial |= {"amount": again.amount.grouped(), "currency": again.amount.currency}
        return _asked(request, TopUpForm(initial=initial))
    form = TopUpForm(request.POST)
    if form.is_valid():
        try:
            outcome = api.start_top_up(owner, amount=form.money, key=form.cleaned_data["key"])
            return redirect("wallet:operation", outcome.reference)
        except Refusal as refusal:
            add_refusal(form, refusal)
            if refusal.code == "idempotency_key_reused":
                form.data = {**request.POST.dict(), "key": fresh_key()}
    return _asked(request, form)


def _asked(request: HttpRequest, form: TopUpForm) -> HttpResponse:
    limits = api.limits_of(owner_of(request), ("top_up",))
    once = next((m.limit for m in limits if (m.window, m.currency) == ("once", form.currency)), None)
    most = money_text(once) if once else ""
    return render(request, "wallet/top_up.html", {"form": form, "most": most})
