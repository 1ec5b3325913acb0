"""An account that is added by going to whoever keeps it: there, back, and the proof that it is still them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guitai.base.refusal import Refusal
from guitai.kit.environment import environment
from guitai.kit.explain import explain
from guitai.kit.problems import refusal_for_form
from guitai.people import identity_reads
from guitai.people.access import customer_required
from guitai.people.account_offer import AccountLink, link_of, offered_kinds
from guitai.people.flows.bindings import bind_account
from guitai.people.flows.link_account import forget, found, send_there, take_back
from guitai.people.identity_policy import binding_policy
from guitai.people.identity_types import AccountClaim
from guitai.people.web.identity_forms import ProofForm
from guitai.people.web.identity_words import account_words
from guitai.people.web.views.bank_accounts import proof_by
from guitai.people.web.views.common import signed_in


@customer_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Before: where it leads and why. After: which account it is, and the proof that binds it."""
    user, _link = signed_in(request), _offered(kind)
    if identity_reads.identity(user.id).tier < binding_policy().tier:
        return redirect("people:bank_accounts")
    account, name = found(request.session, user.id, kind), identity_reads.identity(user.id).name or user.name
    facts = {"kind": kind, "title": account_words(kind), "name": name}
    if account is None:
        return render(request, "people/bank_account_link.html", facts)
    by = proof_by(request, user)
    form = ProofForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            bound = bind_account(user.id, AccountClaim(kind, account, name), form.proof(), linked=True)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            forget(request.session)
            messages.success(request, _("%(account)s is added.") % {"account": bound.masked})
            return redirect("people:bank_accounts")
    return render(request, "people/bank_account_linked.html", {**facts, "form": form, "by": by})


@require_safe
@customer_required
def there(request: HttpRequest, kind: str) -> HttpResponseBase:
    """To whoever keeps the account."""
    user, link = signed_in(request), _offered(kind)
    return_url = f"{environment().public_url}{reverse('people:bank_account_back', args=[kind])}"
    try:
        return HttpResponseRedirect(send_there(request.session, user.id, kind, link, return_url))
    except Refusal as refusal:
        return _failed(request, kind, refusal)


@require_safe
@customer_required
def back(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Back again, with a code that counts once."""
    user, link = signed_in(request), _offered(kind)
    told = request.GET
    try:
        take_back(request.session, user.id, kind, link, told.get("state", ""), told.get("code", ""))
    except Refusal as refusal:
        return _failed(request, kind, refusal)
    return redirect("people:bank_account_linked")


def _failed(request: HttpRequest, kind: str, refusal: Refusal) -> HttpResponseBase:
    facts = {
        "kind": kind,
        "title": account_words(kind),
        "problem": explain(refusal.code, refusal.facts),
        "name": "",
    }
    return render(request, "people/bank_account_link.html", facts, status=422)


def _offered(kind: str) -> AccountLink:
    link = link_of(kind)
    if link is None or kind not in offered_kinds():
        raise Http404
    return link
