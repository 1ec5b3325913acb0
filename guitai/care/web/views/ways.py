"""Other ways on for a case: somebody higher, taken back, merged; and what customers say in the end."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guitai.base.actor import Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.care import api
from guitai.care.web.forms import WordsForm, add_refusal
from guitai.care.web.reader import as_actor, slow_down, the_customer
from guitai.care.web.views.cases import case_page
from guitai.kit.explain import explain
from guitai.kit.problems import refusal_for_form
from guitai.people.api import customer_required, masked, staff_required


class MergeForm(forms.Form):
    into = forms.CharField(label=gettext_lazy("The case that goes on"), max_length=20)


@require_POST
@customer_required
def escalation(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer asks for somebody higher."""
    customer = the_customer(request)
    form = WordsForm(request.POST, auto_id="higher_%s")
    try:
        slow_down(customer)
        api.escalate(reference, as_actor(customer), str(form.data.get("words", "")))
    except NotFound:
        raise
    except Refusal as refusal:
        view = api.case_for_customer(customer, reference)
        if view.may_escalate:
            form.is_valid()
            form.errors.pop("key", None)
            add_refusal(form, refusal)
            return case_page(request, customer, view, higher=form)
        # Where nobody may ask there is no form either that could say why.
        _warn(request, refusal)
        return redirect("care:case", reference=reference)
    messages.success(request, _("A supervisor looks at it now; nobody who answered before decides."))
    return redirect("care:case", reference=reference)


@require_POST
@customer_required
def withdrawal(request: HttpRequest, reference: str) -> HttpResponse:
    """The customer takes the question back."""
    try:
        api.withdraw(reference, as_actor(the_customer(request)))
    except NotFound:
        raise
    except Refusal as refusal:
        _warn(request, refusal)
    else:
        messages.success(request, _("You took the question back. A new one is always possible."))
    return redirect("care:case", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("cases.work")
def merge(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a case go on in another of the same customer."""
    staff = Actor("staff", str(request.user.pk))
    form = MergeForm(request.POST or None, initial={"into": request.GET.get("into", "")})
    if request.method == "POST" and form.is_valid():
        try:
            api.merge(reference, form.cleaned_data["into"], staff)
        except NotFound as refusal:
            refusal_for_form(form, refusal)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Merged. The customer is told."))
            return redirect("desk:case", reference=form.cleaned_data["into"])
    view = api.case_for_staff(reference, staff, "case.merged")
    others = [row for row in api.cases_of(view.row.customer).items if row.id != view.row.id]
    open_ones = [row for row in others if row.state not in ("resolved", "closed", "withdrawn", "merged")]
    facts = {"case": view, "others": open_ones, "form": form}
    return render(request, "care/merge.html", facts, status=422 if form.errors else 200)


@require_safe
@staff_required("holds.decide")
def surveys(request: HttpRequest) -> HttpResponse:
    """What customers said about how their cases ended."""
    rows = api.survey_figures()
    staff = {row.staff for row in rows if row.staff}
    names = {str(person): found.name for person, found in masked(staff).items()} if staff else {}
    return render(request, "care/surveys.html", {"rows": rows, "names": names})


def _warn(request: HttpRequest, refusal: Refusal) -> None:
    said = explain(refusal.code, refusal.facts)
    messages.warning(request, f"{said.title}. {said.reason} {said.remedy}")
