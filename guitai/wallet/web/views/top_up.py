"""Top up: by which way, how much, review; then the operation's page says how to pay."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guitai.base.money import Money
from guitai.base.refusal import NotFound, Refusal
from guitai.kit.operator import operator
from guitai.people.api import customer_required
from guitai.skin.text import money_text
from guitai.wallet import api
from guitai.wallet.rail_words import rail_name
from guitai.wallet.types import Terms, TopUpChoice
from guitai.wallet.web import ways, words
from guitai.wallet.web.drafts import fresh_key
from guitai.wallet.web.forms import TopUpForm, add_refusal
from guitai.wallet.web.views.common import owner_of, payer_of

_REVIEWED = "review"
# What a payer who comes back from a rail waits for; anything else is shown as the bill that it is.
_WAITS = ("awaiting_payment", "processing", "unknown")


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def top_up(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _begin(request)
    form = TopUpForm(request.POST)
    if not form.is_valid():
        return _ask_amount(request, form)
    step = request.POST.get("step")
    if step == "back":
        return _ask_amount(request, TopUpForm(initial=_entered(form)))
    if step == _REVIEWED:
        return _review(request, form)
    return _start(request, form)


def _begin(request: HttpRequest) -> HttpResponse:
    again = api.repeat(owner_of(request), request.GET.get("repeat", ""))
    initial = {"key": fresh_key()}
    if again:
        initial |= {"amount": again.amount.grouped(), "currency": again.amount.currency}
    choices = _choices(request)
    rail = request.GET.get("rail", "")
    if rail not in {choice.rail for choice in choices}:
        if len(choices) > 1:
            repeat = request.GET.get("repeat", "") if again else ""
            context = {
                "ways": [ways.shown(choice) for choice in choices],
                "repeat": repeat,
                "standing": api.takes_standing_transfers(),
            }
            return render(request, "wallet/top_up_way.html", context)
        # Paying into an account needs nothing of the bank beforehand, so this way is always there.
        rail = choices[0].rail if choices else "bank"
    return _ask_amount(request, TopUpForm(initial={**initial, "rail": rail}))


def _ask_amount(request: HttpRequest, form: TopUpForm) -> HttpResponse:
    choice = _choice(request, form.rail_name, form.currency)
    context = {
        "form": form,
        "rail": form.rail_name,
        "rail_name": rail_name(form.rail_name),
        "most": _most(request, form, choice),
        "way": ways.shown(choice) if choice else None,
        "several": len(_choices(request)) > 1,
        "standing": api.takes_standing_transfers(),
    }
    return render(request, "wallet/top_up.html", context)


def _review(request: HttpRequest, form: TopUpForm, *, changed: bool = False) -> HttpResponse:
    amount, fee = form.money, api.top_up_fee(form.rail_name, form.money)
    choice = _choice(request, form.rail_name, amount.currency)
    if choice is not None and not _fits(form, amount, choice):
        return _ask_amount(request, form)
    context = {
        "entered": _entered(form),
        "amount": amount,
        "fee": fee,
        "arrives": amount - fee,
        "rail": form.rail_name,
        "rail_name": rail_name(form.rail_name),
        "way": ways.shown(choice) if choice else None,
        "changed": changed,
        "several": len(_choices(request)) > 1,
    }
    return render(request, "wallet/top_up_review.html", context)


def _start(request: HttpRequest, form: TopUpForm) -> HttpResponse:
    shown = request.POST.get("fee_minor", "")
    # Digits only, as we wrote them; without them nothing was shown, and there is no fee to hold to.
    terms = (
        Terms("approved", Money(int(shown), form.money.currency))
        if shown.isascii() and shown.isdigit() and len(shown) <= len(str(form.money.minor))
        else None
    )
    try:
        outcome = api.start_top_up(
            owner_of(request),
            amount=form.money,
            key=form.cleaned_data["key"],
            rail=form.rail_name,
            terms=terms,
            **payer_of(request),
        )
    except Refusal as refusal:
        add_refusal(form, refusal)
        if refusal.code == "idempotency_key_reused":
            form.data = {**request.POST.dict(), "key": fresh_key()}
        return _ask_amount(request, form)
    if outcome.code == "top_up_terms_changed" and not outcome.replayed:
        form.data = {**request.POST.dict(), "key": fresh_key()}
        return _review(request, form, changed=True)
    return redirect("wallet:operation", outcome.reference)


@require_http_methods(["GET", "HEAD"])
@customer_required
def returned(request: HttpRequest, reference: str) -> HttpResponse:
    """The payer is back from a rail's page. That proves nothing: only the rail's own word does, and we wait for it."""
    try:
        detail = api.operation(owner_of(request), reference)
    except NotFound as error:
        raise Http404 from error
    view = detail.view
    if view.kind != "top_up" or view.state not in _WAITS or view.code is not None:
        return redirect("wallet:operation", view.reference)
    context = {
        "view": view,
        "state": words.STATES[view.state],
        "rail_name": rail_name(view.rail),
        "page_title": words.title_of(view),
    }
    return render(request, "wallet/top_up_return.html", context)


def _choices(request: HttpRequest) -> list[TopUpChoice]:
    """Each way in once, in the first of the operator's currencies that it takes."""
    found: dict[str, TopUpChoice] = {}
    for currency in operator().currencies:
        for choice in api.top_up_choices(owner_of(request), currency):
            found.setdefault(choice.rail, choice)
    return list(found.values())


def _choice(request: HttpRequest, rail: str, currency: str) -> TopUpChoice | None:
    offered = api.top_up_choices(owner_of(request), currency)
    return next((choice for choice in offered if choice.rail == rail), None)


def _fits(form: TopUpForm, amount: Money, choice: TopUpChoice) -> bool:
    """Whether the way takes such an amount; said beside the field before anything is recorded."""
    try:
        api.check_top_up_bounds(choice, amount)
    except Refusal as refusal:
        add_refusal(form, refusal)
        return False
    return True


def _most(request: HttpRequest, form: TopUpForm, choice: TopUpChoice | None) -> str:
    if choice is not None:
        return money_text(choice.maximum) if choice.maximum else ""
    limits = api.limits_of(owner_of(request), ("top_up",))
    once = next((m.limit for m in limits if (m.window, m.currency) == ("once", form.currency)), None)
    return money_text(once) if once else ""


def _entered(form: TopUpForm) -> dict[str, Any]:
    """What the screens carry on: as it was typed, cleaned."""
    return {
        "key": form.data.get("key", ""),
        "rail": form.rail_name,
        "amount": form.money.grouped(),
        "currency": form.money.currency,
    }
