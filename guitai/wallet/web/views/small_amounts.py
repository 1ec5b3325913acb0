"""Confirm a bank account: two small amounts are paid to it, and whoever reads them there tells them here."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guitai.base.money import parse_amount
from guitai.base.refusal import Refusal
from guitai.kit.explain import sentences
from guitai.kit.problems import refusal_for_form
from guitai.people.api import binding, customer_required
from guitai.wallet import api
from guitai.wallet.rules.withdrawals import is_at_bank
from guitai.wallet.web.views.common import owner_of


class TwoAmounts(forms.Form):
    """What somebody read on their statement."""

    first = forms.CharField(label=gettext_lazy("One amount"), max_length=12)
    second = forms.CharField(label=gettext_lazy("The other amount"), max_length=12)

    def __init__(self, *arguments: Any, currency: str, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._currency = currency
        for field in self.fields.values():
            field.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "placeholder": "0.00"}

    def clean_first(self) -> int:
        return self._minor("first")

    def clean_second(self) -> int:
        return self._minor("second")

    def _minor(self, name: str) -> int:
        try:
            return parse_amount(self.cleaned_data[name], self._currency).minor
        except Refusal as refusal:
            raise forms.ValidationError(sentences(refusal.code, refusal.facts)) from refusal


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def small_amounts(request: HttpRequest, account: UUID) -> HttpResponseBase:
    """One page from beginning to end: have them sent, wait, tell them."""
    owner = owner_of(request)
    bound = binding(owner, account)
    if request.method == "POST" and request.POST.get("step") == "send":
        try:
            api.send_small_amounts(owner, account=account)
        except Refusal as refusal:
            messages.warning(request, sentences(refusal.code, refusal.facts))
        return redirect("wallet:small_amounts", account=account)
    pair = api.small_amounts(owner, account=account)
    telling = request.POST if request.method == "POST" else None
    form = TwoAmounts(telling, currency=pair.currency if pair else "CNY")
    if request.method == "POST" and form.is_valid():
        told = (form.cleaned_data["first"], form.cleaned_data["second"])
        try:
            api.confirm_small_amounts(owner, account=account, amounts=told)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
            pair = api.small_amounts(owner, account=account)
        else:
            messages.success(request, _("%(account)s is confirmed.") % {"account": bound.masked})
            return redirect("people:bank_accounts")
    facts = {"account": bound, "pair": pair, "form": form, "under_way": _under_way(pair)}
    return render(request, "wallet/small_amounts.html", facts, status=422 if form.errors else 200)


def binding_slot(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`binding.actions`: the way to confirm an account that nothing has shown to be theirs yet."""
    account = facts["account"]
    if account.confirmed_at is not None or not is_at_bank(account.kind):
        return ""
    return render_to_string("wallet/slots/small_amounts.html", {"account": account}, request)


def _under_way(pair: Any) -> bool:
    return pair is not None and pair.state == "sent" and pair.payout != "settled"
