"""The operator's page of the cold reserve: where money stands, what to move, who has signed what."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound, Refusal
from guitai.kit.explain import sentences
from guitai.kit.problems import refusal_for_form
from guitai.people.api import staff_required
from guitai.wallet import api
from guitai.wallet.reserve.errors import ReserveRequestUnknown
from guitai.wallet.web.reserve_forms import FillForm, ReleaseForm, SignaturesForm

_PERMISSION = "operator.settings"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_PERMISSION)
def reserve(request: HttpRequest) -> HttpResponseBase:
    """The whole reserve; money goes in at once, and comes out by signatures."""
    verb = request.POST.get("verb", "")
    view = api.reserve()
    advised = next((one.move for one in view.positions if one.move.minor > 0), None)
    initial = {"key": str(new_id())} | (
        {"amount": advised.decimal(), "currency": advised.currency} if advised else {}
    )
    fill = FillForm(request.POST if verb == "fill" else None, initial=initial, prefix="fill")
    ask = ReleaseForm(request.POST if verb == "ask" else None, prefix="ask")
    status = 200
    if request.method == "POST":
        form = fill if verb == "fill" else ask
        if form.is_valid():
            try:
                return _carried_out(request, form)
            except Refusal as refusal:
                refusal_for_form(form, refusal)
        status = 422
    problem = sentences(view.problem, {"policy": f"reserve@{view.policy}"}) if view.problem else ""
    facts = {"view": view, "problem": problem, "fill": fill, "ask": ask}
    return render(request, "wallet/reserve/reserve.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_PERMISSION)
def reserve_request(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """One request: what is signed, who has, and the files that come back."""
    form = SignaturesForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        try:
            if request.POST.get("verb") == "withdraw":
                api.withdraw_reserve_request(request_id, actor=_staff(request))
                return redirect("wallet:reserve")
            if form.is_valid():
                api.submit_signatures(
                    api.reserve_document(request_id), form.cleaned_data["signatures"], actor=_staff(request)
                )
                return redirect("wallet:reserve_request", request_id=request_id)
        except ReserveRequestUnknown as refusal:
            raise NotFound() from refusal
        except Refusal as refusal:
            form.is_valid()
            refusal_for_form(form, refusal)
    try:
        found = api.reserve_request(request_id)
    except ReserveRequestUnknown as refusal:
        raise NotFound() from refusal
    facts = {"found": found, "view": api.reserve(), "form": form}
    return render(
        request, "wallet/reserve/request.html", facts, status=422 if request.method == "POST" else 200
    )


@require_GET
@staff_required(_PERMISSION)
def reserve_file(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """The request's file, for the machines where it is signed."""
    try:
        content = api.reserve_document(request_id)
    except ReserveRequestUnknown as refusal:
        raise NotFound() from refusal
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="reserve-{request_id}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _carried_out(request: HttpRequest, form: forms.Form) -> HttpResponseBase:
    if isinstance(form, FillForm):
        api.fill_reserve(form.money, key=f"page:{form.cleaned_data['key']}", actor=_staff(request))
        messages.success(request, _("Moved into the reserve: %(amount)s.") % {"amount": form.money})
        return redirect("wallet:reserve")
    assert isinstance(form, ReleaseForm)
    api.request_release(
        form.money,
        destination=form.cleaned_data["destination"],
        reason=form.cleaned_data["reason"],
        actor=_staff(request),
    )
    newest = api.reserve().open[0]
    return redirect("wallet:reserve_request", request_id=newest.id)


def _staff(request: HttpRequest) -> Actor:
    return Actor("staff", str(request.user.pk))
