"""Signing in: password, or a code by SMS; the second step when there is one; out again; a new password."""

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.flows.reset_password import reset_password
from guitai.people.flows.send_code import send_code
from guitai.people.models import User
from guitai.people.rules.phone import written_phone
from guitai.people.web import steps
from guitai.people.web.forms import CodeForm, PhoneForm, ResetForm, SignInForm
from guitai.people.web.views.common import (
    address,
    after_sign_in,
    customer,
    keep_next,
    keep_sent,
    kept_sent,
    limit_address,
)

RESETTING = "people.resetting"


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
    """Ask a customer for the authenticator's code."""
    stage = steps.second_step(request)
    if stage is None or stage.login.user.kind != User.Kind.CUSTOMER:
        return redirect("people:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            steps.enter_second_step(stage, form.cleaned_data["code"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return after_sign_in(request)
    return render(request, "people/second_step.html", {"form": form})


@require_http_methods(["POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    staff = getattr(request.user, "kind", "") == User.Kind.STAFF
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("people:staff_sign_in" if staff else "people:sign_in")


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
    """Ask for the code and a new password."""
    kept = kept_sent(request, RESETTING)
    if kept is None:
        return redirect("people:forgotten")
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reset_password(kept[0], form.cleaned_data["code"], form.cleaned_data["password"], kept[1])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            request.session.pop(RESETTING, None)
            messages.success(request, _("Your password is changed. Sign in with the new one."))
            return redirect("people:sign_in")
    return render(request, "people/forgotten_code.html", {"form": form, "phone": written_phone(kept[0])})
