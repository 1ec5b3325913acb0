"""The signed copy: a JSON Web Signature that anybody checks without asking us. No Django, no database."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm
from jwt.api_jws import PyJWS

TYPE = "contact-directory+jws"
_ALGORITHM = "EdDSA"
_SIZE_MAX = 1 << 20


class NotOurs(Exception):
    """The copy cannot be relied on; `problem` says why: unreadable, wrong_key, forged, expired, not_yet, elsewhere."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Verified:
    """A copy that is genuine and in force."""

    content: dict[str, Any]
    issued_at: datetime
    expires_at: datetime


def sign(content: dict[str, Any], key: Ed25519PrivateKey) -> str:
    """The content as a compact signature.

    takes    what is published, the key
    gives    `header.payload.signature`
    source   RFC 7515 (JWS), RFC 8037 (Ed25519)
    """
    payload = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    headers = {"typ": TYPE, "kid": key_id(key.public_key())}
    return PyJWS().encode(payload, key, algorithm=_ALGORITHM, headers=headers)


def verify(copy: str, keys: dict[str, Any], at: datetime, *, canonical: str | None = None) -> Verified:
    """Check a copy offline.

    takes    the compact signature, the key set (JWK Set) or one key that was fetched before, a moment, and where the
             copy must come from (None: anywhere)
    gives    Verified; raises NotOurs
    source   RFC 7515, RFC 7517; Canonical and Expires after RFC 9116
    """
    if len(copy) > _SIZE_MAX:
        raise NotOurs("unreadable")
    try:
        header = jwt.get_unverified_header(copy.strip())
    except jwt.InvalidTokenError as error:
        raise NotOurs("unreadable") from error
    key = public_key(keys, str(header.get("kid", "")))
    try:
        payload = PyJWS().decode(copy.strip(), key, algorithms=[_ALGORITHM])
        content = json.loads(payload)
        issued, expires = (datetime.fromisoformat(content[name]) for name in ("issued_at", "expires_at"))
        in_force = issued <= at < expires
    except jwt.InvalidTokenError as error:
        raise NotOurs("forged") from error
    except (ValueError, KeyError, TypeError) as error:
        raise NotOurs("unreadable") from error
    if header.get("typ") != TYPE:
        raise NotOurs("elsewhere")
    if canonical is not None and content.get("canonical") != canonical:
        raise NotOurs("elsewhere")
    if not in_force:
        raise NotOurs("expired" if at >= expires else "not_yet")
    return Verified(content, issued, expires)


def key_set(*keys: Ed25519PublicKey) -> dict[str, Any]:
    """Public keys as a JWK Set, the one in use first."""
    return {"keys": [_jwk(key) for key in keys]}


def key_id(key: Ed25519PublicKey) -> str:
    """A key's thumbprint: the same everywhere, so that it can be read out on the telephone.

    source   RFC 7638
    """
    canonical = json.dumps(_plain(key), sort_keys=True, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()


def _jwk(key: Ed25519PublicKey) -> dict[str, Any]:
    return {**_plain(key), "kid": key_id(key), "use": "sig", "alg": _ALGORITHM}


def _plain(key: Ed25519PublicKey) -> dict[str, Any]:
    plain = OKPAlgorithm.to_jwk(key, as_dict=True)
    return {name: plain[name] for name in ("crv", "kty", "x")}


def public_key(keys: dict[str, Any], wanted: str) -> Any:
    """The key of that thumbprint in a JWK Set, or in one key alone; raises NotOurs `wrong_key`."""
    listed = keys.get("keys", [keys]) if isinstance(keys, dict) else []
    for plain in listed:
        try:
            key = jwt.PyJWK(plain, algorithm=_ALGORITHM)
            if isinstance(key.key, Ed25519PublicKey) and key_id(key.key) == wanted:
                return key.key
        except (jwt.PyJWKError, jwt.InvalidKeyError, AttributeError, TypeError):
            continue
    raise NotOurs("wrong_key")
