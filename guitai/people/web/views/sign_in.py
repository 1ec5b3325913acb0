"""Signing in: password, a code by SMS, or a passkey; the second step when one is due; out again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.flows.sign_out import note_sign_out
from guitai.people.models import User
from guitai.people.rules.phone import written_phone
from guitai.people.web import passkeys, second_steps, steps
from guitai.people.web.forms import CodeForm, PhoneForm, SignInForm
from guitai.people.web.proving import WAY_TITLES, ProofForm, chosen_way, way_rows
from guitai.people.web.views.common import (
    address,
    after_sign_in,
    customer,
    keep_next,
    limit_address,
    shown_phone,
)


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Number and password."""
    if customer(request):
        return after_sign_in(request)
    keep_next(request)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            steps.sign_in_with_password(request, form.cleaned_data["phone"], form.cleaned_data["password"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return after_sign_in(request)
    return render(request, "people/sign_in.html", {"form": form})


@require_http_methods(["POST"])
def sign_in_passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked with: any passkey of this site."""
    limit_address(request, "people.passkey.options")
    return JsonResponse(passkeys.ask(request, "sign_in", []))


@require_http_methods(["POST"])
def sign_in_passkey(request: HttpRequest) -> HttpResponse:
    """The passkey's answer; nothing else is needed to sign in."""
    if customer(request):
        return after_sign_in(request)
    form = SignInForm()
    try:
        passkeys.sign_in_with_passkey(request, request.POST.get("credential", ""), address(request))
    except Refusal as refusal:
        form = SignInForm({})
        form.errors.clear()
        refusal_for_form(form, refusal)
        return render(request, "people/sign_in.html", {"form": form})
    return after_sign_in(request)


@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the number that a sign-in code goes to."""
    if customer(request):
        return after_sign_in(request)
    keep_next(request)
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            steps.begin_sign_in_by_code(request, form.cleaned_data["phone"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return redirect("people:sign_in_code_enter")
    return render(request, "people/sign_in_code.html", {"form": form})


@require_http_methods(["GET", "POST"])
def sign_in_code_enter(request: HttpRequest) -> HttpResponse:
    """Ask for the sign-in code."""
    process = steps.sign_in_process(request)
    if process is None:
        return redirect("people:sign_in_code")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            steps.enter_code(process, form.cleaned_data["code"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return after_sign_in(request)
    if steps.sign_in_process(request) is None:
        messages.error(request, _("Too many wrong codes. Ask for a new one."))
        return redirect("people:sign_in_code")
    phone = written_phone(str(process.state.get("phone") or ""))
    return render(request, "people/sign_in_code_enter.html", {"form": form, "phone": phone})


@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Show that it is really you, in one of the ways that this sign-in leaves open."""
    stage = second_steps.pending(request)
    if stage is None:
        return redirect("people:sign_in")
    ways = second_steps.ways_of(stage)
    way = chosen_way(request.POST.get("way") or request.GET.get("way"), ways)
    if way is None:
        return redirect("people:sign_in")
    form = ProofForm(request.POST if request.POST.get("action") == "prove" else None, way=way)
    try:
        if request.POST.get("action") == "send" or (
            way in second_steps.CODES and not second_steps.was_sent(stage, way)
        ):
            second_steps.send_code(request, stage, way)
        elif form.is_bound and form.is_valid():
            second_steps.finish(request, stage, way, form.given)
            return after_sign_in(request)
    except Refusal as refusal:
        form = form if form.is_bound else ProofForm({}, way=way)
        form.errors.pop("code", None)
        refusal_for_form(form, refusal)
    return render(request, "people/second_step.html", _second_step_facts(stage, form))


@require_http_methods(["POST"])
def second_step_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked with: a passkey of whoever is signing in."""
    stage = second_steps.pending(request)
    if stage is None or "passkey" not in second_steps.ways_of(stage):
        return JsonResponse({}, status=409)
    return JsonResponse(second_steps.ask_passkey(request, stage))


@require_http_methods(["POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    staff = getattr(request.user, "kind", "") == User.Kind.STAFF
    note_sign_out(request.session.session_key)
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("people:staff_sign_in" if staff else "people:sign_in")


def _second_step_facts(stage: Any, form: ProofForm) -> dict[str, Any]:
    ways, why = second_steps.ways_of(stage), second_steps.why(stage)
    return {
        "form": form,
        "way": form.way,
        "way_title": WAY_TITLES[form.way],
        "others": way_rows(ways, form.way),
        "new": "new_device" in why or "unusual_place" in why,
        "phone": shown_phone(stage.login.user),
    }
