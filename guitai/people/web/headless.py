"""allauth's API for apps: only what is in use, with our limits in front.

Endpoints keep allauth's own shapes: https://docs.allauth.org/en/latest/headless/openapi-specification/
"""

import json
from collections.abc import Sequence
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.core.exceptions import RateLimited
from allauth.headless.account import views as account
from allauth.headless.base import views as base
from allauth.headless.base.response import AuthenticationResponse, RateLimitResponse
from allauth.headless.constants import Client
from allauth.headless.internal.sessionkit import expose_session_token
from allauth.headless.mfa import views as mfa
from allauth.headless.mfa.inputs import DeleteWebAuthnInput, UpdateWebAuthnInput
from allauth.headless.mfa.response import (
    AddWebAuthnResponse,
    AuthenticatorDeletedResponse,
    AuthenticatorResponse,
    AuthenticatorsDeletedResponse,
    TOTPResponse,
)
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import path

from guitai.base.refusal import Refusal
from guitai.kit.problems import problem_response
from guitai.people.errors import PasskeyRefused, ProofMissing, TooManyAttempts
from guitai.people.flows import authenticators
from guitai.people.models import User
from guitai.people.rules.sign_in import Way
from guitai.people.web import passkeys, second_steps
from guitai.people.web.devices import visitor_of
from guitai.people.web.proving import chosen_way
from guitai.people.web.steps import count_code
from guitai.people.webauthn import MALFORMED


