"""Withdraw: to which account, how much, review, PIN. The review is the contract: nothing after it differs from it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit.explain import explain
from guitai.kit.problems import problem_response
from guitai.people.api import customer_required, has_passkey, has_pin, told_standing
from guitai.skin.text import money_text
from guitai.wallet import api
from guitai.wallet.detail import facts_of
from guitai.wallet.rail_words import rail_name
from guitai.wallet.types import OperationView, Terms
from guitai.wallet.web import drafts, withdrawal_words
from guitai.wallet.web import withdraw_drafts as own_drafts
from guitai.wallet.web.forms import AmountForm, PinForm, add_refusal, sentences
from guitai.wallet.web.views.common import owner_of, problem_page
from guitai.wallet.web.views.withdraw_start import empty, offered
from guitai.wallet.web.views.withdraw_ways import by_rail, several_ways, shown
from guitai.wallet.web.withdraw_drafts import Draft
from guitai.wallet.withdrawal_types import Destination, WithdrawalQuote


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def withdraw(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    now = told_standing(owner)
    if now.stops("withdrawal") or now.stops("spending"):
        facts = {"since": now.since.isoformat()} if now.since else {}
        return problem_page(
            request, "frozen", facts, title=pgettext("to a bank", "Withdraw"), back="wallet:home"
        )
    if request.method != "POST":
        again = api.repeat_withdrawal(owner, request.GET.get("repeat", ""))
        return _ask_account(request, own_drafts.begin(again, closing="closing" in request.GET))
    draft = own_drafts.read(request.POST.get("draft", ""), owner)
    if draft is None:
        words = _("This page was open for more than 15 minutes. Please start again; nothing was sent.")
        messages.error(request, words)
        return redirect("wallet:withdraw")
    if (wanted := request.POST.get("go")) in _SCREENS:
        return _SCREENS[wanted](request, draft)
    return _STEPS.get(request.POST.get("step", ""), _take_account)(request, draft)


def _take_account(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        chosen = UUID(request.POST.get("account", ""))
    except ValueError:
        return _ask_account(request, draft, problem=_("Choose the account that the money goes to."))
    account = _account(request, chosen)
    if account is None:
        return _ask_account(request, draft, problem=sentences("account_not_bound", {}))
    return _ask_way(request, msgspec.structs.replace(draft, account=account.id, rail=""))


def _take_way(request: HttpRequest, draft: Draft) -> HttpResponse:
    if draft.account is None:
        return _ask_account(request, draft)
    rail = request.POST.get("rail", "")
    if rail not in by_rail(owner_of(request), draft.account):
        return _ask_way(request, draft, problem=_("Choose how the money gets there."))
    return _ask_amount(request, msgspec.structs.replace(draft, rail=rail))


def _take_amount(request: HttpRequest, draft: Draft) -> HttpResponse:
    if request.POST.get("all"):
        currency = AmountForm(request.POST).currency
        most = api.most_withdrawable(owner_of(request), currency, draft.rail, account=draft.account)
        if most:
            return _review(
                request, msgspec.structs.replace(draft, amount_minor=most.minor, currency=currency)
            )
    form = AmountForm(request.POST)
    if not form.is_valid():
        return _ask_amount(request, draft, form)
    money = form.money
    return _review(request, msgspec.structs.replace(draft, amount_minor=money.minor, currency=money.currency))


def _take_review(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _ask_pin(request, draft) if draft.terms is not None else _ask_account(request, draft)


def _take_pin(request: HttpRequest, draft: Draft) -> HttpResponse:
    if draft.amount is None or draft.terms is None or draft.account is None:
        return _ask_account(request, draft)
    form = PinForm(request.POST)
    # A passkey stands for the PIN: it approved this account and amount, and the till looks at it.
    if request.POST.get("credential"):
        form = PinForm({"pin": ""})
        form.cleaned_data = {}
    elif not form.is_valid():
        return _ask_pin(request, draft, form)
    return _send(request, draft, draft.account, draft.amount, draft.terms, form)


def _send(
    request: HttpRequest, draft: Draft, account: UUID, amount: Money, terms: drafts.Terms, form: PinForm
) -> HttpResponse:
    try:
        outcome = api.start_withdrawal(
            owner_of(request),
            account=account,
            amount=amount,
            pin=form.cleaned_data.get("pin"),
            passkey=request.POST.get("credential") or None,
            key=draft.key,
            terms=Terms(terms.outcome, Money(terms.fee_minor, draft.currency)),
            closing=draft.closing,
            rail=draft.rail,
        )
    except Refusal as refusal:
        if refusal.code == "idempotency_key_reused":
            return render(request, "wallet/withdraw_already_sent.html")
        add_refusal(form, refusal)
        return _ask_pin(request, draft, form)
    fresh = msgspec.structs.replace(draft, key=drafts.fresh_key())
    if outcome.code == "terms_changed" and not outcome.replayed:
        return _review(request, fresh, changed=True)
    if outcome.code == "passkey_refused" and not outcome.replayed:
        form.add_error(None, sentences(outcome.code, outcome.facts))
        return _ask_pin(request, fresh, form)
    if outcome.code == "pin_wrong" and outcome.facts.get("attempts_left"):
        # The refusal is recorded under its key; another try is another wish.
        form.add_error("pin", sentences(outcome.code, outcome.facts))
        return _ask_pin(request, fresh, form)
    return redirect("wallet:operation", outcome.reference)


@customer_required
@require_http_methods(["POST"])
def approval(request: HttpRequest) -> HttpResponse:
    """What a passkey is asked to approve: the very withdrawal that the form carries."""
    draft = own_drafts.read(request.POST.get("draft", ""), owner_of(request))
    if draft is None or draft.amount is None or draft.account is None:
        return problem_response("request_invalid", {"fields": ["draft"]})
    try:
        options = api.withdrawal_approval_options(
            owner_of(request), account=draft.account, amount=draft.amount, rail=draft.rail
        )
    except Refusal as refusal:
        return problem_response(refusal.code, refusal.facts)
    return JsonResponse(options) if options else problem_response("passkey_refused", {"why": "unknown"})


def _ask_account(request: HttpRequest, draft: Draft, problem: str = "") -> HttpResponse:
    accounts = offered(api.withdrawal_destinations(owner_of(request)), draft.account)
    if not accounts:
        return empty(request)
    to_cards = any(one.account.payment for one in accounts)
    return _screen(request, "account", draft, accounts=accounts, to_cards=to_cards, problem=problem)


def _ask_way(request: HttpRequest, draft: Draft, problem: str = "") -> HttpResponse:
    """Where there is more than one way, the customer chooses; the way of the last time is chosen already."""
    if draft.account is None:
        return _ask_account(request, draft)
    ways = by_rail(owner_of(request), draft.account)
    if len(ways) < 2:
        return _ask_amount(request, msgspec.structs.replace(draft, rail=next(iter(ways), "")))
    return _screen(request, "way", draft, ways=shown(ways, draft.rail), problem=problem)


def _ask_amount(request: HttpRequest, draft: Draft, form: AmountForm | None = None) -> HttpResponse:
    if draft.account is None:
        return _ask_account(request, draft)
    owner = owner_of(request)
    if form is None:
        amount = draft.amount
        given = {"amount": amount.grouped(), "currency": amount.currency} if amount else {}
        to = _account(request, draft.account)
        if to is not None and to.payment is not None:
            # Only its own currency goes back to a payment.
            given.setdefault("currency", to.payment.paid.currency)
        form = AmountForm(initial=given)
    available = {balance.currency: balance.available for balance in api.balances(owner)}
    available_shown = ", ".join(money_text(available[code]) for code in form.currencies if code in available)
    most = api.most_withdrawable(owner, form.currency, draft.rail, account=draft.account)
    fees = [fee for fee in api.published_terms().withdrawal_fees if fee.currency == form.currency]
    terms = next((fee for fee in fees if fee.rail == draft.rail), fees[0])
    return _screen(
        request, "amount", draft, form=form, available=available_shown, most=most,
        costs=withdrawal_words.fee(terms), several=several_ways(owner, draft.account),
    )  # fmt: skip


def _review(request: HttpRequest, draft: Draft, *, changed: bool = False) -> HttpResponse:
    if draft.amount is None or draft.account is None:
        return _ask_amount(request, draft)
    owner = owner_of(request)
    try:
        quote = api.quote_withdrawal(owner, account=draft.account, amount=draft.amount, rail=draft.rail)
    except Refusal as refusal:
        form = AmountForm({"amount": draft.amount.grouped(), "currency": draft.currency})
        add_refusal(form, refusal)
        return _ask_amount(request, draft, form)
    code, facts = quote.code, facts_of(quote.code, dict(quote.facts), "customer")
    if quote.outcome != "refused" and not has_pin(owner) and not has_passkey(owner):
        code, facts = "pin_not_set", {}
    refused = quote.outcome == "refused" or code == "pin_not_set"
    held = quote.outcome == "held" and not refused
    several = several_ways(owner, draft.account)
    draft = msgspec.structs.replace(draft, terms=None if refused else own_drafts.terms_of(quote))
    said = explain(f"withdrawal_{code}" if held else code, {**facts, **_named(quote)}) if code else None
    if said is not None and said.remedy_url == reverse("wallet:withdraw"):
        # We are in the withdrawal already: going back keeps what was entered.
        said = replace(said, remedy_url=None)
    return _screen(
        request, "review", draft, quote=quote, said=said, refused=refused, held=held,
        changed=changed and not refused, operation=_recorded(owner, draft, quote),
        change=_change(code, several), several=several, rail_name=rail_name(quote.rail),
        leaves=withdrawal_words.leaves(quote),
        arrives=withdrawal_words.arrives(quote),
        rail_notice=withdrawal_words.slow_or_down(quote.rail, quote.rail_state),
        confirmation=() if refused else withdrawal_words.confirmation(quote),
    )  # fmt: skip


def _named(quote: WithdrawalQuote) -> dict[str, Any]:
    name = withdrawal_words.account_title(quote.account) if quote.account else ""
    counterparty = f"{name} {quote.account.masked}" if quote.account else ""
    return {"counterparty": counterparty, "amount": quote.amount.fact()}


def _recorded(owner: UUID, draft: Draft, quote: WithdrawalQuote) -> OperationView | None:
    """A refusal met in the review is kept like any other, so that it has a reference and can be asked about."""
    if quote.outcome != "refused" or draft.amount is None or draft.account is None:
        return None
    outcome = api.record_withdrawal_refusal(
        owner,
        account=draft.account,
        amount=draft.amount,
        code=quote.code or "",
        key=draft.key,
        rail=draft.rail,
    )
    return api.operation(owner, outcome.reference).view


def _ask_pin(request: HttpRequest, draft: Draft, form: PinForm | None = None) -> HttpResponse:
    if draft.terms is None or draft.amount is None:
        return _review(request, draft)
    return _screen(
        request, "pin", draft, form=form or PinForm(), total=Money(draft.terms.total_minor, draft.currency),
        held=draft.terms.outcome == "held", with_pin=has_pin(owner_of(request)),
        with_passkey=has_passkey(owner_of(request)),
    )  # fmt: skip


def _account(request: HttpRequest, account: UUID | None) -> Destination | None:
    return api.withdrawal_destination(owner_of(request), account) if account is not None else None


def _screen(request: HttpRequest, name: str, draft: Draft, **more: Any) -> HttpResponse:
    account = _account(request, draft.account)
    context = {
        "draft": own_drafts.signed(draft, owner_of(request)),
        "amount": draft.amount,
        "account": account,
        "bank": withdrawal_words.account_title(account) if account else "",
        **more,
    }
    return render(request, f"wallet/withdraw_{name}.html", context)


def _change(code: str | None, several: bool) -> str:
    return "way" if several and code in _OF_WAYS else _CHANGE.get(code or "", "")


# What to change when a review refuses; for the rest it is enough to follow the remedy.
_CHANGE = {
    **dict.fromkeys(
        (
            "insufficient_balance",
            "withdrawal_too_small",
            "withdrawal_over_way",
            "withdrawal_over_card_payment",
            "payout_float_short",
        ),
        "amount",
    ),
    **{f"limit_withdrawal_{window}": "amount" for window in ("once", "day", "month")},
    **dict.fromkeys(
        (
            "account_not_bound",
            "account_not_usable_yet",
            "account_of_another_currency",
            "payout_unwritable",
            "payout_currency_not_taken",
            "card_payment_disputed",
            "card_payment_too_old",
            "card_payment_sent_back",
        ),
        "account",
    ),
}
# The same, where another way may carry what this one does not.
_OF_WAYS = frozenset(
    {
        "withdrawal_over_way",
        "payout_float_short",
        "payout_currency_not_taken",
        "withdrawal_way_not_for_account",
    }
)
_STEPS: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {
    "account": _take_account,
    "way": _take_way,
    "amount": _take_amount,
    "review": _take_review,
    "pin": _take_pin,
}
_SCREENS: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {
    "account": _ask_account,
    "way": _ask_way,
    "amount": _ask_amount,
    "review": _review,
}
