"""A forgotten password: the number's code, a second proof when there is one, the new password."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.flows.proofs import send_proof_code
from guitai.people.flows.reset_password import begin_reset, proofs_of, prove_reset, reset_password
from guitai.people.flows.send_code import send_code
from guitai.people.models import User
from guitai.people.rules.phone import written_phone
from guitai.people.web import passkeys
from guitai.people.web.forms import CodeForm, PhoneForm
from guitai.people.web.forms_access import ChosenPasswordForm
from guitai.people.web.proving import WAY_TITLES, ProofForm, chosen_way, way_rows
from guitai.people.web.views.common import address, keep_sent, kept_sent, limit_address

RESETTING, GRANT, SLOT = "people.resetting", "people.reset_grant", "reset"


@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the number; the answer is the same whether it has a wallet or not."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limit_address(request, "people.reset.address")
            phone = form.cleaned_data["phone"]
            keep_sent(request, RESETTING, phone, send_code("reset", phone, source=address(request)))
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return redirect("people:forgotten_code")
    return render(request, "people/forgotten.html", {"form": form})


@require_http_methods(["GET", "POST"])
def forgotten_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code."""
    kept = kept_sent(request, RESETTING)
    if kept is None:
        return redirect("people:forgotten")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = begin_reset(kept[0], form.cleaned_data["code"], kept[1])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            request.session.pop(RESETTING, None)
            # What has been proved lies in a session of its own: nobody fixed it beforehand.
            request.session.cycle_key()
            request.session[GRANT] = {"person": str(person), "proved": None, "sent": {}}
            return redirect("people:forgotten_proof" if proofs_of(person) else "people:forgotten_password")
    return render(request, "people/forgotten_code.html", {"form": form, "phone": written_phone(kept[0])})


@require_http_methods(["GET", "POST"])
def forgotten_proof(request: HttpRequest) -> HttpResponse:
    """Ask for one more proof: a stolen number alone must not open a wallet."""
    grant = request.session.get(GRANT)
    if grant is None:
        return redirect("people:forgotten")
    person = UUID(grant["person"])
    ways = proofs_of(person)
    way = chosen_way(request.POST.get("way") or request.GET.get("way"), ways)
    if way is None or grant["proved"] in ways:
        return redirect("people:forgotten_password")
    form = ProofForm(request.POST if request.POST.get("action") == "prove" else None, way=way)
    try:
        if way == "email" and (request.POST.get("action") == "send" or "email" not in grant["sent"]):
            grant["sent"]["email"] = str(send_proof_code(User.objects.get(id=person), way))
            request.session.modified = True
        elif form.is_bound and form.is_valid():
            sent = grant["sent"].get(way)
            challenge = passkeys.asked(request, SLOT) if way == "passkey" else b""
            prove_reset(person, way, form.given, sent=UUID(sent) if sent else None, challenge=challenge)
            request.session[GRANT] = {**grant, "proved": way}
            return redirect("people:forgotten_password")
    except Refusal as refusal:
        form = form if form.is_bound else ProofForm({}, way=way)
        form.errors.pop("code", None)
        refusal_for_form(form, refusal)
    facts: dict[str, Any] = {
        "form": form,
        "way": way,
        "way_title": WAY_TITLES[way],
        "others": way_rows(ways, way),
    }
    return render(request, "people/forgotten_proof.html", facts)


@require_http_methods(["POST"])
def forgotten_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked with: a passkey of whoever proved the number."""
    grant = request.session.get(GRANT)
    if grant is None:
        return JsonResponse({}, status=409)
    return passkeys.ask_own(request, SLOT, UUID(grant["person"]))


@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """The new password."""
    grant = request.session.get(GRANT)
    if grant is None:
        return redirect("people:forgotten")
    person = UUID(grant["person"])
    if proofs_of(person) and grant["proved"] is None:
        return redirect("people:forgotten_proof")
    form = ChosenPasswordForm(request.POST or None, user=User.objects.get(id=person))
    if request.method == "POST" and form.is_valid():
        try:
            reset_password(person, form.cleaned_data["new_password"], proved=grant["proved"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            request.session.flush()
            messages.success(request, _("Your password is changed. Sign in with the new one."))
            return redirect("people:sign_in")
    return render(request, "people/forgotten_password.html", {"form": form})
