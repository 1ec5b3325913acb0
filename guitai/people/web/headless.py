"""allauth's API for apps: only what is in use, with our limits in front.

Endpoints keep allauth's own shapes: https://docs.allauth.org/en/latest/headless/openapi-specification/
"""

from typing import Any

from allauth.core.exceptions import RateLimited
from allauth.headless.account import views as account
from allauth.headless.base import views as base
from allauth.headless.base.response import RateLimitResponse
from allauth.headless.constants import Client
from allauth.headless.mfa import views as mfa
from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from guitai.base.refusal import Refusal
from guitai.kit.problems import problem_response
from guitai.people.errors import TooManyAttempts
from guitai.people.web.steps import count_code


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
    pass


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
]
