"""The bank's own reading of RFC 9421, written apart from the wallet's so that each proves the other."""

import base64
import hashlib
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

TOLERANCE_S = 300
_PARAMETERS = re.compile(
    r'\("@method" "@path" "content-digest"\);created=(\d{1,12});keyid="(\w{1,40})";alg="ed25519"'
)


class NotGenuine(Exception):
    """A request that is not known to come from the wallet."""


def digest_of(body: bytes) -> str:
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


def request_headers(
    key: Ed25519PrivateKey, key_id: str, method: str, path: str, body: bytes, at: int
) -> dict[str, str]:
    """Headers that sign a request of ours."""
    digest = digest_of(body)
    parameters = f'("@method" "@path" "content-digest");created={at};keyid="{key_id}";alg="ed25519"'
    return _headers(key, digest, parameters, _request_base(method, path, digest, parameters))


def answer_headers(key: Ed25519PrivateKey, key_id: str, status: int, body: bytes, at: int) -> dict[str, str]:
    """Headers that sign an answer of ours."""
    digest = digest_of(body)
    parameters = f'("@status" "content-digest");created={at};keyid="{key_id}";alg="ed25519"'
    base = f'"@status": {status}\n"content-digest": {digest}\n"@signature-params": {parameters}'
    return _headers(key, digest, parameters, base)


def check_request(
    key: Ed25519PublicKey,
    key_id: str,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    at: int,
) -> None:
    """Raise NotGenuine unless the holder of the key signed exactly this request a short while ago."""
    label, _, parameters = headers.get("signature-input", "").partition("=")
    described = _PARAMETERS.fullmatch(parameters)
    prefix = f"{label}=:"
    signature = headers.get("signature", "")
    if described is None or not label or not signature.startswith(prefix) or not signature.endswith(":"):
        raise NotGenuine("signature headers are missing or not in the agreed form")
    if described[2] != key_id:
        raise NotGenuine("unknown key")
    if headers.get("content-digest") != digest_of(body):
        raise NotGenuine("the body is not the one that was signed")
    if abs(at - int(described[1])) > TOLERANCE_S:
        raise NotGenuine("signed too long ago, or the clocks differ")
    base = _request_base(method, path, digest_of(body), parameters)
    try:
        key.verify(base64.b64decode(signature[len(prefix) : -1], validate=True), base.encode())
    except (InvalidSignature, ValueError) as error:
        raise NotGenuine("the signature does not hold") from error


def _request_base(method: str, path: str, digest: str, parameters: str) -> str:
    return (
        f'"@method": {method}\n"@path": {path}\n"content-digest": {digest}\n"@signature-params": {parameters}'
    )


def _headers(key: Ed25519PrivateKey, digest: str, parameters: str, base: str) -> dict[str, str]:
    signature = base64.b64encode(key.sign(base.encode())).decode()
    return {
        "Content-Digest": digest,
        "Signature-Input": f"sig={parameters}",
        "Signature": f"sig=:{signature}:",
    }
