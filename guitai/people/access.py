"""Who may come to a page or an endpoint."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from allauth.headless.internal.sessionkit import authenticate_by_x_session_token
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from ninja.security import APIKeyHeader

from guitai.people.errors import NotPermitted
from guitai.people.models import User
from guitai.people.rules.staff import permissions
from guitai.people.types import Permission
from guitai.people.web.devices import note_session_use

View = Callable[..., HttpResponseBase]
PROVED_FOR_S = 600
_AUTHENTICATORS = {"webauthn": "passkey", "recovery_codes": "recovery"}


class CustomerAuth(APIKeyHeader):
    """`X-Session-Token` of a customer's app; `request.auth` is the person's id."""

    param_name = "X-Session-Token"

    def authenticate(self, request: HttpRequest, key: str | None) -> UUID | None:
        found = authenticate_by_x_session_token(key) if key else None
        user = found[0] if found else None
        if user is None or user.kind != User.Kind.CUSTOMER or user.registered_at is None:
            return None
        request.user = user
        if note_session_use(request, found[1]):
            found[1].save()
        return UUID(str(user.pk))


customer_auth = CustomerAuth()


def signed_in_customer(view: View) -> View:
    """For pages that finish a registration: a signed-in customer, with or without a name."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        user = request.user
        if not user.is_authenticated:
            return _to("people:sign_in", request)
        if getattr(user, "kind", "") != User.Kind.CUSTOMER:
            raise Http404
        return _private(view(request, *arguments, **options))

    return guarded


def customer_required(view: View) -> View:
    """For every page of a customer; who has not given a name yet is asked for it first."""

    @wraps(view)
    def finished(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        if not getattr(request.user, "name_sealed", None):
            return _to("people:sign_up_name", request)
        return view(request, *arguments, **options)

    return signed_in_customer(finished)


def staff_required(permission: Permission | None = None) -> Callable[[View], View]:
    """For every page of staff: signed in with the second step, and with a permission when one is named."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
            user = request.user
            if not user.is_authenticated:
                return _to("people:staff_sign_in", request)
            if getattr(user, "kind", "") != User.Kind.STAFF:
                raise Http404
            if not second_step_done(request):
                return _to("people:staff_enrol", request)
            if permission is not None and permission not in permissions(user.role):
                raise NotPermitted(permission=permission)
            return _private(view(request, *arguments, **options))

        return guarded

    return decorate


def may(request: HttpRequest, permission: str) -> bool:
    """Whether a signed-in member of staff has a permission: for what a page offers, never for what it does."""
    user = request.user
    return getattr(user, "kind", "") == User.Kind.STAFF and permission in permissions(
        getattr(user, "role", "")
    )


def proved_lately(request: HttpRequest) -> str:
    """What this session has shown within the last minutes: password, else passkey, totp or recovery; "" for nothing.

    A code by SMS or mail is not enough.
    """
    records = get_authentication_records(request, request.user)
    since = time.time() - PROVED_FOR_S
    shown = [one for one in records if one.get("method") in ("password", "mfa") and float(one["at"]) > since]
    if any(one["method"] == "password" for one in shown):
        return "password"
    return _AUTHENTICATORS.get(str(shown[-1].get("type")), "totp") if shown else ""


def fresh_proof_required(view: View) -> View:
    """For pages that change how somebody signs in: who has not proved themselves lately is asked to."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponseBase:
        if not proved_lately(request):
            return _to("people:confirm", request)
        return view(request, *arguments, **options)

    return guarded


def second_step_done(request: HttpRequest) -> bool:
    """Whether this session passed an authenticator, not only a password."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def _to(name: str, request: HttpRequest) -> HttpResponse:
    wanted = request.get_full_path() if request.method == "GET" else ""
    query = f"?{urlencode({'next': wanted})}" if wanted and wanted != "/" else ""
    return HttpResponseRedirect(reverse(name) + query)


def _private(response: HttpResponseBase) -> HttpResponseBase:
    """Pages of a person are kept by no cache and shown to nobody after sign-out."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
