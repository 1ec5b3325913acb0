"""Transfer: to whom, how much, review, PIN. The review is the contract: nothing after it differs from it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit.explain import explain
from guitai.kit.problems import problem_response
from guitai.people.api import (
    customer_required,
    has_passkey,
    has_pin,
    normal_phone,
    profile,
    told_standing,
    written_phone,
)
from guitai.skin.text import duration_text, money_text
from guitai.wallet import api
from guitai.wallet.detail import facts_of
from guitai.wallet.kinds.base import waiting
from guitai.wallet.types import DryRun, OperationView, Terms
from guitai.wallet.web import drafts
from guitai.wallet.web.drafts import Draft
from guitai.wallet.web.forms import PayeeForm, PinForm, TransferAmountForm, add_refusal, sentences
from guitai.wallet.web.payees import phone_of
from guitai.wallet.web.views.common import owner_of, problem_page


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def transfer(request: HttpRequest) -> HttpResponse:
    owner = owner_of(request)
    now = told_standing(owner)
    if now.stops("spending"):
        facts = {"since": now.since.isoformat()} if now.since else {}
        return problem_page(request, "frozen", facts, title=_("Transfer"), back="wallet:home")
    if request.method != "POST":
        return _ask_payee(request, _beginning(request, owner))
    draft = drafts.read(request.POST.get("draft", ""), owner)
    if draft is None:
        messages.error(
            request, _("This page was open for more than 15 minutes. Please start again; nothing was sent.")
        )
        return redirect("wallet:transfer")
    if (wanted := request.POST.get("go")) in _SCREENS:
        return _SCREENS[wanted](request, draft)
    return _STEPS.get(request.POST.get("step", ""), _take_payee)(request, draft)


def _beginning(request: HttpRequest, owner: UUID) -> Draft:
    again = api.repeat(owner, request.GET.get("repeat", ""))
    if again is not None and again.phone:
        return drafts.begin(again.phone, again.amount, again.note)
    return drafts.begin(phone_of(request.GET.get("to", "")))


def _take_payee(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = PayeeForm(request.POST, own_phone=profile(owner_of(request), purpose=None).phone)
    if not form.is_valid():
        return _ask_payee(request, draft, form)
    return _ask_amount(request, msgspec.structs.replace(draft, phone=form.cleaned_data["phone"]))


def _take_amount(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = TransferAmountForm(request.POST)
    if not form.is_valid():
        return _ask_amount(request, draft, form)
    money = form.money
    return _review(
        request,
        msgspec.structs.replace(
            draft, amount_minor=money.minor, currency=money.currency, note=form.cleaned_data["note"]
        ),
    )


def _take_review(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _ask_pin(request, draft) if draft.terms is not None else _ask_payee(request, draft)


def _take_pin(request: HttpRequest, draft: Draft) -> HttpResponse:
    if draft.amount is None or draft.terms is None:
        return _ask_payee(request, draft)
    form = PinForm(request.POST)
    # A passkey stands for the PIN: it approved this payee and amount, and the till looks at it.
    if request.POST.get("credential"):
        form = PinForm({"pin": ""})
        form.cleaned_data = {}
    elif not form.is_valid():
        return _ask_pin(request, draft, form)
    return _send(request, owner_of(request), draft, form)


def _send(request: HttpRequest, owner: UUID, draft: Draft, form: PinForm) -> HttpResponse:
    assert draft.amount is not None and draft.terms is not None
    try:
        outcome = api.send_transfer(
            owner,
            phone=draft.phone,
            amount=draft.amount,
            note=draft.note,
            pin=form.cleaned_data.get("pin"),
            passkey=request.POST.get("credential") or None,
            key=draft.key,
            terms=Terms(draft.terms.outcome, Money(draft.terms.fee_minor, draft.currency)),
        )
    except Refusal as refusal:
        if refusal.code == "idempotency_key_reused":
            return _already_sent(request)
        add_refusal(form, refusal)
        return _ask_pin(request, draft, form)
    if outcome.code == "terms_changed" and not outcome.replayed:
        return _review(request, msgspec.structs.replace(draft, key=drafts.fresh_key()), changed=True)
    if outcome.code == "passkey_refused" and not outcome.replayed:
        form.add_error(None, sentences(outcome.code, outcome.facts))
        return _ask_pin(request, msgspec.structs.replace(draft, key=drafts.fresh_key()), form)
    if outcome.code == "pin_wrong" and outcome.facts.get("attempts_left"):
        form.add_error("pin", sentences(outcome.code, outcome.facts))
        # The refusal is recorded under its key; another try is another wish.
        return _ask_pin(request, msgspec.structs.replace(draft, key=drafts.fresh_key()), form)
    return redirect("wallet:operation", outcome.reference)


@customer_required
@require_http_methods(["POST"])
def approval(request: HttpRequest) -> HttpResponse:
    """What a passkey is asked to approve: the very transfer that the form carries."""
    draft = drafts.read(request.POST.get("draft", ""), owner_of(request))
    if draft is None or draft.amount is None:
        return problem_response("request_invalid", {"fields": ["draft"]})
    try:
        options = api.approval_options(
            owner_of(request), phone=draft.phone, amount=draft.amount, note=draft.note
        )
    except Refusal as refusal:
        return problem_response(refusal.code, refusal.facts)
    return JsonResponse(options) if options else problem_response("passkey_refused", {"why": "unknown"})


def _ask_payee(request: HttpRequest, draft: Draft, form: PayeeForm | None = None) -> HttpResponse:
    form = form or PayeeForm(
        own_phone="", initial={"phone": written_phone(draft.phone) if draft.phone else ""}
    )
    return _screen(request, "payee", draft, form=form, unclaimed=_unclaimed())


def _ask_amount(request: HttpRequest, draft: Draft, form: TransferAmountForm | None = None) -> HttpResponse:
    if not draft.phone:
        return _ask_payee(request, draft)
    if form is None:
        amount = draft.amount
        initial = {"note": draft.note}
        if amount is not None:
            initial |= {"amount": amount.grouped(), "currency": amount.currency}
        form = TransferAmountForm(initial=initial)
    available = {balance.currency: balance.available for balance in api.balances(owner_of(request))}
    shown = ", ".join(money_text(available[code]) for code in form.currencies if code in available)
    return _screen(request, "amount", draft, form=form, available=shown)


def _review(request: HttpRequest, draft: Draft, *, changed: bool = False) -> HttpResponse:
    if draft.amount is None:
        return _ask_amount(request, draft)
    owner = owner_of(request)
    try:
        run = _dry_run(owner, draft, draft.amount)
    except Refusal as refusal:
        form = TransferAmountForm(
            {"amount": draft.amount.grouped(), "currency": draft.currency, "note": draft.note}
        )
        add_refusal(form, refusal)
        return _ask_amount(request, draft, form)
    code, facts = run.code, facts_of(run.code, dict(run.facts), "customer")
    if run.outcome != "refused" and not has_pin(owner) and not has_passkey(owner):
        code, facts = "pin_not_set", {}
    refused = run.outcome == "refused" or code == "pin_not_set"
    draft = msgspec.structs.replace(draft, terms=None if refused else drafts.terms_of(run))
    said = explain(code, facts) if code else None
    if said is not None and said.remedy_url == reverse("wallet:transfer"):
        # We are in the transfer already: going back keeps what was entered.
        said = replace(said, remedy_url=None)
    return _screen(
        request, "review", draft, run=run, said=said, refused=refused, changed=changed and not refused,
        operation=_recorded(owner, draft, run),
        held=run.outcome == "held" and not refused, hint=run.payee_hint, change=_CHANGE.get(code or "", ""),
        unclaimed=_unclaimed(),
    )  # fmt: skip


def _recorded(owner: UUID, draft: Draft, run: DryRun) -> OperationView | None:
    """A refusal met in the review is kept like any other, so that it has a reference and can be asked about."""
    if run.outcome != "refused" or draft.amount is None:
        return None
    outcome = api.record_refusal(
        owner, phone=draft.phone, amount=draft.amount, note=draft.note, code=run.code or "", key=draft.key
    )
    return api.operation(owner, outcome.reference).view


def _ask_pin(request: HttpRequest, draft: Draft, form: PinForm | None = None) -> HttpResponse:
    if draft.terms is None or draft.amount is None:
        return _review(request, draft)
    total = Money(draft.terms.total_minor, draft.currency)
    return _screen(
        request, "pin", draft, form=form or PinForm(), total=total, held=draft.terms.outcome == "held",
        with_pin=has_pin(owner_of(request)), with_passkey=has_passkey(owner_of(request)),
    )  # fmt: skip


def _already_sent(request: HttpRequest) -> HttpResponse:
    """The page's key has been answered for another content or PIN: sending again would be a second transfer."""
    return render(request, "wallet/already_sent.html", {"back": "wallet:home"})


