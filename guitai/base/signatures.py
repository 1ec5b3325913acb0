"""HTTP message signatures as we speak them with machines outside: a narrow profile of RFC 9421, Ed25519 only.

A request covers `@method`, `@path` and `content-digest`; an answer covers `@status` and `content-digest`.
The digest is RFC 9530's SHA-256 over the raw bytes: nothing is parsed before it is known to be genuine.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

REQUEST_COMPONENTS = ("@method", "@path", "content-digest")
ANSWER_COMPONENTS = ("@status", "content-digest")
# How far the two clocks may be apart, and how long a copied request stays usable.
TOLERANCE = timedelta(seconds=300)

_INPUT = re.compile(
    r"([a-z*][a-z0-9_.*-]{0,31})=(\(((?:\"[a-z0-9@-]{1,64}\" ?){1,12})\)((?:;[^,]{1,200}){0,8}))"
)
_SIGNATURE = re.compile(r"([a-z*][a-z0-9_.*-]{0,31})=:([A-Za-z0-9+/]{86}==):")
_CREATED = re.compile(r";created=(\d{1,12})(?=;|\Z)")
_KEY_ID = re.compile(r";keyid=\"([^\"]{1,100})\"(?=;|\Z)")
_EXPIRES = re.compile(r";expires=(\d{1,12})(?=;|\Z)")


class SignatureWrong(Exception):
    """Why a message is not known to be genuine, in one word that may be recorded."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def content_digest(body: bytes) -> str:
    """The Content-Digest field of a body (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_base(values: Sequence[tuple[str, str]], parameters: str) -> bytes:
    """The exact bytes that are signed (RFC 9421, section 2.5)."""
    lines = [f'"{name}": {value}' for name, value in values]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def sign_request(
    key: Ed25519PrivateKey, key_id: str, *, method: str, path: str, body: bytes, at: datetime
) -> dict[str, str]:
    """The headers that make a request genuine: Content-Digest, Signature-Input and Signature."""
    digest = content_digest(body)
    values = dict(zip(REQUEST_COMPONENTS, (method, path, digest), strict=True))
    return _sign(key, key_id, REQUEST_COMPONENTS, values, at)


def verify_request(
    key: Ed25519PublicKey,
    key_id: str,
    *,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    at: datetime,
) -> datetime:
    """Check that a request comes from the holder of a key, unchanged and recent.

    takes    the sender's key and its name, the request (header names in lower case), when it arrived
    gives    when it was signed
    refuses  SignatureWrong(missing | unreadable | components | key | digest | time | signature)
    source   RFC 9421 and RFC 9530
    """
    values = {"@method": method, "@path": path}
    return _verify(key, key_id, REQUEST_COMPONENTS, values, headers, body, at)


def verify_answer(
    key: Ed25519PublicKey, key_id: str, *, status: int, headers: Mapping[str, str], body: bytes, at: datetime
) -> datetime:
    """`verify_request` for the answer to a request of ours."""
    return _verify(key, key_id, ANSWER_COMPONENTS, {"@status": str(status)}, headers, body, at)


def _sign(
    key: Ed25519PrivateKey, key_id: str, components: tuple[str, ...], values: dict[str, str], at: datetime
) -> dict[str, str]:
    named = " ".join(f'"{name}"' for name in components)
    parameters = f'({named});created={int(at.timestamp())};keyid="{key_id}";alg="ed25519"'
    signature = key.sign(signature_base([(name, values[name]) for name in components], parameters))
    return {
        "Content-Digest": values["content-digest"],
        "Signature-Input": f"sig={parameters}",
        "Signature": f"sig=:{base64.b64encode(signature).decode()}:",
    }


def _verify(
    key: Ed25519PublicKey,
    key_id: str,
    components: tuple[str, ...],
    values: dict[str, str],
    headers: Mapping[str, str],
    body: bytes,
    at: datetime,
) -> datetime:
    covered, parameters, signature = _read(headers)
    if sorted(covered) != sorted(components):
        raise SignatureWrong("components")
    named = _KEY_ID.search(parameters)
    if named is None or named[1] != key_id:
        raise SignatureWrong("key")
    digest = headers.get("content-digest", "").strip()
    if not hmac.compare_digest(digest.encode(), content_digest(body).encode()):
        raise SignatureWrong("digest")
    values = {**values, "content-digest": digest}
    try:
        key.verify(signature, signature_base([(name, values[name]) for name in covered], parameters))
    except InvalidSignature as error:
        raise SignatureWrong("signature") from error
    return _moment(parameters, at)


def _read(headers: Mapping[str, str]) -> tuple[list[str], str, bytes]:
    """Covered components in their order, the parameters exactly as sent, the signature's bytes."""
    if not headers.get("signature-input") or not headers.get("signature"):
        raise SignatureWrong("missing")
    described = _INPUT.fullmatch(headers["signature-input"].strip())
    signed = _SIGNATURE.fullmatch(headers["signature"].strip())
    if described is None or signed is None or described[1] != signed[1]:
        raise SignatureWrong("unreadable")
    try:
        return (
            re.findall(r"\"([^\"]+)\"", described[3]),
            described[2],
            base64.b64decode(signed[2], validate=True),
        )
    except binascii.Error as error:
        raise SignatureWrong("unreadable") from error


def _moment(parameters: str, at: datetime) -> datetime:
    """When it was signed; judged last, so that `time` is only said of a message that is otherwise genuine."""
    created, expires = _CREATED.search(parameters), _EXPIRES.search(parameters)
    if created is None:
        raise SignatureWrong("time")
    # Compared as whole seconds: an absurd figure must not overflow a date.
    age_s = int(at.timestamp()) - int(created[1])
    if abs(age_s) > TOLERANCE.total_seconds() or (expires and int(expires[1]) < int(at.timestamp())):
        raise SignatureWrong("time")
    return at - timedelta(seconds=age_s)
