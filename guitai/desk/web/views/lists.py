"""The desk without a case: the queue, the search, holds and exceptions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guitai.base.refusal import NotFound, Refusal
from guitai.desk import api
from guitai.desk.web.forms import ReasonForm
from guitai.desk.web.queue_pane import pane, staff_of
from guitai.kit.problems import refusal_for_form
from guitai.people.api import staff_required


@require_GET
@staff_required("cases.work")
def desk(request: HttpRequest) -> HttpResponse:
    """The queue, and what the keys do."""
    return render(request, "desk/desk.html", {"place": "queue", "pane": pane(request)})


@require_GET
@staff_required("cases.work")
def queue_state(request: HttpRequest) -> HttpResponse:
    """The counts of the filters alone: they change in place, the list under the hand does not."""
    return render(request, "desk/parts/filters.html", {"pane": pane(request)})


@require_GET
@staff_required("cases.work")
def search(request: HttpRequest) -> HttpResponse:
    """A reference, however it was typed or said."""
    text = request.GET.get("q", "")[:80]
    found = api.find(text)
    if found is None:
        return render(request, "desk/not_found.html", {"pane": pane(request), "query": text})
    return redirect(f"desk:{found.kind}", reference=found.reference)


@require_GET
@staff_required("cases.work")
def held(request: HttpRequest) -> HttpResponse:
    """Movements that wait for a decision."""
    page = api.held(request.GET.get("after"))
    return render(request, "desk/held.html", {"place": "held", "pane": pane(request), "page": page})


@require_GET
@staff_required("cases.work")
def exceptions(request: HttpRequest) -> HttpResponse:
    """Messages of rails that moved nothing."""
    page = api.exceptions(request.GET.get("after"))
    return render(
        request, "desk/exceptions.html", {"place": "exceptions", "pane": pane(request), "page": page}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("cases.work")
def operation(request: HttpRequest, reference: str) -> HttpResponse:
    """An operation without a case stays closed; one that was held opens for its review, with a reason."""
    found = api.find(reference)
    if found is None:
        raise NotFound()
    form = ReasonForm(request.POST or None)
    may_review, detail = api.may_review(reference, staff_of(request)), None
    if request.method == "POST":
        try:
            detail = api.look_at_operation(reference, staff_of(request), request.POST.get("reason", ""))
        except NotFound:
            raise
        except Refusal as refusal:
            form.is_valid()
            refusal_for_form(form, refusal)
    return render(
        request,
        "desk/operation.html",
        {
            "pane": pane(request),
            "detail": detail,
            "form": form,
            "reference": reference,
            "may_review": may_review,
        },
        status=422 if form.errors else 200,
    )


@require_POST
@staff_required("holds.decide")
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """A supervisor decides about a held movement without a case."""
    form = ReasonForm(request.POST)
    try:
        api.decide_hold(
            reference,
            staff_of(request),
            release=request.POST.get("verdict") == "release",
            reason=request.POST.get("reason", ""),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        form.is_valid()
        refusal_for_form(form, refusal)
        facts = {
            "pane": pane(request),
            "detail": None,
            "form": form,
            "reference": reference,
            "may_review": True,
        }
        return render(request, "desk/operation.html", facts, status=422)
    messages.success(request, _("Decided. The customer has been told."))
    return redirect("desk:held")
