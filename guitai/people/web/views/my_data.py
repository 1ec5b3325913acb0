"""My data: who looked at it, a copy of it, and what becomes of it when I leave."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.downloads import file_response
from guitai.kit.explain import sentences
from guitai.kit.problems import refusal_for_form
from guitai.people import data_reads
from guitai.people.access import customer_required
from guitai.people.flows.personal_data import ask_for_export, open_export
from guitai.people.identity_policy import personal_data_policy
from guitai.people.models import User
from guitai.people.web.identity_forms import ProofForm
from guitai.people.web.look_words import look_words
from guitai.people.web.views.bank_accounts import proof_by
from guitai.people.web.views.common import customer


@customer_required
def my_data(request: HttpRequest) -> HttpResponse:
    """Who looked, and copies."""
    user = _customer(request)
    page = data_reads.looks(user.id, request.GET.get("after"))
    facts = {
        "looks": [look_words(look) for look in page.items],
        "after": page.next_cursor,
        "first": not request.GET.get("after"),
        "exports": data_reads.exports(user.id),
        "policy": personal_data_policy(),
    }
    return render(request, "people/my_data.html", facts)


@customer_required
@require_http_methods(["POST"])
def exports(request: HttpRequest) -> HttpResponseBase:
    """Ask for a copy."""
    try:
        ask_for_export(_customer(request).id)
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
    else:
        messages.success(request, _("Your copy is being made. We write to you as soon as it is ready."))
    return redirect("people:data")


@customer_required
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, export: UUID) -> HttpResponseBase:
    """Fetch a copy, with the proof that it is still them."""
    user = _customer(request)
    row = data_reads.export_row(user.id, export)
    if row.state != "ready":
        return redirect("people:data")
    by = proof_by(request, user)
    form = ProofForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            stored, content = open_export(user.id, export, form.proof())
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return file_response(stored, content)
    facts = {"form": form, "by": by, "export": data_reads.export_view(row)}
    return render(request, "people/my_data_export.html", facts)


def _customer(request: HttpRequest) -> User:
    user = customer(request)
    assert user is not None
    return user
