"""Who is it that cannot sign in? By a recovery code or a passkey; nothing is unlocked by knowing that alone."""

import json
import secrets
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import extract_user_from_response
from django.core.exceptions import ValidationError

from guitai.kit.throttle import allow
from guitai.people import webauthn
from guitai.people.errors import PasskeyNotAccepted, TooManyAttempts
from guitai.people.flows.release_self import use_recovery_code
from guitai.people.models import User
from guitai.people.reads import phone_index

_NOBODY = UUID(int=0)
_CHALLENGE_BYTES = 32


def person_by_recovery_code(phone: str, code: str) -> UUID:
    """Use a recovery code up; refuses recovery_code_wrong (also for a number of nobody), too_many_attempts."""
    if not allow("people.recovery.phone", phone, limit=5, window_s=3600):
        raise TooManyAttempts()
    rows = User.objects.filter(phone_index=phone_index(phone), phone_verified=True)
    person = rows.values_list("id", flat=True).first()
    use_recovery_code(person or _NOBODY, code)
    assert person is not None
    return person


def passkey_request() -> tuple[bytes, dict[str, Any]]:
    """A challenge, and the request that any passkey of this site may answer."""
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    return challenge, webauthn.request_options(challenge, [])


def person_by_passkey(credential: str, challenge: bytes) -> UUID:
    """Whose passkey answered the challenge; refuses passkey_not_accepted."""
    try:
        assertion = webauthn.read_assertion(credential)
        user = extract_user_from_response(json.loads(credential))
    except (webauthn.Rejected, ValidationError, *webauthn.MALFORMED) as error:
        raise PasskeyNotAccepted(why="unknown") from error
    rows = Authenticator.objects.filter(
        user_id=user.pk, user__kind=User.Kind.CUSTOMER, type=Authenticator.Type.WEBAUTHN
    )
    keys = {key.credential_id: key for key in map(webauthn.key_of, rows)}
    try:
        webauthn.check_assertion(assertion, challenge, keys)
    except webauthn.Rejected as error:
        raise PasskeyNotAccepted(why="not_verified") from error
    return UUID(str(user.pk))
