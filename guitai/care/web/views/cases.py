"""A customer's cases: open one, follow it, answer, rate, reopen."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guitai.base.actor import Actor
from guitai.base.reference import parse_reference
from guitai.base.refusal import Refusal
from guitai.care import api
from guitai.care.errors import AlreadyOpen, NotFound
from guitai.care.types import CaseView
from guitai.care.web.forms import NewCaseForm, RatingForm, WordsForm, add_refusal
from guitai.care.web.reader import as_actor, language, slow_down, the_customer
from guitai.kit.downloads import file_response
from guitai.kit.explain import explain, status
from guitai.people.api import customer_required, masked, staff_required
from guitai.wallet import api as wallet
from guitai.wallet.types import OperationDetail


@require_GET
@customer_required
def case_list(request: HttpRequest) -> HttpResponse:
    """My cases, the one that moved last first."""
    page = api.cases_of(the_customer(request), request.GET.get("cursor"))
    return render(request, "care/cases.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def new_case(request: HttpRequest) -> HttpResponse:
    """Ask about an operation, follow up a case, or ask about anything."""
    customer = the_customer(request)
    detail = _operation(customer, request.GET.get("operation"))
    follows = request.GET.get("follows")
    already = api.open_case_about(customer, "operation", detail.view.id) if detail else None
    if already and request.method != "POST":
        return redirect("care:case", reference=already)
    # An article that did not help, or one that says "tell us", knows already what it is about.
    chosen = {"category": request.GET.get("category", "")}
    form = NewCaseForm(request.POST or None, request.FILES or None, initial=chosen)
    facts: dict[str, Any] = {"form": form, "detail": detail, "follows": _followed(customer, follows)}
    if request.method == "POST" and form.is_valid():
        try:
            slow_down(customer)
            reference = api.open_case(
                customer,
                form.cleaned_data["category"] or None,
                form.cleaned_data["words"],
                form.cleaned_data["files"],
                operation=detail.view.reference if detail else None,
                follows=follows,
                language=language(),
                key=form.cleaned_data["key"],
            )
        except AlreadyOpen as refusal:
            facts["problem"], facts["open_case"] = explain(refusal.code, refusal.facts), refusal.facts["case"]
            return render(request, "care/new_case.html", facts, status=status(refusal.code))
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Your case is open. You can follow it here."))
            return redirect("care:case", reference=reference)
    return render(request, "care/new_case.html", facts, status=422 if form.errors else 200)


@require_GET
@customer_required
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case: whose turn, what was said, what to do."""
    customer = the_customer(request)
    view = api.case_for_customer(customer, reference)
    if view.row.answer_waiting:
        api.mark_read(reference, as_actor(customer))
    return _case_page(request, customer, view)


@require_POST
@customer_required
def messages_of(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer says something."""
    customer = the_customer(request)
    form = WordsForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            slow_down(customer)
            api.reply(
                reference,
                as_actor(customer),
                form.cleaned_data["words"],
                form.cleaned_data["files"],
                key=form.cleaned_data["key"],
            )
        except NotFound:
            raise
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("Your message was sent."))
            return redirect("care:case", reference=reference)
    return _case_page(request, customer, api.case_for_customer(customer, reference), reply=form)


@require_POST
@customer_required
def rating(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer rates the answer."""
    customer = the_customer(request)
    form = RatingForm(request.POST)
    form.is_valid()
    try:
        api.rate(reference, as_actor(customer), form.score(), str(form.data.get("words", "")))
    except NotFound:
        raise
    except Refusal as refusal:
        form.errors.clear()
        add_refusal(form, refusal)
        return _case_page(request, customer, api.case_for_customer(customer, reference), rate=form)
    messages.success(request, _("Thank you. Your rating was stored with the case."))
    return redirect("care:case", reference=reference)


@require_POST
@customer_required
def reopening(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer says that it is not solved."""
    customer = the_customer(request)
    form = WordsForm(request.POST)
    try:
        slow_down(customer)
        api.reopen(reference, as_actor(customer), str(form.data.get("words", "")))
    except NotFound:
        raise
    except Refusal as refusal:
        form.is_valid()
        add_refusal(form, refusal)
        return _case_page(request, customer, api.case_for_customer(customer, reference), again=form)
    messages.success(request, _("The case is open again, and it is our turn."))
    return redirect("care:case", reference=reference)


@require_GET
@customer_required
def evidence(request: HttpRequest, reference: str, evidence: UUID) -> HttpResponse:
    """A file of one's own case."""
    return file_response(*api.evidence_for_customer(the_customer(request), reference, evidence))


@require_GET
@staff_required("cases.work")
def staff_evidence(request: HttpRequest, reference: str, evidence: UUID) -> HttpResponse:
    """A file of a case, for an agent; each look is recorded."""
    staff = Actor("staff", str(request.user.pk))
    return file_response(*api.evidence_for_staff(reference, staff, evidence))


def _case_page(
    request: HttpRequest,
    customer: UUID,
    view: CaseView,
    *,
    reply: Form | None = None,
    rate: Form | None = None,
    again: Form | None = None,
) -> HttpResponse:
    staff = {UUID(e.actor_id) for e in view.events if e.actor_kind == "staff"}
    refused = any(form is not None and form.errors for form in (reply, rate, again))
    facts = {
        "case": view,
        "detail": _operation(customer, view.row.operation_reference),
        "names": {str(person): found.name for person, found in masked(staff).items()} if staff else {},
        "reply": reply or WordsForm(),
        "rate": rate or RatingForm(initial={"rating": view.rating, "words": view.rating_words}),
        "again": again or WordsForm(),
        "step": view.row.progress.step + 1,
    }
    return render(request, "care/case.html", facts, status=422 if refused else 200)


def _operation(customer: UUID, reference: str | None) -> OperationDetail | None:
    return wallet.operation(customer, reference) if reference else None


def _followed(customer: UUID, reference: str | None) -> CaseView | None:
    if not reference or parse_reference(reference) is None:
        return None
    return api.case_for_customer(customer, reference)
