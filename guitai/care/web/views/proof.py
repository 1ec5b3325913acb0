"""The customer's side of a proof: who asks, for what, approve or say no."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guitai.base.refusal import NotFound, Refusal
from guitai.care import api
from guitai.care.web.reader import the_customer
from guitai.kit.problems import problem_response, refusal_for_form
from guitai.people import api as people
from guitai.people.api import customer_required


class PinForm(forms.Form):
    pin = forms.CharField(label=gettext_lazy("Payment PIN"), max_length=12, required=False)


class CodeForm(forms.Form):
    reference = forms.CharField(label=gettext_lazy("Reference of your case"), max_length=30)
    code = forms.CharField(label=gettext_lazy("Code from the SMS"), max_length=20)


@require_http_methods(["GET", "HEAD", "POST"])
@customer_required
def prove(request: HttpRequest, proof_id: UUID) -> HttpResponseBase:
    """One request: the name and badge of whoever asks, the case, and the ways to answer."""
    customer = the_customer(request)
    form = PinForm(request.POST or None)
    if request.method == "POST":
        try:
            _answer(request, customer, proof_id)
        except NotFound:
            raise
        except Refusal as refusal:
            form.is_valid()
            refusal_for_form(form, refusal)
        else:
            return redirect("care:case", reference=api.proof_for_customer(customer, proof_id).case)
    view = api.proof_for_customer(customer, proof_id)
    asker = people.masked([view.asked_by]).get(view.asked_by)
    facts = {
        "proof": view,
        "form": form,
        "staff_name": asker.name if asker else "–",
        "badge": people.badge_of(view.asked_by),
        "with_pin": view.method == "app" and people.has_pin(customer),
        "with_passkey": view.method in ("app", "passkey") and people.has_passkey(customer),
    }
    return render(request, "care/prove.html", facts, status=422 if form.errors else 200)


@require_POST
@customer_required
def prove_options(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """What a passkey is asked to approve: this very request."""
    options = api.proof_passkey_options(the_customer(request), proof_id)
    return JsonResponse(options) if options else problem_response("proof_method_missing")


@require_http_methods(["GET", "HEAD", "POST"])
def prove_code(request: HttpRequest) -> HttpResponseBase:
    """For whoever cannot sign in: the code from the SMS, typed by the customer and by nobody else."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        source = request.META.get("REMOTE_ADDR", "")
        try:
            api.give_proof_code(form.cleaned_data["reference"], form.cleaned_data["code"], source=source)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return render(request, "care/prove_code.html", {"done": True})
    return render(request, "care/prove_code.html", {"form": form}, status=422 if form.errors else 200)


def _answer(request: HttpRequest, customer: UUID, proof: UUID) -> None:
    verb = request.POST.get("verb", "")
    if verb in ("deny", "alone"):
        api.deny_proof(customer, proof, alone=verb == "alone")
        said = _("Thank you. We look into it at once.") if verb == "alone" else _("Nothing was approved.")
        messages.warning(request, said)
        return
    if credential := request.POST.get("credential"):
        api.give_proof_passkey(customer, proof, credential)
    else:
        api.give_proof_pin(customer, proof, request.POST.get("pin", ""))
    messages.success(request, _("Thank you. They now know that it is you, for half an hour."))
