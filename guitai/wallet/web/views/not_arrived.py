""" "My top-up has not arrived": three questions, then the answer."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.kit.explain import explain, sentences, status
from guitai.kit.files import FileRefused
from guitai.people.api import customer_required
from guitai.wallet import api
from guitai.wallet.types import TopUpAnswer
from guitai.wallet.web.forms import add_refusal
from guitai.wallet.web.reconciliation_forms import NotArrivedForm
from guitai.wallet.web.views.common import owner_of

_TONES = {
    "solved": "ok", "arrived": "ok", "platform_fault": "info", "being_checked": "info", "bank_delay": "wait",
}  # fmt: skip
# What a person has to look at is a case away, filled in already.
_WITH_CASE = frozenset({"wrong_reference", "different_amount", "paid_by_another", "unpaid", "arrived"})


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def not_arrived(request: HttpRequest) -> HttpResponse:
    """Ask, or answer."""
    if request.method != "POST":
        again = api.repeat(owner_of(request), request.GET.get("operation", ""))
        initial = {"paid_on": now().date().isoformat()}
        if again:
            initial |= {"amount": again.amount.grouped(), "currency": again.amount.currency}
        return render(request, "wallet/not_arrived.html", {"form": NotArrivedForm(initial=initial)})
    form = NotArrivedForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            answer = api.find_top_up(
                owner_of(request), amount=form.money, paid_from=given["paid_from"], paid_on=given["paid_on"],
                slip=given["slip"], picture=given["picture"],
            )  # fmt: skip
        except FileRefused as refusal:
            form.add_error("picture", sentences(refusal.code, refusal.facts))
            return render(request, "wallet/not_arrived.html", {"form": form}, status=422)
        except Refusal as refusal:
            add_refusal(form, refusal)
            code = status(refusal.code)
            return render(request, "wallet/not_arrived.html", {"form": form}, status=code)
        kept = bool(given["picture"]) and answer.cause not in ("solved", "arrived")
        return render(request, "wallet/not_arrived_answer.html", {**_answered(answer), "kept": kept})
    return render(request, "wallet/not_arrived.html", {"form": form}, status=422)


def _answered(answer: TopUpAnswer) -> dict[str, object]:
    case = ""
    if answer.cause in _WITH_CASE:
        named = {"category": "top_up", **({"operation": answer.reference} if answer.reference else {})}
        case = f"/cases/new/?{urlencode(named)}"
    return {
        "answer": answer,
        "said": explain(f"not_arrived_{answer.cause}", answer.facts),
        "tone": _TONES.get(answer.cause, "wait"),
        "case": case,
    }
