"""Booked calls: a customer chooses a time, the desk calls in the order of places."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.care import api
from guitai.care.errors import SlotTaken
from guitai.care.types import CallbackView, Slot
from guitai.care.web.forms import SlotForm
from guitai.care.web.reader import as_actor, slow_down, the_customer
from guitai.kit.explain import explain
from guitai.kit.problems import refusal_for_form
from guitai.people import api as people
from guitai.people.api import customer_required, staff_required

_DAYS_SHOWN, _OPEN = 3, ("booked", "calling")
_ENDED = ("resolved", "closed", "withdrawn", "merged")


@require_safe
@customer_required
def start(request: HttpRequest) -> HttpResponse:
    """Which case a call is to be about."""
    rows = [row for row in api.cases_of(the_customer(request)).items if row.state not in _ENDED]
    return render(request, "care/callback_start.html", {"rows": rows, "bookable": bool(api.free_slots())})


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def callback(request: HttpRequest, reference: str) -> HttpResponse:
    """Book, move or cancel a call about a case."""
    customer = the_customer(request)
    view = api.case_for_customer(customer, reference)
    form = SlotForm(request.POST or None)
    if request.method == "POST":
        try:
            slow_down(customer)
            said = _change(reference, customer, form, request.POST.get("verb", "book"))
        except NotFound:
            raise
        except Refusal as refusal:
            form.is_valid()
            form.errors.clear()
            refusal_for_form(form, refusal)
        else:
            messages.success(request, said)
            return redirect("care:case", reference=reference)
    found = api.callback_of(reference, customer)
    booked = found if found and found.state in _OPEN else None
    facts = {
        "case": view,
        "call": booked,
        "name": _name(booked),
        "days": _by_day(api.free_slots()),
        "form": form,
    }
    return render(request, "care/callback.html", facts, status=422 if form.errors else 200)


@require_safe
@staff_required("cases.work")
def desk(request: HttpRequest) -> HttpResponse:
    """Calls to be made; a number is shown to whoever holds the case, once the call is written down."""
    open_ones, ended = api.callbacks_open(), api.callbacks_ended()
    known = people.masked({call.customer for call in [*open_ones, *ended]})
    me = UUID(str(request.user.pk))
    rows = [
        {
            "call": call,
            "customer": known.get(call.customer),
            "mine": call.holder == me,
            "phone": _number(call, request) if call.state == "calling" and call.staff == me else "",
        }
        for call in open_ones
    ]
    return render(
        request, "care/callbacks.html", {"rows": rows, "ended": [(c, known.get(c.customer)) for c in ended]}
    )


@require_POST
@staff_required("cases.work")
def call(request: HttpRequest, callback_id: UUID) -> HttpResponse:
    """Write a call down before it is dialled, or say how it ended."""
    staff, verb = Actor("staff", str(request.user.pk)), request.POST.get("verb", "")
    try:
        if verb == "begin":
            api.begin_call(callback_id, staff)
        else:
            api.end_call(callback_id, staff, reached=verb == "reached")
    except NotFound:
        raise
    except Refusal as refusal:
        said = explain(refusal.code, refusal.facts)
        messages.warning(request, f"{said.title}. {said.reason} {said.remedy}")
    return redirect("care:callbacks")


def _change(reference: str, customer: UUID, form: SlotForm, verb: str) -> str:
    actor = as_actor(customer)
    if verb == "cancel":
        api.cancel_callback(reference, actor)
        return _("The call is cancelled.")
    moment = form.moment()
    if moment is None:
        raise SlotTaken()
    if verb == "move":
        api.move_callback(reference, actor, moment)
        return _("The call is moved.")
    api.book_callback(reference, actor, moment)
    return _("The call is booked.")


def _by_day(slots: list[Slot]) -> list[tuple[Any, list[Slot]]]:
    """The next days on which somebody calls, in the reader's zone."""
    days = groupby(slots, key=lambda slot: timezone.localtime(slot.starts_at).date())
    return [(day, list(found)) for day, found in days][:_DAYS_SHOWN]


def _name(found: CallbackView | None) -> str:
    staff = (found.staff or found.holder) if found else None
    return people.masked({staff})[staff].name if staff else ""


def _number(found: CallbackView, request: HttpRequest) -> str:
    """The whole number, for the call that is being made; the look is recorded."""
    staff = Actor("staff", str(request.user.pk))
    case = api.case_for_staff(found.case, staff, "case.call")
    purpose = Purpose("case", str(case.row.id), "case.call")
    return people.profile(found.customer, purpose=purpose, reader=staff).phone