class _Limited:
    """Answers a limit with 429 and a refusal with a problem, where allauth's views would fail."""

    def dispatch(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().dispatch(request, *arguments, **options)  # type: ignore[misc]
        except (RateLimited, TooManyAttempts):
            return RateLimitResponse(request)
        except Refusal as refusal:
            return problem_response(refusal.code, refusal.facts)
        return response


class _Passkeys(_Limited):
    """What a broken client sends instead of a passkey's answer is refused, not a failure of ours."""

    def dispatch(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *arguments, **options)
        except MALFORMED:
            return problem_response(PasskeyRefused.code, {"why": "not_verified"})


class SignUpView(_Limited, account.SignupView):  # type: ignore[misc]
    pass


class SignInView(_Limited, account.LoginView):  # type: ignore[misc]
    pass


class RequestCodeView(_Limited, account.RequestLoginCodeView):  # type: ignore[misc]
    pass


class ResendCodeView(_Limited, account.ResendPhoneVerificationCodeView):  # type: ignore[misc]
    pass


class ConfirmCodeView(_Limited, account.ConfirmLoginCodeView):  # type: ignore[misc]
    def get_input_kwargs(self) -> dict[str, Any]:
        count_code(self.process)
        return dict(super().get_input_kwargs())


class VerifyPhoneView(_Limited, account.VerifyPhoneView):  # type: ignore[misc]
    def get_input_kwargs(self) -> dict[str, Any]:
        count_code(self.process)
        return dict(super().get_input_kwargs())


class SecondStepView(_Limited, mfa.AuthenticateView):  # type: ignore[misc]
    """The second step over the API: `way` says what `code`, `password` or `credential` is (default: an authenticator).

    GET lists the ways that this sign-in leaves open, and why it is asked for.
    """

    input_class = None

    def get(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        facts = {"ways": second_steps.ways_of(self.stage), "why": second_steps.why(self.stage)}
        return JsonResponse({"status": 200, "data": facts})

    def post(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        given = _body(request)
        ways = second_steps.ways_of(self.stage)
        way = chosen_way(given.get("way"), ways) or _authenticator_way(ways)
        proof = given.get({"password": "password", "passkey": "credential"}.get(way, "code"), "")
        second_steps.finish(request, self.stage, way, proof if isinstance(proof, str) else json.dumps(proof))
        return AuthenticationResponse(request)


class SecondStepCodeView(_Limited, mfa.AuthenticateView):  # type: ignore[misc]
    """Send the code of the ways `sms` and `email`."""

    input_class = None

    def post(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        second_steps.send_code(
            request, self.stage, chosen_way(_body(request).get("way"), second_steps.CODES) or "sms"
        )
        return JsonResponse({"status": 202}, status=202)


class SecondStepPasskeyView(_Passkeys, mfa.AuthenticateView):  # type: ignore[misc]
    """Request options for the way `passkey`; its answer goes to where every second step ends."""

    input_class = None
    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        if "passkey" not in second_steps.ways_of(self.stage):
            raise ProofMissing()
        asked = {"publicKey": second_steps.ask_passkey(request, self.stage)}
        return JsonResponse({"status": 200, "data": {"request_options": asked}})


class PasskeySignInView(_Passkeys, mfa.LoginWebAuthnView):  # type: ignore[misc]
    """Sign in with a passkey and nothing else: options by GET, the answer by POST {credential}."""

    input_class = None

    def get(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        asked = {"publicKey": passkeys.ask(request, "sign_in", [])}
        return JsonResponse({"status": 200, "data": {"request_options": asked}, "meta": _meta(request)})

    def post(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        given = _body(request).get("credential")
        passkeys.sign_in_with_passkey(request, json.dumps(given), visitor_of(request).address)
        return AuthenticationResponse(request)


class ReauthenticateView(_Limited, account.ReauthenticateView):  # type: ignore[misc]
    """Show the password again, before changing how one signs in."""


class ReauthenticateCodeView(_Limited, mfa.ReauthenticateView):  # type: ignore[misc]
    """The same with the authenticator app."""


class AuthenticatorsView(_Limited, mfa.AuthenticatorsView):  # type: ignore[misc]
    pass


class AppView(_Limited, mfa.ManageTOTPView):  # type: ignore[misc]
    """The authenticator app: its secret by GET, set up by POST {code}, away by DELETE."""

    input_class = None

    def post(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        raise_if_reauthentication_required(request, app="allauth.mfa")
        made = authenticators.set_totp(_user(request), get_totp_secret(), str(_body(request).get("code", "")))
        clear_totp_secret(request)
        return TOTPResponse(request, made)

    def delete(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        raise_if_reauthentication_required(request, app="allauth.mfa")
        found = self._get_authenticator()
        if found is not None:
            authenticators.remove_authenticator(_user(request), found.pk)
        return AuthenticatorDeletedResponse(request)


class RecoveryCodesView(_Limited, mfa.ManageRecoveryCodesView):  # type: ignore[misc]
    """What is left by GET, new ones by POST."""

    input_class = None

    def post(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        raise_if_reauthentication_required(request, app="allauth.mfa")
        authenticators.make_recovery_codes(_user(request))
        return self.get(request)


class PasskeysView(_Passkeys, mfa.ManageWebAuthnView):  # type: ignore[misc]
    """Creation options by GET, a new one by POST {name, credential}, another name by PUT, away by DELETE."""

    input_class = {"PUT": UpdateWebAuthnInput, "DELETE": DeleteWebAuthnInput}

    def get(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        return AddWebAuthnResponse(request, passkeys.begin_enrolment(request, _user(request)))

    def post(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        raise_if_reauthentication_required(request, app="allauth.mfa")
        given = _body(request)
        credential = json.dumps(given.get("credential"))
        made = passkeys.finish_enrolment(request, _user(request), str(given.get("name", "")), credential)
        return AuthenticatorResponse(request, made)

    def delete(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        raise_if_reauthentication_required(request, app="allauth.mfa")
        for row in self.input.cleaned_data["authenticators"]:
            authenticators.remove_authenticator(_user(request), row.pk)
        return AuthenticatorsDeletedResponse(request)


def _body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent; nothing else is one."""
    try:
        given = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return given if isinstance(given, dict) else {}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _meta(request: HttpRequest) -> dict[str, Any]:
    """A session that begins with this answer hands its token on, as allauth's own answers do."""
    token = expose_session_token(request)
    return {"is_authenticated": False, **({"session_token": token} if token else {})}


def _authenticator_way(ways: Sequence[Way]) -> Way:
    return "totp" if "totp" in ways else "recovery"


def _app(address: str, view: Any, name: str) -> Any:
    return path(address, view.as_api_view(client=Client.APP), name=name)


urlpatterns = [
    _app("config", base.ConfigView, "api_config"),
    _app("auth/session", account.SessionView, "api_session"),
    _app("auth/signup", SignUpView, "api_sign_up"),
    _app("auth/phone/verify", VerifyPhoneView, "api_verify_phone"),
    _app("auth/phone/verify/resend", ResendCodeView, "api_resend"),
    _app("auth/login", SignInView, "api_sign_in"),
    _app("auth/code/request", RequestCodeView, "api_code_request"),
    _app("auth/code/confirm", ConfirmCodeView, "api_code_confirm"),
    _app("auth/2fa/authenticate", SecondStepView, "api_second_step"),
    _app("auth/2fa/code", SecondStepCodeView, "api_second_step_code"),
    _app("auth/2fa/passkey", SecondStepPasskeyView, "api_second_step_passkey"),
    _app("auth/2fa/reauthenticate", ReauthenticateCodeView, "api_reauthenticate_code"),
    _app("auth/reauthenticate", ReauthenticateView, "api_reauthenticate"),
    _app("auth/webauthn/login", PasskeySignInView, "api_passkey_sign_in"),
    _app("account/authenticators", AuthenticatorsView, "api_authenticators"),
    _app("account/authenticators/totp", AppView, "api_app"),
    _app("account/authenticators/recovery-codes", RecoveryCodesView, "api_recovery_codes"),
    _app("account/authenticators/webauthn", PasskeysView, "api_passkeys"),
]
