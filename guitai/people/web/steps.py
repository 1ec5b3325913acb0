"""allauth's steps as our pages drive them: one place knows its inner workings."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import SignupForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.phone_verification import PhoneVerificationStageProcess
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController, PhoneVerificationStage
from allauth.core import ratelimit
from allauth.core.exceptions import RateLimited
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.stages import AuthenticateStage
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from guitai.kit.throttle import allow
from guitai.people.errors import CodeWrong, SignInRefused, TooManyAttempts
from guitai.people.models import User

Process = PhoneVerificationStageProcess | LoginCodeVerificationProcess
_CODES_AN_HOUR = 20


def limit(request: HttpRequest, action: str, key: str | None = None) -> None:
    """Count one request against allauth's limits; refuses too_many_attempts."""
    if not ratelimit.consume(request, action=action, key=key):
        raise TooManyAttempts()


def count_code(process: Process) -> None:
    """Count one guess against the number, whatever the session says: sessions can be had in any number."""
    phone = str(process.state.get("phone") or "")
    if not allow("people.code.try", phone, limit=_CODES_AN_HOUR, window_s=3600):
        raise TooManyAttempts()


def begin_sign_up(request: HttpRequest, phone: str, password: str) -> None:
    """Write the person, or pretend to when the number has a wallet, and send the code."""
    limit(request, "signup")
    form = SignupForm(data={"phone": phone, "password1": password, "agreement": "on"})
    if not form.is_valid():
        raise ValidationError([message for errors in form.errors.values() for message in errors])
    try:
        user, response = form.try_save(request)
        if response is None:
            complete_signup(request, user=user)
    except RateLimited as error:
        clear_login(request)
        raise TooManyAttempts() from error


def sign_up_process(request: HttpRequest) -> PhoneVerificationStageProcess | None:
    """The code that a sign-up waits for, if one does."""
    stage = LoginStageController.enter(request, PhoneVerificationStage.key)
    return PhoneVerificationStageProcess.resume(stage) if stage else None


def sign_in_process(request: HttpRequest) -> LoginCodeVerificationProcess | None:
    """The code that a sign-in waits for, if one does."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    return LoginCodeVerificationProcess.resume(stage) if stage else None


def enter_code(process: Process, typed: str) -> None:
    """Finish a step with its code; refuses code_wrong, too_many_attempts."""
    count_code(process)
    if process.user is None or not compare_user_code(actual=typed, expected=process.code):
        process.record_invalid_attempt()
        raise CodeWrong()
    if isinstance(process, LoginCodeVerificationProcess):
        process.finish(None)
    else:
        process.finish()
        process.stage.exit()


def resend(process: PhoneVerificationStageProcess) -> None:
    """Send another code; refuses too_many_attempts."""
    try:
        if process.can_resend:
            process.resend()
            return
    except RateLimited as error:
        raise TooManyAttempts() from error
    raise TooManyAttempts()


def sign_in_with_password(request: HttpRequest, phone: str, password: str) -> None:
    """Check and sign in, or go on to the second step; refuses with allauth's ValidationError."""
    limit(request, "login")
    adapter = get_adapter(request)
    user = adapter.authenticate(request, phone=phone, password=password)
    if user is None:
        raise adapter.validation_error("phone_password_mismatch")
    perform_password_login(request, {"phone": phone, "password": password}, Login(user=user))


def begin_sign_in_by_code(request: HttpRequest, phone: str) -> None:
    """Send a sign-in code to whoever holds the number, and tell anybody else that it has no wallet."""
    limit(request, "request_login_code", phone)
    user = get_adapter(request).get_user_by_phone(phone)
    LoginCodeVerificationProcess.initiate(request=request, user=user, phone=phone)


def sign_in_staff(request: HttpRequest, user: User) -> None:
    """Sign staff in by password; the authenticator's step follows when there is one."""
    perform_password_login(request, {"email": user.email}, Login(user=user))


def second_step(request: HttpRequest) -> Any | None:
    """The authenticator's step that a sign-in waits for, if one does."""
    return LoginStageController.enter(request, AuthenticateStage.key)


def enter_second_step(stage: Any, typed: str) -> None:
    """Finish the authenticator's step; refuses code_wrong, too_many_attempts."""
    user = stage.login.user
    if not allow("people.totp", str(user.pk), limit=10, window_s=300):
        raise TooManyAttempts()
    form = AuthenticateForm(data={"code": typed}, user=user)
    if not form.is_valid():
        raise SignInRefused() if user.kind == User.Kind.STAFF else CodeWrong()
    form.save()
    stage.exit()
