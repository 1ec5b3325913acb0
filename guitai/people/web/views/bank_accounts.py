"""My accounts and cards for withdrawals."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people import identity_reads, reads
from guitai.people.access import customer_required
from guitai.people.account_offer import offered_kinds
from guitai.people.flows.bindings import bind_account, unbind
from guitai.people.identity_policy import binding_policy
from guitai.people.identity_types import AccountClaim
from guitai.people.models import User
from guitai.people.rules.accounts import KINDS, LINKED
from guitai.people.web.identity_forms import AccountForm, ProofForm
from guitai.people.web.identity_words import account_icon, account_words, country_words
from guitai.people.web.views.common import customer


@customer_required
def bank_accounts(request: HttpRequest) -> HttpResponse:
    """What is bound, from when it can be used, and a way to add one."""
    user, policy = _customer(request), binding_policy()
    accounts = [
        {
            "account": found,
            "title": found.bank or account_words(found.kind),
            "icon": account_icon(found.kind),
            "detail": " ".join(part for part in (found.masked, country_words(found.country)) if part),
        }
        for found in identity_reads.bindings(user.id)
    ]
    facts = {
        "accounts": accounts,
        "may_add": identity_reads.identity(user.id).tier >= policy.tier,
        "full": len(accounts) >= policy.accounts,
        "policy": policy,
    }
    return render(request, "people/bank_accounts.html", facts)


@customer_required
def kinds(request: HttpRequest) -> HttpResponseBase:
    """Which sort of account it is."""
    user = _customer(request)
    if identity_reads.identity(user.id).tier < binding_policy().tier:
        return redirect("people:bank_accounts")
    offered = [
        {"kind": kind, "title": account_words(kind), "icon": account_icon(kind)} for kind in offered_kinds()
    ]
    return render(request, "people/bank_account_kinds.html", {"offered": offered})


@customer_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The account, and the proof that it is still them."""
    user = _customer(request)
    if kind not in KINDS or kind in LINKED:
        raise Http404
    by = proof_by(request, user)
    name = identity_reads.identity(user.id).name or user.name
    form = AccountForm(request.POST or None, kind=kind, by=by, initial={"holder": name})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        claim = AccountClaim(
            kind, given["number"], given["holder"], given.get("code", ""), given.get("bank", "")
        )
        try:
            bound = bind_account(user.id, claim, form.proof())
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            words = _("%(account)s is added.") % {"account": bound.masked}
            messages.success(request, words)
            return redirect("people:bank_accounts")
    facts = {"form": form, "title": account_words(kind), "by": by, "policy": binding_policy()}
    return render(request, "people/bank_account_new.html", facts)


@customer_required
@require_http_methods(["GET", "POST"])
def removal(request: HttpRequest, account: UUID) -> HttpResponseBase:
    """Remove an account, with the proof that it is still them."""
    user = _customer(request)
    bound = identity_reads.binding(user.id, account)
    by = proof_by(request, user)
    form = ProofForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            unbind(user.id, account, form.proof())
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("%(account)s is removed.") % {"account": bound.masked})
            return redirect("people:bank_accounts")
    facts = {"form": form, "account": bound, "title": bound.bank or account_words(bound.kind), "by": by}
    return render(request, "people/bank_account_removal.html", facts)


def proof_by(request: HttpRequest, user: User) -> str:
    """What is asked for: the PIN, unless there is none or the password was chosen."""
    by_password = request.GET.get("by") == "password" or not reads.has_pin(user.id)
    return "password" if by_password else "pin"


def _customer(request: HttpRequest) -> User:
    user = customer(request)
    assert user is not None
    return user
