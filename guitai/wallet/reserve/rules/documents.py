"""What is signed. A request and a signature are small files of JSON; this module needs neither network nor database.

The bytes that are signed are a fixed prefix and the request in canonical form: UTF-8, names sorted, no spaces. A file
that is not in that form is refused, so that there is one text for one wish.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from guitai.base.money import EXPONENTS, MINOR_MAX, Money

PREFIX = b"guitai reserve request v1\n"
BYTES_MAX = 16_384
SIGNATURES_MAX = 64
NEEDED_MIN = 2
Kind = Literal["release", "rotation", "rehearsal"]
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_KEY_ID_LENGTH = 16
_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
_PublicKey = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class DocumentWrong(Exception):
    """Why a file is not a request or a signature, in a word that may be recorded."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Signer(msgspec.Struct, frozen=True):
    """Somebody who holds a key. The name is for people; the key alone counts."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    public_key: _PublicKey

    @property
    def id(self) -> str:
        """A short name of the key that follows from it."""
        return key_id(self.public_key)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wish: what is to be released, or which key takes the place of which, until when, under which policy."""

    id: UUID
    kind: Kind
    # The version of the policy `reserve` under which it was written, and the digest of the keys that count.
    policy: Annotated[int, msgspec.Meta(ge=0)]
    signers: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    nonce: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
    created_at: Annotated[datetime, msgspec.Meta(tz=True)]
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)]
    reason: _Text
    # Of a release.
    amount: Annotated[int, msgspec.Meta(ge=0, le=MINOR_MAX)] = 0
    currency: Annotated[str, msgspec.Meta(pattern=r"\A([A-Z]{3})?\Z")] = ""
    destination: Annotated[str, msgspec.Meta(max_length=120)] = ""
    # Of a rotation: the keys and how many of them are needed from then on.
    keys: tuple[Signer, ...] = ()
    needed: Annotated[int, msgspec.Meta(ge=0, le=SIGNATURES_MAX)] = 0
    # Of a rehearsal: the key that is thought to be lost.
    without: Annotated[str, msgspec.Meta(pattern=r"\A([0-9a-f]{16})?\Z")] = ""


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One key's signature over one request."""

    request: UUID
    digest: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    key: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
    signature: Annotated[str, msgspec.Meta(max_length=100)]


def canonical(request: Request) -> bytes:
    """The one text of a request."""
    return msgspec.json.encode(request, order="sorted")


def read_request(content: bytes) -> Request:
    """A request from its file; raises DocumentWrong unless it is in canonical form (a last line end is allowed)."""
    content = content.removesuffix(b"\n").removesuffix(b"\r")
    if len(content) > BYTES_MAX:
        raise DocumentWrong("too_large")
    try:
        request = msgspec.json.decode(content, type=Request)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise DocumentWrong("unreadable") from error
    if canonical(request) != content:
        raise DocumentWrong("not_canonical")
    return request


def read_signature(content: bytes) -> Signature:
    """A signature from its file; raises DocumentWrong."""
    if len(content) > BYTES_MAX:
        raise DocumentWrong("too_large")
    try:
        return msgspec.json.decode(content, type=Signature)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise DocumentWrong("unreadable") from error


def digest_of(document: bytes) -> str:
    """What names a request beside its id: SHA-256 of what is signed."""
    return hashlib.sha256(PREFIX + document).hexdigest()


def key_id(public_key: str) -> str:
    """The first sixteen figures of the key's SHA-256."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:_KEY_ID_LENGTH]


def signers_digest(keys: Iterable[Signer], needed: int) -> str:
    """What names a set of keys and how many of them are needed; names of people do not count."""
    text = "\n".join([str(needed), *sorted(signer.public_key for signer in keys)])
    return hashlib.sha256(text.encode()).hexdigest()


def sign(document: bytes, key: Ed25519PrivateKey) -> Signature:
    """Sign a request's canonical text."""
    request = read_request(document)
    own = public_of(key)
    made = key.sign(PREFIX + canonical(request))
    return Signature(request.id, digest_of(canonical(request)), key_id(own), base64.b64encode(made).decode())


def holds(signature: Signature, document: bytes, keys: Iterable[Signer]) -> bool:
    """Whether one of these keys made this signature over exactly this text."""
    signer = next((each for each in keys if each.id == signature.key), None)
    if signer is None or signature.digest != digest_of(document):
        return False
    try:
        made = base64.b64decode(signature.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer.public_key)).verify(made, PREFIX + document)
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def signed_by(signatures: Iterable[Signature], document: bytes, keys: Iterable[Signer]) -> set[str]:
    """The distinct keys whose signatures hold: one key counts once, however often it signed."""
    known = tuple(keys)
    return {signature.key for signature in signatures if holds(signature, document, known)}


def may_hold(needed: int, keys: int) -> bool:
    """Whether neither one holder nor one loss decides: at least two are needed, and at least one more is there."""
    return needed >= NEEDED_MIN and keys > needed


def new_key() -> tuple[str, str]:
    """A new private key as PEM, and its public key."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return pem, public_of(key)


def read_key(pem: bytes) -> Ed25519PrivateKey:
    """A private key from its file; raises DocumentWrong."""
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise DocumentWrong("key_unreadable") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise DocumentWrong("key_of_another_kind")
    return key


def public_of(key: Ed25519PrivateKey) -> str:
    """The public key as it stands in the register."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def words_of(request: Request) -> Mapping[str, str]:
    """What a signer reads before signing: every field that matters, by name."""
    told = {
        "request": str(request.id),
        "kind": request.kind,
        "reason": request.reason,
        "created": _moment(request.created_at),
        "expires": _moment(request.expires_at),
        "policy": f"reserve@{request.policy}",
        "digest": digest_of(canonical(request)),
    }
    if request.kind == "release":
        told |= {"amount": _amount(request), "to": request.destination}
    if request.kind == "rotation":
        told["needed"] = f"{request.needed} of {len(request.keys)}"
        told |= {f"key {signer.id}": signer.name for signer in request.keys}
    if request.kind == "rehearsal":
        told["without"] = request.without
    return told


def _amount(request: Request) -> str:
    if request.currency in EXPONENTS:
        return str(Money(request.amount, request.currency))
    return f"{request.amount} smallest units of {request.currency}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def is_public_key(text: str) -> bool:
    """64 figures in hexadecimal."""
    if not _HEX.match(text):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        return False
    return True
