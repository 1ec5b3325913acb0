"""The desk's daily closes, and what is owed to customers beside what is there for them."""

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound, Refusal
from guitai.kit.explain import sentences
from guitai.kit.operator import time_zone
from guitai.kit.problems import refusal_for_form
from guitai.people.api import masked, staff_member, staff_required
from guitai.wallet import api
from guitai.wallet.web.reconciliation_forms import NoteForm

_WORK, _SIGN = "cases.work", "holds.decide"
# So many parts of a difference are shown; the sum is of all.
_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_WORK)
def days(request: HttpRequest) -> HttpResponseBase:
    """The latest days; one of them can be computed anew."""
    yesterday = now().astimezone(ZoneInfo(time_zone())).date() - timedelta(days=1)
    if request.method == "POST":
        try:
            found = api.close_of_day(date.fromisoformat(request.POST.get("day", "")))
        except Refusal as refusal:
            messages.warning(request, sentences(refusal.code, refusal.facts))
        except ValueError:
            messages.warning(request, _("Enter the day."))
        else:
            messages.success(request, _("Computed: %(count)s.") % {"count": len(found)})
        return redirect("wallet:reconciliation_days")
    facts = {"closes": api.daily_closes(), "yesterday": yesterday, "place": "days"}
    return render(request, "wallet/reconciliation/days.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_WORK)
def day(request: HttpRequest, close: UUID) -> HttpResponseBase:
    """One day: both sides, every part between them, and two signatures."""
    staff, form = Actor("staff", str(request.user.pk)), NoteForm(request.POST or None)
    if request.method == "POST":
        try:
            if request.POST.get("verb") == "sign":
                api.sign_close(close, actor=staff)
            else:
                api.prepare_close(close, note=request.POST.get("note", ""), actor=staff)
        except NotFound:
            raise
        except Refusal as refusal:
            form.is_valid()
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Recorded."))
            return redirect("wallet:reconciliation_day", close=close)
    view = api.daily_close(close)
    names = {who: _name(who) for who in (view.prepared_by, view.signed_by) if who}
    facts = {
        "view": view, "form": form, "items": view.items[:_SHOWN], "more": max(0, len(view.items) - _SHOWN),
        "prepared_by": names.get(view.prepared_by, ""), "signed_by": names.get(view.signed_by, ""),
        "own": view.prepared_by == str(staff), "place": "days",
        "may_sign": _SIGN in staff_member(UUID(staff.id)).permissions,
    }  # fmt: skip
    return render(request, "wallet/reconciliation/day.html", facts, status=422 if form.errors else 200)


@require_GET
@staff_required(_WORK)
def safeguarding(request: HttpRequest) -> HttpResponse:
    """What is owed beside what is there, by currency."""
    facts = {"rows": api.safeguarding(), "place": "safeguarding"}
    return render(request, "wallet/reconciliation/safeguarding.html", facts)


def _name(actor: str) -> str:
    kind, _sep, person = actor.partition(":")
    return masked([UUID(person)])[UUID(person)].name if kind == "staff" else actor
