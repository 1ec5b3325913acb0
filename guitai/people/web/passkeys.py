"""Passkeys on pages: the challenge waits in the session, once, for five minutes."""

import secrets
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from allauth.account.models import Login
from allauth.account.utils import url_str_to_user_pk
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth, flows
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse

from guitai.kit.throttle import allow
from guitai.people import webauthn
from guitai.people.errors import PasskeyRefused, TooManyAttempts
from guitai.people.flows.authenticators import add_passkey
from guitai.people.flows.proofs import check_passkey
from guitai.people.models import User

_KEPT_S = 300
_CHALLENGE_BYTES = 32
_AN_HOUR = 3600


def ask(request: HttpRequest, slot: str, rows: Iterable[Authenticator]) -> dict[str, Any]:
    """Request options for one of these passkeys; for any, when there are none."""
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    request.session[_key(slot)] = [challenge.hex(), int(time.time())]
    return webauthn.request_options(challenge, rows)


def ask_own(request: HttpRequest, slot: str, person: UUID) -> JsonResponse:
    """The same as an answer, for one of this person's passkeys; 409 when there is none."""
    rows = webauthn.passkeys_of([person]).get(person, [])
    return JsonResponse(ask(request, slot, rows)) if rows else JsonResponse({}, status=409)


def asked(request: HttpRequest, slot: str) -> bytes:
    """The challenge that was asked with; used up by reading it. Empty when there is none."""
    kept = request.session.pop(_key(slot), None)
    if not kept or time.time() - kept[1] > _KEPT_S:
        return b""
    return bytes.fromhex(kept[0])


def sign_in_with_passkey(request: HttpRequest, given: str, address: str) -> None:
    """Sign in whoever the passkey says it belongs to; refuses passkey_refused, too_many_attempts."""
    if not allow("people.passkey.address", address, limit=600, window_s=_AN_HOUR):
        raise TooManyAttempts()
    challenge = asked(request, "sign_in")
    user = _owner(given)
    number = check_passkey(user.id, given, challenge)
    authenticator = Authenticator.objects.get(id=number)
    flows.perform_passwordless_login(request, authenticator, Login(user=authenticator.user))


def begin_enrolment(request: HttpRequest, user: User) -> dict[str, Any]:
    """Creation options for a passkey that can sign in by itself."""
    options: dict[str, Any] = flows.begin_registration(request, user, passwordless=True)
    return options


def finish_enrolment(request: HttpRequest, user: User, name: str, credential: str) -> Authenticator:
    """Store a new passkey; refuses passkey_refused, too_many_passkeys."""
    try:
        form = AddWebAuthnForm(data={"name": name, "credential": credential, "passwordless": True}, user=user)
        valid = form.is_valid()
    except webauthn.MALFORMED as error:
        raise PasskeyRefused(why="not_verified") from error
    finally:
        auth.clear_state()
    if not valid:
        raise PasskeyRefused(why="not_verified")
    return add_passkey(user, form.cleaned_data["name"], form.cleaned_data["credential"])


def _owner(given: str) -> User:
    try:
        handle = webauthn.read_assertion(given).response.user_handle
        person = url_str_to_user_pk((handle or b"").decode())
    except (webauthn.Rejected, *webauthn.MALFORMED) as error:
        raise PasskeyRefused(why="unknown") from error
    except ValidationError as error:
        raise PasskeyRefused(why="unknown") from error
    found = User.objects.filter(pk=person, kind=User.Kind.CUSTOMER, registered_at__isnull=False).first()
    if found is None:
        raise PasskeyRefused(why="unknown")
    return found


def _key(slot: str) -> str:
    return f"people.passkey.{slot}"
