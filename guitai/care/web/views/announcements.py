"""Announcements and the state of the services: for everybody, and written by staff."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guitai.base.actor import Actor
from guitai.base.refusal import Refusal
from guitai.care import announcements as board
from guitai.care import api
from guitai.care.web.announcement_forms import AnnouncementForm, UpdateForm
from guitai.care.web.announcement_words import availability_words
from guitai.care.web.reader import language
from guitai.kit.explain import explain
from guitai.kit.problems import refusal_for_form
from guitai.people.api import may, staff_required

_WRITE, _PUBLISH = "cases.work", "operator.settings"


@require_safe
def announcements(request: HttpRequest) -> HttpResponse:
    """What the operator tells everybody."""
    return render(request, "care/announcements.html", {"rows": api.published_announcements(language())})


@require_safe
def announcement(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    """One announcement with what was added later."""
    return render(request, "care/announcement.html", {"shown": api.announcement(announcement_id, language())})


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """How the services are now, and how they have been."""
    services = api.services()
    return render(
        request,
        "care/status.html",
        {
            "services": [(service, availability_words(service)) for service in services],
            "all_well": all(service.state == "ok" for service in services),
            "promises": api.kept_promises(),
            "current": [
                row for row in api.current_announcements(language()) if row.kind in ("outage", "maintenance")
            ],
        },
    )


@require_safe
@staff_required(_WRITE)
def staff_announcements(request: HttpRequest) -> HttpResponse:
    """Everything that was written, drafts first."""
    return render(request, "care/staff_announcements.html", {"rows": board.for_staff()})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_WRITE)
def staff_announcement(request: HttpRequest, announcement_id: UUID | None = None) -> HttpResponse:
    """Write a draft, or look at what was published."""
    row = board.for_editing(announcement_id) if announcement_id else None
    form = AnnouncementForm(request.POST or None, initial=AnnouncementForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            saved = api.draft_announcement(form.draft(), _staff(request), announcement_id)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Kept as a draft."))
            return redirect("care:staff_announcement", announcement_id=saved)
    facts = {"form": form, "row": row, "update": UpdateForm(), "may_publish": may(request, _PUBLISH)}
    return render(request, "care/staff_announcement.html", facts, status=422 if form.errors else 200)


@require_POST
@staff_required(_PUBLISH)
def publication(request: HttpRequest, announcement_id: UUID) -> HttpResponse:
    """Publish, add to, end or withdraw an announcement."""
    verb, staff = request.POST.get("verb", ""), _staff(request)
    try:
        if verb == "publish":
            api.publish_announcement(announcement_id, staff)
        elif verb == "withdraw":
            api.withdraw_announcement(announcement_id, staff)
        else:
            form = UpdateForm(request.POST)
            form.is_valid()
            api.update_announcement(announcement_id, form.words(), staff, ended=verb == "end")
    except Refusal as refusal:
        said = explain(refusal.code, refusal.facts)
        messages.warning(request, f"{said.title}. {said.reason} {said.remedy}")
    else:
        messages.success(request, _("Done. Readers see it now."))
    return redirect("care:staff_announcement", announcement_id=announcement_id)


def _staff(request: HttpRequest) -> Actor:
    return Actor("staff", str(request.user.pk))
