"""Signing up, one question a screen: number, password, code, name, payment PIN."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people import reads
from guitai.people.access import signed_in_customer
from guitai.people.flows.register import name_person
from guitai.people.flows.set_pin import set_first_pin
from guitai.people.policies import agreement
from guitai.people.rules.phone import written_phone
from guitai.people.web import steps
from guitai.people.web.forms import CodeForm, FirstPinForm, NameForm, NewPasswordForm, PhoneForm
from guitai.people.web.views.common import after_sign_in, customer, keep_next, onward

PHONE, SIGNING_UP = "people.sign_up_phone", "people.signing_up"


@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Ask for the number."""
    if customer(request):
        return after_sign_in(request)
    keep_next(request)
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[PHONE] = form.cleaned_data["phone"]
        return redirect("people:sign_up_password")
    return render(request, "people/sign_up.html", {"form": form})


@require_http_methods(["GET", "POST"])
def sign_up_password(request: HttpRequest) -> HttpResponse:
    """Ask for a password and the agreement, then send the code."""
    phone = request.session.get(PHONE)
    if not phone:
        return redirect("people:sign_up")
    form = NewPasswordForm(request.POST or None, phone=phone)
    if request.method == "POST" and form.is_valid():
        try:
            steps.begin_sign_up(request, phone, form.cleaned_data["password"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        except ValidationError as error:
            form.add_error("password", error.messages)
        else:
            return redirect("people:sign_up_code")
    return render(request, "people/sign_up_password.html", {"form": form, "agreement": agreement()})


@require_http_methods(["GET", "POST"])
def sign_up_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a number that has a wallet waits here for a code that never comes."""
    process = steps.sign_up_process(request)
    if process is None:
        return redirect("people:sign_up")
    form = CodeForm(request.POST if request.POST.get("action") == "enter" else None)
    try:
        if request.POST.get("action") == "resend":
            steps.resend(process)
            messages.success(request, _("A new code is on its way."))
            return redirect("people:sign_up_code")
        if form.is_bound and form.is_valid():
            steps.enter_code(process, form.cleaned_data["code"])
            request.session.pop(PHONE, None)
            request.session[SIGNING_UP] = True
            return redirect("people:sign_up_name")
    except Refusal as refusal:
        form = form if form.is_bound else CodeForm({})
        form.errors.pop("code", None)
        refusal_for_form(form, refusal)
    if steps.sign_up_process(request) is None:
        messages.error(request, _("Too many wrong codes. Start again with your number."))
        return redirect("people:sign_up")
    return render(request, "people/sign_up_code.html", {"form": form, "phone": written_phone(process.phone)})


@signed_in_customer
@require_http_methods(["GET", "POST"])
def sign_up_name(request: HttpRequest) -> HttpResponseBase:
    """Ask for the name, once."""
    user = customer(request)
    if user is None or user.name_sealed:
        return after_sign_in(request)
    keep_next(request)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            name_person(user.id, form.cleaned_data["name"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return redirect("people:sign_up_pin")
    return render(request, "people/sign_up_name.html", {"form": form})


@signed_in_customer
@require_http_methods(["GET", "POST"])
def sign_up_pin(request: HttpRequest) -> HttpResponseBase:
    """Ask for the payment PIN. Only straight after signing up: later the password is asked for."""
    user = customer(request)
    if user is None or reads.has_pin(user.id) or not request.session.get(SIGNING_UP):
        return redirect(onward(request))
    form = FirstPinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_first_pin(user.id, form.cleaned_data["pin"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            request.session.pop(SIGNING_UP, None)
            messages.success(request, _("Your wallet is ready."))
            return redirect(onward(request))
    return render(request, "people/sign_up_pin.html", {"form": form})


def show_agreement(request: HttpRequest) -> HttpResponse:
    """The agreement in force."""
    return render(request, "people/agreement.html", {"agreement": agreement()})
