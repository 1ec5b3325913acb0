"""Passkeys as this site asks for them and checks them (WebAuthn Level 3); the mathematics are python-fido2's."""

import hashlib
import hmac
import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidSignature
from django.utils.translation import get_language
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticationResponse, RegistrationResponse

from guitai.kit.environment import environment
from guitai.kit.operator import operator, word

TIMEOUT_MS = 120_000
# Whatever a broken or hostile client may send instead of what the standard says.
MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError, struct.error, RecursionError)
_ASSERTION_MAX = 16_384
_LOCAL = "localhost"


class Rejected(Exception):
    """An assertion that proves nothing; the text is for logs."""


def rp_id() -> str:
    """The name that passkeys of this installation are bound to: the host of its public address."""
    return urlsplit(environment().public_url).hostname or _LOCAL


def rp_entity() -> dict[str, str]:
    return {"id": rp_id(), "name": word(operator().brand, get_language() or "en")}


def is_our_origin(origin: str) -> bool:
    """Our own host over https, or over http on the own machine; no subdomain, which somebody else may run."""
    try:
        parts = urlsplit(origin)
        return parts.hostname == rp_id() and (parts.scheme == "https" or parts.hostname == _LOCAL)
    except ValueError:
        return False


def read_assertion(given: str | Mapping[str, Any]) -> AuthenticationResponse:
    """What `navigator.credentials.get` gave, parsed; refuses Rejected."""
    try:
        if isinstance(given, str):
            if len(given) > _ASSERTION_MAX:
                raise Rejected("too long")
            given = json.loads(given)
        if not isinstance(given, Mapping):
            raise Rejected("no object")
        return AuthenticationResponse.from_dict(given)
    except MALFORMED as error:
        raise Rejected(type(error).__name__) from error


def check_assertion(
    assertion: AuthenticationResponse, challenge: bytes, keys: Mapping[bytes, AttestedCredentialData]
) -> bytes:
    """Verify type, origin, challenge, relying party, presence, the person's verification, and the signature.

    takes    the parsed assertion, the challenge it must answer, the public keys allowed, by credential id
    gives    the id of the credential that signed
    refuses  Rejected
    source   WebAuthn Level 3, section 7.2
    """
    said, proof = assertion.response.client_data, assertion.response.authenticator_data
    key = keys.get(assertion.raw_id)
    if said.type != "webauthn.get" or said.cross_origin or not is_our_origin(said.origin):
        raise Rejected("not from this site")
    if not hmac.compare_digest(said.challenge, challenge):
        raise Rejected("another challenge")
    if not hmac.compare_digest(hashlib.sha256(rp_id().encode()).digest(), proof.rp_id_hash):
        raise Rejected("another relying party")
    if not (proof.is_user_present() and proof.is_user_verified()):
        raise Rejected("nobody was verified")
    if key is None:
        raise Rejected("unknown credential")
    try:
        key.public_key.verify(proof + said.hash, assertion.response.signature)
    except InvalidSignature as error:
        raise Rejected("wrong signature") from error
    except MALFORMED as error:
        raise Rejected(type(error).__name__) from error
    return assertion.raw_id


def request_options(challenge: bytes, rows: Iterable[Authenticator]) -> dict[str, Any]:
    """`PublicKeyCredentialRequestOptionsJSON` that asks for one of these passkeys and for who holds it."""
    return {
        "challenge": websafe_encode(challenge),
        "rpId": rp_id(),
        "timeout": TIMEOUT_MS,
        "userVerification": "required",
        "allowCredentials": [_descriptor(row) for row in rows],
    }


def passkeys_of(persons: Iterable[UUID]) -> dict[UUID, list[Authenticator]]:
    """The passkeys of persons, in one read."""
    found: dict[UUID, list[Authenticator]] = {}
    wanted = Authenticator.objects.filter(user_id__in=set(persons), type=Authenticator.Type.WEBAUTHN)
    for row in wanted.order_by("id"):
        found.setdefault(row.user_id, []).append(row)
    return found


def key_of(row: Authenticator) -> AttestedCredentialData:
    """The public key that was stored when the passkey was enrolled."""
    stored = RegistrationResponse.from_dict(row.data["credential"])
    key = stored.response.attestation_object.auth_data.credential_data
    assert key is not None
    return key


def _descriptor(row: Authenticator) -> dict[str, Any]:
    transports = row.data["credential"].get("response", {}).get("transports")
    described = {"type": "public-key", "id": websafe_encode(key_of(row).credential_id)}
    return {**described, "transports": transports} if transports else described
