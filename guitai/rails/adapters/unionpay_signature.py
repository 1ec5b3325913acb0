"""UnionPay's signatures (ACP 5.1.0, signMethod 01) and its two ways of writing fields.

The fields but `signature`, sorted by name and joined as `name=value&…`, are hashed by SHA-256; the hash in lower-case
hexadecimal is signed by RSA with SHA-256. The signer's certificate comes with the message (`signPubKeyCert`): it must
have been issued by the middle certificate, that one by the root, and its common name must be UnionPay's.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from guitai.rails.adapters.rsa_keys import holds

_FIELDS_MAX = 200
_KEY_BITS_MIN = 2_048
_OPENING, _CLOSING = "{[", "}]"
# `041@Z12@中国银联股份有限公司@00000001`: the owner is the third part.
_OWNER_PART = 2


class NotGenuine(Exception):
    """Which check failed, in a word that may be recorded."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose certificates count."""

    root: x509.Certificate
    middle: x509.Certificate
    common_name: str


def signing_text(fields: Mapping[str, str]) -> bytes:
    """What is signed: the hash of all fields but the signature, as text."""
    joined = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "signature")
    return hashlib.sha256(joined.encode()).hexdigest().encode()


def signed(fields: Mapping[str, str], key: RSAPrivateKey) -> dict[str, str]:
    """The fields that say something, with their signature; the same fields give the same signature."""
    said = {name: value for name, value in fields.items() if value}
    signature = key.sign(signing_text(said), PKCS1v15(), SHA256())
    return {**said, "signature": base64.b64encode(signature).decode()}


def verify(fields: Mapping[str, str], trust: Trust, at: datetime) -> None:
    """Raise NotGenuine unless UnionPay signed these fields and its certificate held at that moment."""
    if fields.get("version") != "5.1.0" or fields.get("signMethod") != "01":
        raise NotGenuine("method")
    certificate = _certificate(fields.get("signPubKeyCert", ""))
    _check_chain(certificate, trust, at)
    public = certificate.public_key()
    if not isinstance(public, RSAPublicKey) or public.key_size < _KEY_BITS_MIN:
        raise NotGenuine("key")
    if not holds(public, signing_text(fields), fields.get("signature", "")):
        raise NotGenuine("signature")


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a notice, which comes as a form; raises ValueError when a name comes twice or bytes are no text."""
    pairs = parse_qsl(
        body.decode("ascii"),
        keep_blank_values=True,
        strict_parsing=True,
        errors="strict",
        max_num_fields=_FIELDS_MAX,
    )
    return _once(pairs)


def read_answer(body: bytes) -> dict[str, str]:
    """The fields of an answer, which is not encoded: an ampersand within braces belongs to the value."""
    parts, start, depth = [], 0, 0
    text = body.decode("utf-8")
    for index, symbol in enumerate(text):
        if symbol in _OPENING:
            depth += 1
        elif symbol in _CLOSING:
            depth = max(0, depth - 1)
        elif symbol == "&" and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:].rstrip("\r\n"))
    if len(parts) > _FIELDS_MAX:
        raise ValueError("too many fields")
    pairs = [part.partition("=") for part in parts]
    if not all(name and equals for name, equals, _ in pairs):
        raise ValueError("a field without a name or a value")
    return _once([(name, value) for name, _, value in pairs])


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field comes twice")
    return fields


def _certificate(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise NotGenuine("certificate") from error


def _check_chain(certificate: x509.Certificate, trust: Trust, at: datetime) -> None:
    for each in (certificate, trust.middle, trust.root):
        if not each.not_valid_before_utc <= at <= each.not_valid_after_utc:
            raise NotGenuine("certificate_expired")
    try:
        certificate.verify_directly_issued_by(trust.middle)
        trust.middle.verify_directly_issued_by(trust.root)
        authority = trust.middle.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound) as error:
        raise NotGenuine("certificate_chain") from error
    if not authority:
        raise NotGenuine("certificate_chain")
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    parts = str(names[0].value).split("@") if len(names) == 1 else []
    if len(parts) <= _OWNER_PART or parts[_OWNER_PART] != trust.common_name:
        raise NotGenuine("certificate_owner")
