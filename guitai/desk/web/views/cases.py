"""One case at the desk."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guitai.base.refusal import NotFound, Refusal
from guitai.care import api as care
from guitai.desk import api
from guitai.desk.web.case_side import side_of
from guitai.desk.web.forms import ReasonForm, ReplyForm, ResolveForm
from guitai.desk.web.queue_pane import filter_of, pane, staff_of
from guitai.kit.explain import explain
from guitai.kit.problems import refusal_for_form
from guitai.people.api import staff_required
from guitai.people.types import Profile


@require_GET
@staff_required("cases.work")
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The case in the middle, the facts beside it."""
    return _page(request, reference)


@require_POST
@staff_required("cases.work")
def assignment(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the case, or give it back."""
    act = care.release if request.POST.get("verb") == "release" else care.take
    try:
        act(reference, staff_of(request))
    except NotFound:
        raise
    except Refusal as refusal:
        said = explain(refusal.code, refusal.facts)
        messages.warning(request, f"{said.title}. {said.reason} {said.remedy}")
    return _back(request, reference)


@require_POST
@staff_required("cases.work")
def messages_of(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the customer, or leave a note."""
    form = ReplyForm(request.POST)
    staff = staff_of(request)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            if request.POST.get("verb") == "note":
                care.note(reference, staff, words)
            else:
                next_turn = form.cleaned_data["next_turn"] or "customer"
                waits = form.waits() if next_turn == "third_party" else None
                care.reply(
                    reference, staff, words, next_turn=next_turn, waits=waits, key=form.cleaned_data["key"]
                )
        except NotFound:
            raise
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return _back(request, reference)
    return _page(request, reference, reply=form)


@require_POST
@staff_required("cases.work")
def resolution(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that it is solved."""
    form = ResolveForm(request.POST, auto_id="resolve_%s")
    try:
        care.resolve(reference, staff_of(request), request.POST.get("words", ""))
    except NotFound:
        raise
    except Refusal as refusal:
        form.is_valid()
        refusal_for_form(form, refusal)
        return _page(request, reference, resolve=form)
    messages.success(request, _("Solved. The customer has been told and may reopen it for 14 days."))
    return _back(request, reference)


@require_POST
@staff_required("customers.read")
def reading(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer unmasked, for this one answer; the reason is recorded."""
    form = ReasonForm(request.POST, auto_id="reading_%s")
    try:
        full = api.look_closer(reference, staff_of(request), request.POST.get("reason", ""))
    except NotFound:
        raise
    except Refusal as refusal:
        form.is_valid()
        refusal_for_form(form, refusal)
        return _page(request, reference, reading=form)
    return _page(request, reference, full=full)


@require_POST
@staff_required("holds.decide")
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """A supervisor decides about the held movement of this case."""
    form = ReasonForm(request.POST, auto_id="hold_%s")
    try:
        api.decide_hold(
            request.POST.get("operation", ""),
            staff_of(request),
            release=request.POST.get("verdict") == "release",
            reason=request.POST.get("reason", ""),
            case=reference,
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.is_valid()
        refusal_for_form(form, refusal)
        return _page(request, reference, hold=form)
    messages.success(request, _("Decided. The customer has been told."))
    return _back(request, reference)


def _page(request: HttpRequest, reference: str, full: Profile | None = None, **forms: Form) -> HttpResponse:
    work = api.workspace(reference, staff_of(request), full=full)
    facts: dict[str, Any] = {
        "place": "queue",
        "pane": pane(request, work.case.row.reference),
        "work": work,
        **side_of(request, work, staff_of(request)),
        "reply": forms.get("reply") or ReplyForm(initial={"next_turn": "customer"}),
        "resolve": forms.get("resolve") or ResolveForm(auto_id="resolve_%s"),
        "reading": forms.get("reading") or ReasonForm(auto_id="reading_%s"),
        "hold": forms.get("hold") or ReasonForm(auto_id="hold_%s"),
    }
    return render(request, "desk/case.html", facts, status=422 if forms else 200)


def _back(request: HttpRequest, reference: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('desk:case', args=[reference])}?queue={filter_of(request)}")
