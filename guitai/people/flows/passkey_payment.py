"""A payment approved by passkey: the challenge is derived from what is approved, so it approves nothing else."""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

from guitai.base.clock import now
from guitai.kit import crypto
from guitai.kit.throttle import allow
from guitai.kit.transactions import required
from guitai.people import webauthn
from guitai.people.errors import TooManyAttempts
from guitai.people.models import PasskeyChallenge
from guitai.people.types import PasskeyCheck
from guitai.people.webauthn import Rejected

_PURPOSE = "people.passkey_payment"
_VALID = timedelta(minutes=5)
_NONCE_BYTES = 32
_ASKED_MAX, _ASKED_WINDOW_S = 60, 600

Given = str | Mapping[str, Any]


def payment_options(person: UUID, binding: str) -> dict[str, Any] | None:
    """A stored challenge bound to the binding, as request options; None for somebody without a passkey."""
    rows = webauthn.passkeys_of([person]).get(person, [])
    if not rows:
        return None
    if not allow("people.passkey.payment", str(person), limit=_ASKED_MAX, window_s=_ASKED_WINDOW_S):
        raise TooManyAttempts()
    nonce = secrets.token_bytes(_NONCE_BYTES)
    challenge = _challenge(person, nonce, binding)
    PasskeyChallenge.objects.create(
        person_id=person, nonce=nonce, challenge=challenge, expires_at=now() + _VALID
    )
    return webauthn.request_options(challenge, rows)


def payment_checks(tries: Sequence[tuple[UUID, str, Given]]) -> list[PasskeyCheck]:
    """Judge each assertion and use its challenge up, right or wrong, in the caller's transaction."""
    required()
    read = [_read(given) for _, _, given in tries]
    rows = _locked([one.response.client_data.challenge for one in read if one is not None])
    keys = _keys({person for person, _, _ in tries})
    moment, spent, checks = now(), set[UUID](), []
    for (person, binding, _), assertion in zip(tries, read, strict=True):
        row = rows.get(bytes(assertion.response.client_data.challenge)) if assertion else None
        if assertion is None or row is None or row.person_id != person:
            checks.append(PasskeyCheck(ok=False, reason="unknown"))
            continue
        fresh = row.id not in spent and row.used_at is None
        spent.add(row.id)
        checks.append(_judged(row, binding, assertion, keys.get(person, {}), moment, fresh=fresh))
    PasskeyChallenge.objects.filter(id__in=spent, used_at=None).update(used_at=moment)
    used = sorted(check.passkey for check in checks if check.passkey is not None)
    Authenticator.objects.filter(id__in=used).update(last_used_at=moment)
    return checks


def _judged(
    row: PasskeyChallenge,
    binding: str,
    assertion: AuthenticationResponse,
    keys: Mapping[bytes, tuple[int, AttestedCredentialData]],
    moment: datetime,
    *,
    fresh: bool,
) -> PasskeyCheck:
    if not fresh:
        return PasskeyCheck(ok=False, reason="used")
    if row.expires_at <= moment:
        return PasskeyCheck(ok=False, reason="expired")
    challenge = _challenge(row.person_id, bytes(row.nonce), binding)
    if not hmac.compare_digest(bytes(row.challenge), challenge):
        return PasskeyCheck(ok=False, reason="changed")
    try:
        signer = webauthn.check_assertion(
            assertion, challenge, {name: key for name, (_, key) in keys.items()}
        )
    except Rejected:
        return PasskeyCheck(ok=False, reason="not_verified")
    return PasskeyCheck(ok=True, reason="", passkey=keys[signer][0])


def _challenge(person: UUID, nonce: bytes, binding: str) -> bytes:
    return crypto.mac(_PURPOSE, str(person), nonce.hex(), binding)


def _read(given: Given) -> AuthenticationResponse | None:
    try:
        return webauthn.read_assertion(given)
    except Rejected:
        return None


def _locked(challenges: Sequence[bytes]) -> dict[bytes, PasskeyChallenge]:
    if not challenges:
        return {}
    rows = PasskeyChallenge.objects.select_for_update().filter(challenge__in=set(challenges)).order_by("id")
    return {bytes(row.challenge): row for row in rows}


def _keys(persons: set[UUID]) -> dict[UUID, dict[bytes, tuple[int, AttestedCredentialData]]]:
    found: dict[UUID, dict[bytes, tuple[int, AttestedCredentialData]]] = {}
    for person, rows in webauthn.passkeys_of(persons).items():
        keys = [(row.id, webauthn.key_of(row)) for row in rows]
        found[person] = {key.credential_id: (number, key) for number, key in keys}
    return found
