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
from guitai.people.errors import NotPermitted
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
    """Everything that stops a customer, for a case: anybody freezes, a supervisor lifts what is ours to lift."""
    case = request.GET.get("case", "")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _act(request, person, Purpose("case", case, form.cleaned_data["reason"]))
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, said)
            return redirect(f"{reverse('people:staff_standing', args=[person])}?{urlencode({'case': case})}")
    purpose = Purpose("case", case, "see what stops the customer")
    found = standing_doors.standing_for_staff(person, purpose=purpose, reader=_staff(request))
    facts = {
        "person": masked([person])[person],
        "found": found,
        "causes": [(line, _release_form(line, form, request)) for line in cause_lines(found.standing)],
        "history": change_lines(found.history),
        "form": form,
        "freezing": ReasonForm(auto_id="freeze_%s"),
        "shown": request.POST.get("cause") or request.POST.get("verb", ""),
        "case": case,
    }
    return render(request, "people/staff_standing.html", facts, status=422 if form.errors else 200)


def _act(request: HttpRequest, person: UUID, purpose: Purpose) -> str:
    """Freeze, or lift the cause that the form names; gives what is said about it."""
    if request.POST.get("verb") == "freeze":
        # Low proof is enough to freeze: money on its way in is kept, and it can be undone.
        standing_doors.freeze(person, _staff(request), "by_staff", purpose=purpose)
        return _("Frozen, and the customer is told.")
    if not _may(request, "holds.decide"):
        raise NotPermitted(permission="holds.decide")
    cause = _named(request.POST.get("cause", ""))
    standing_doors.release_by_staff(person, _staff(request), cause=cause, purpose=purpose)
    return _("Lifted, and the customer is told as far as they may know.")


def _release_form(line: StaffCause, sent: ReasonForm, request: HttpRequest) -> ReasonForm | None:
    """The form that lifts a cause, for whoever may; the one that was sent keeps what was typed."""
    if KINDS[line.cause.reason].own or not _may(request, "holds.decide"):
        return None
    if sent.errors and request.POST.get("cause") == str(line.cause.id):
        return sent
    return ReasonForm(auto_id=f"cause_{line.cause.id}_%s")


def _named(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _may(request: HttpRequest, permission: str) -> bool:
    return permission in permissions(getattr(request.user, "role", ""))


def _staff(request: HttpRequest) -> Actor:
    return Actor("staff", str(person_id(request.user)))
