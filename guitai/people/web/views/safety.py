"""The staff's pages about safety: what waits, who is on call, and what stops one customer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people import standing_doors
from guitai.people.access import staff_required
from guitai.people.models.user import person_id
from guitai.people.reads import masked
from guitai.people.rules.staff import permissions
from guitai.people.rules.standing import KINDS
from guitai.people.web.staff_forms import OnCallForms, ReasonForm, reached
from guitai.people.web.staff_words import StaffCause, cause_lines, change_lines


@require_safe
@staff_required("cases.work")
def safety(request: HttpRequest) -> HttpResponse:
    """What waits for staff, and who is on call."""
    facts = {
        "documents": standing_doors.waiting_documents(),
        "on_call": standing_doors.on_call(),
        "may_set": _may(request, "operator.settings"),
    }
    return render(request, "people/staff_safety.html", facts)


@require_http_methods(["GET", "POST"])
@staff_required("operator.settings")
def on_call(request: HttpRequest) -> HttpResponseBase:
    """Who is told at any hour when a wallet is frozen without the phone."""
    named = [
        {"channel": one.channel, "address": one.address, "language": one.language}
        for one in standing_doors.on_call()
    ]
    lines = OnCallForms(request.POST or None, initial=named)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and lines.is_valid() and form.is_valid():
        try:
            standing_doors.set_on_call(_staff(request), reached(lines), form.cleaned_data["reason"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Saved. Whoever is new has been told."))
            return redirect("people:safety")
    status = 422 if request.method == "POST" else 200
    return render(request, "people/staff_on_call.html", {"lines": lines, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@staff_required("customers.read")
def standing(request: HttpRequest, person: UUID) -> HttpResponseBase:
    """Everything that stops a customer, for a case; a supervisor lifts what is ours to lift."""
    case = request.GET.get("case", "")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and _may(request, "holds.decide") and form.is_valid():
        try:
            _release(request, person, case, form.cleaned_data["reason"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Lifted, and the customer is told as far as they may know."))
            return redirect(f"{reverse('people:staff_standing', args=[person])}?{urlencode({'case': case})}")
    purpose = Purpose("case", case, "see what stops the customer")
    found = standing_doors.standing_for_staff(person, purpose=purpose, reader=_staff(request))
    facts = {
        "person": masked([person])[person],
        "found": found,
        "causes": [_with_release(line, request) for line in cause_lines(found.standing)],
        "history": change_lines(found.history),
        "form": form,
        "shown": request.POST.get("cause", ""),
        "case": case,
    }
    return render(request, "people/staff_standing.html", facts, status=422 if form.errors else 200)


def _release(request: HttpRequest, person: UUID, case: str, reason: str) -> None:
    """Lift the cause that the form names, when it is one that staff lift."""
    purpose, cause = Purpose("case", case, reason), _named(request.POST.get("cause", ""))
    standing_doors.release_by_staff(person, _staff(request), cause=cause, purpose=purpose)


def _with_release(line: StaffCause, request: HttpRequest) -> tuple[StaffCause, bool]:
    return line, _may(request, "holds.decide") and not KINDS[line.cause.reason].own


def _named(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _may(request: HttpRequest, permission: str) -> bool:
    return permission in permissions(getattr(request.user, "role", ""))


def _staff(request: HttpRequest) -> Actor:
    return Actor("staff", str(person_id(request.user)))
