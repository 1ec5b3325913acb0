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
from guitai.care.web.draft_names import draft_name
from guitai.care.web.forms import NewCaseForm, RatingForm, WordsForm, add_refusal
from guitai.care.web.reader import as_actor, language, slow_down, the_customer
from guitai.care.web.words import CATEGORIES
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
    """Ask about an operation, follow up a case, or ask about anything: only what is not known is asked."""
    customer = the_customer(request)
    about = _About(request)
    detail = _operation(customer, about.operation)
    already = api.open_case_about(customer, "operation", detail.view.id) if detail else None
    if already and request.method != "POST":
        return redirect("care:case", reference=already)
    known = api.case_form(customer, about.category, about.operation, about.follows)
    draft = api.draft(customer, about.draft) if request.method != "POST" else None
    form = NewCaseForm(
        request.POST or None,
        request.FILES or None,
        asked=known.questions,
        initial={"category": about.named, **(draft.fields if draft else {})},
    )
    facts: dict[str, Any] = {
        "form": form,
        "detail": detail,
        "known": known,
        "about": about,
        "draft": draft,
        "follows": _followed(customer, about.follows),
    }
    if request.method == "POST" and form.is_valid():
        try:
            slow_down(customer)
            reference = _open(customer, form, about)
        except AlreadyOpen as refusal:
            facts["problem"], facts["open_case"] = explain(refusal.code, refusal.facts), refusal.facts["case"]
            return render(request, "care/new_case.html", facts, status=status(refusal.code))
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            api.drop_draft(customer, about.draft)
            messages.success(request, _("Your case is open. You can follow it here."))
            then = "care:callback" if request.GET.get("then") == "callback" else "care:case"
            return redirect(then, reference=reference)
    return render(request, "care/new_case.html", facts, status=422 if form.errors else 200)


class _About:
    """What a new case is to be about, as the address and the form say; a category that is none stays unchosen."""

    def __init__(self, request: HttpRequest) -> None:
        self.operation = request.GET.get("operation") or None
        self.follows = request.GET.get("follows") or None
        self.then = request.GET.get("then", "")
        named = request.POST.get("category") or request.GET.get("category", "")
        self.named = named if named in CATEGORIES else ""
        self.category = self.named or None

    @property
    def draft(self) -> str:
        """The name of the draft of this very form."""
        return draft_name(self.named, self.operation or self.follows or "")

    @property
    def chooses(self) -> bool:
        """Whether the first question is what it is about."""
        return not (self.named or self.operation or self.follows)


def _open(customer: UUID, form: NewCaseForm, about: _About) -> str:
    return api.open_case(
        customer,
        form.cleaned_data["category"] or about.category,
        form.cleaned_data["words"],
        form.cleaned_data["files"],
        operation=about.operation,
        follows=about.follows,
        language=language(),
        key=form.cleaned_data["key"],
        answers=form.answers(),
    )


@require_GET
@customer_required
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case: whose turn, what was said, what to do."""
    customer = the_customer(request)
    view = api.case_for_customer(customer, reference)
    if view.row.answer_waiting:
        api.mark_read(reference, as_actor(customer))
    return case_page(request, customer, view)


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
            api.drop_draft(customer, f"reply:{parse_reference(reference)}")
            messages.success(request, _("Your message was sent."))
            return redirect("care:case", reference=reference)
    return case_page(request, customer, api.case_for_customer(customer, reference), reply=form)


@require_POST
@customer_required
def rating(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer rates the answer."""
    customer = the_customer(request)
    form = RatingForm(request.POST)
    form.is_valid()
    try:
        solved, effort = form.outcome()
        words = str(form.data.get("words", ""))
        api.rate(reference, as_actor(customer), form.score(), words, solved=solved, effort=effort)
    except NotFound:
        raise
    except Refusal as refusal:
        form.errors.clear()
        add_refusal(form, refusal)
        return case_page(request, customer, api.case_for_customer(customer, reference), rate=form)
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
        return case_page(request, customer, api.case_for_customer(customer, reference), again=form)
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


def case_page(
    request: HttpRequest,
    customer: UUID,
    view: CaseView,
    *,
    reply: Form | None = None,
    rate: Form | None = None,
    again: Form | None = None,
    higher: Form | None = None,
) -> HttpResponse:
    """A case with whichever of its forms was refused."""
    staff = {UUID(e.actor_id) for e in view.events if e.actor_kind == "staff"}
    holder = view.row.assigned_to
    staff |= {holder} if holder else set()
    refused = any(form is not None and form.errors for form in (reply, rate, again, higher))
    draft = api.draft(customer, f"reply:{view.row.reference}") if reply is None and view.may_reply else None
    facts = {
        "case": view,
        "detail": _operation(customer, view.row.operation_reference),
        "names": {str(person): found.name for person, found in masked(staff).items()} if staff else {},
        "reply": reply or WordsForm(initial=dict(draft.fields) if draft else {}),
        "draft": draft,
        "rate": rate or RatingForm(initial=_rated(view)),
        "again": again or WordsForm(auto_id="again_%s"),
        "higher": higher or WordsForm(auto_id="higher_%s"),
        "call": api.callback_of(view.row.reference, customer),
        "step": view.row.progress.step + 1,
    }
    return render(request, "care/case.html", facts, status=422 if refused else 200)


def _rated(view: CaseView) -> dict[str, Any]:
    solved = {True: "yes", False: "no"}.get(view.solved) if view.solved is not None else ""
    return {"rating": view.rating, "words": view.rating_words, "solved": solved, "effort": view.effort or ""}


def _operation(customer: UUID, reference: str | None) -> OperationDetail | None:
    return wallet.operation(customer, reference) if reference else None


def _followed(customer: UUID, reference: str | None) -> CaseView | None:
    if not reference or parse_reference(reference) is None:
        return None
    return api.case_for_customer(customer, reference)
