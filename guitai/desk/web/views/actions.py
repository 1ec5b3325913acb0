"""Service actions of a case, and the proofs they need."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guitai.base.refusal import NotFound, Refusal
from guitai.care import api as care
from guitai.care.types import LEVELS, Method
from guitai.desk import api
from guitai.desk.action_reads import offers
from guitai.desk.actions import ACTIONS
from guitai.desk.reads import about_case
from guitai.desk.web import action_words
from guitai.desk.web.action_forms import ActionForm, PhraseForm
from guitai.desk.web.queue_pane import filter_of, pane, staff_of
from guitai.kit.explain import explain, sentences
from guitai.kit.problems import refusal_for_form
from guitai.people.api import staff_required


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("cases.work")
def action(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One action: what it does, what it needs, what the customer is told; then it is done, or waits for a second."""
    service = ACTIONS.get(name)
    if service is None:
        raise Http404
    staff = staff_of(request)
    about = about_case(reference, staff, "case.acted_on")
    form = ActionForm(request.POST or None, action=service, about=about)
    if request.method == "POST":
        try:
            acted = api.act(
                reference, staff, name, form.given(), reason=request.POST.get("reason", ""),
                key=request.POST.get("key", ""),
            )  # fmt: skip
        except NotFound:
            raise
        except Refusal as refusal:
            form.is_valid()
            refusal_for_form(form, refusal)
        else:
            _say(request, acted.state)
            return _back(request, reference)
    offer = next(one for one in offers(about, staff) if one.name == name)
    facts: dict[str, Any] = {
        "place": "queue",
        "pane": pane(request, about.case.row.reference),
        "case": about.case,
        "action": service,
        "offer": offer,
        "missing": explain(offer.missing, {}) if offer.missing else None,
        "form": form,
        "proof": care.proof_standing(about.customer, about.case.row.id),
    }
    return render(request, "desk/action.html", facts, status=422 if form.errors else 200)


@require_POST
@staff_required("cases.work")
def proof(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the customer for a proof, or type the words that the caller answers."""
    staff = staff_of(request)
    try:
        if request.POST.get("verb") == "phrase_answer":
            form = PhraseForm(request.POST)
            form.is_valid()
            care.check_proof_phrase(reference, staff, form.cleaned_data.get("words", ""))
            messages.success(request, _("The words are right."))
        else:
            method = request.POST.get("method", "")
            if method not in LEVELS:
                raise Http404
            care.ask_proof(reference, cast(Method, method), staff)
            messages.success(
                request, _("Asked. The answer appears here by itself when you open the case again.")
            )
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
    return _back(request, reference)


@require_POST
@staff_required("cases.work")
def sorting(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what the case is about and how urgent it is."""
    priority = request.POST.get("priority", "")
    try:
        care.sort(
            reference, staff_of(request), request.POST.get("category", ""),
            int(priority) if priority in ("1", "2", "3") else 0,
        )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
    return _back(request, reference)


@require_http_methods(["GET", "HEAD"])
@staff_required("cases.work")
def customer(request: HttpRequest, person: UUID) -> HttpResponse:
    """A customer's data are not here: without a case the try is refused and recorded."""
    api.refuse_read(staff_of(request), f"customer {person}")
    raise Http404


def _say(request: HttpRequest, state: str) -> None:
    """What became of the wish; the same one pressed again says what became of the first."""
    if state == "open":
        messages.info(request, sentences("action_second_person_needed", {}))
    elif state == "done":
        messages.success(request, _("Done. It stands in the case."))
    else:
        messages.info(
            request, _("This was pressed before: %(state)s.") % {"state": action_words.STATES[state][0]}
        )


def _back(request: HttpRequest, reference: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('desk:case', args=[reference])}?queue={filter_of(request)}")
