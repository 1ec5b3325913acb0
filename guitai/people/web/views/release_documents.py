"""Staff look at documents that were shown to get out of a lock or freeze."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import Refusal
from guitai.kit import files
from guitai.kit.problems import refusal_for_form
from guitai.people.access import staff_required
from guitai.people.flows.show_document import decide_document, look_at_document
from guitai.people.models.user import person_id
from guitai.people.reads import masked
from guitai.people.standing_reads import waiting_documents
from guitai.people.types import ShownDocument
from guitai.people.web.standing_forms import DecisionForm
from guitai.people.web.words import change_reason

_KIND = "release_document"


@require_safe
@staff_required("cases.work")
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first."""
    waiting = waiting_documents()
    names = masked([shown.person for shown in waiting])
    rows = [(shown, names[shown.person], change_reason(shown.reason)) for shown in waiting]
    return render(request, "people/release_documents.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@staff_required("cases.work")
def document(request: HttpRequest, document: UUID) -> HttpResponseBase:
    """One document, its pictures, and the decision."""
    staff = Actor("staff", str(person_id(request.user)))
    shown = look_at_document(document, staff, _purpose(document, "compare the document with the person"))
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verdict, reason = form.cleaned_data["verdict"], form.cleaned_data["reason"]
        accepted = verdict == "accepted"
        try:
            decide_document(
                document,
                staff,
                accepted=accepted,
                why="" if accepted else verdict,
                purpose=_purpose(document, reason),
            )
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Decided, and the customer is told."))
            return redirect("people:release_documents")
    facts = {
        "shown": shown,
        "form": form,
        "person": masked([shown.person])[shown.person],
        "reason": change_reason(shown.reason),
        "files": list(files.describe(list(shown.files)).values()),
    }
    return render(request, "people/release_document.html", facts)


@require_safe
@staff_required("cases.work")
def picture(request: HttpRequest, document: UUID, number: int) -> HttpResponse:
    """One of its files: a picture in the page, anything else to be saved."""
    staff = Actor("staff", str(person_id(request.user)))
    shown: ShownDocument = look_at_document(document, staff, _purpose(document, "look at a picture"))
    if not 0 <= number < len(shown.files):
        raise Http404
    kept, content = files.read(shown.files[number])
    response = HttpResponse(content, content_type=kept.content_type)
    disposition = "inline" if kept.content_type.startswith("image/") else "attachment"
    response["Content-Disposition"] = f'{disposition}; filename="document-{number + 1}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _purpose(document: UUID, reason: str) -> Purpose:
    return Purpose(_KIND, str(document), reason)