def _screen(request: HttpRequest, name: str, draft: Draft, **more: Any) -> HttpResponse:
    context = {
        "draft": drafts.signed(draft, owner_of(request)),
        "amount": draft.amount,
        "note": draft.note,
        "payee": written_phone(draft.phone) if draft.phone else "",
        **more,
    }
    return render(request, f"wallet/transfer_{name}.html", context)


def _unclaimed() -> str:
    """How long money waits for somebody who has no wallet yet."""
    return duration_text(timedelta(hours=waiting().unclaimed_hours))


def _dry_run(owner: UUID, draft: Draft, amount: Money) -> DryRun:
    return api.dry_run_transfer(owner, phone=normal_phone(draft.phone), amount=amount)


# What to change when a review refuses; for the rest it is enough to follow the remedy.
_CHANGE = {
    "insufficient_balance": "amount",
    "limit_transfer_once": "amount",
    "limit_transfer_day": "amount",
    "limit_new_pin": "amount",
    "payee_is_self": "payee",
    "payee_cannot_receive": "payee",
}
_STEPS: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {
    "payee": _take_payee,
    "amount": _take_amount,
    "review": _take_review,
    "pin": _take_pin,
}
_SCREENS: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {
    "payee": _ask_payee,
    "amount": _ask_amount,
    "review": _review,
}
