"""Staff sign-in: mail address and password, then the authenticator; enrolled at the first sign-in."""

import segno
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter as get_second_step_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret, get_totp_secret, validate_totp_code
from django.contrib.auth import logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guitai.audit import api as audit
from guitai.base.actor import SYSTEM
from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.kit.throttle import allow
from guitai.people.access import second_step_done
from guitai.people.errors import CodeWrong, TooManyAttempts
from guitai.people.flows.authenticate_staff import authenticate_staff
from guitai.people.models import User
from guitai.people.web import steps
from guitai.people.web.forms import CodeForm, StaffSignInForm
from guitai.people.web.views.common import customer, keep_next, onward

_DESK = "/desk/"


@require_http_methods(["GET", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """Mail address and password."""
    if customer(request):
        raise Http404
    if request.user.is_authenticated:
        return _after(request)
    keep_next(request)
    form = StaffSignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = authenticate_staff(form.cleaned_data["email"], form.cleaned_data["password"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            steps.sign_in_staff(request, user)
            return _after(request)
    return render(request, "people/staff_sign_in.html", {"form": form})


@require_http_methods(["GET", "POST"])
def staff_code(request: HttpRequest) -> HttpResponse:
    """The authenticator's code."""
    stage = steps.second_step(request)
    if stage is None or stage.login.user.kind != User.Kind.STAFF:
        return redirect("people:staff_sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            steps.enter_second_step(stage, form.cleaned_data["code"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return _after(request)
    return render(request, "people/staff_code.html", {"form": form})


@require_http_methods(["GET", "POST"])
def staff_enrol(request: HttpRequest) -> HttpResponse:
    """Set up the authenticator. Whoever has one already must use it, and starts again."""
    user = request.user
    if customer(request):
        raise Http404
    if not isinstance(user, User) or second_step_done(request):
        return _after(request) if user.is_authenticated else redirect("people:staff_sign_in")
    if Authenticator.objects.filter(user=user).exists():
        logout(request)
        return redirect("people:staff_sign_in")
    form = CodeForm(request.POST or None)
    secret = get_totp_secret(regenerate=False)
    if request.method == "POST" and form.is_valid():
        try:
            _enrol(request, user, secret, form.cleaned_data["code"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return _after(request)
    picture = segno.make(get_second_step_adapter().build_totp_url(user, secret), micro=False)
    facts = {"form": form, "secret": secret, "picture": picture.svg_data_uri(scale=5, border=2)}
    return render(request, "people/staff_enrol.html", facts)


def _enrol(request: HttpRequest, user: User, secret: str, code: str) -> None:
    if not allow("people.totp", str(user.pk), limit=10, window_s=300):
        raise TooManyAttempts()
    if not validate_totp_code(secret, code):
        raise CodeWrong()
    with transaction.atomic():
        authenticator = TOTP.activate(user, secret).instance
        audit.record(SYSTEM, "staff.second_step_set", ("staff", str(user.pk)))
    clear_totp_secret(request)
    request.session.cycle_key()
    record_authentication(request, user, "mfa", id=authenticator.pk, type="totp")


def _after(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("people:staff_code")
    if not second_step_done(request):
        return redirect("people:staff_enrol")
    return redirect(onward(request, _DESK))
