"""UnionPay's messages as it writes them: written apart from the wallet's own, so that each side proves the other."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from urllib.parse import parse_qs, quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from guitai.sandbox.asgi import Problem, Request
from guitai.sandbox.unionpay.certificates import Authority, Identity

Fields = dict[str, str]
SIGNATURE_WRONG = "11"


def _digest(fields: Mapping[str, str]) -> bytes:
    pairs = sorted((name, value) for name, value in fields.items() if name != "signature")
    text = "&".join("=".join(pair) for pair in pairs)
    return hashlib.sha256(text.encode("utf-8")).hexdigest().encode("ascii")


def sign(fields: Mapping[str, str], identity: Identity) -> Fields:
    """The fields with the signer's certificate and signature."""
    whole = {**fields, "signPubKeyCert": identity.pem}
    return {
        **whole,
        "signature": base64.b64encode(identity.key.sign(_digest(whole), PKCS1v15(), SHA256())).decode(),
    }


def read(request: Request) -> Fields:
    """The fields of a merchant's form."""
    try:
        parsed = parse_qs(request.body.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise Problem(400, "form_unreadable", "The form cannot be read.") from error
    return {name: values[-1] for name, values in parsed.items()}


def from_merchant(fields: Fields, authority: Authority) -> bool:
    """Whether the merchant signed these fields, by the certificate whose number they name."""
    if fields.get("certId") != str(authority.merchant.certificate.serial_number):
        return False
    try:
        given = base64.b64decode(fields.get("signature", ""), validate=True)
        authority.merchant.key.public_key().verify(given, _digest(fields), PKCS1v15(), SHA256())
    except (binascii.Error, InvalidSignature, ValueError):
        return False
    return True


def answer_body(fields: Mapping[str, str]) -> bytes:
    """An answer: fields joined as they are, nothing encoded."""
    return "&".join(f"{name}={value}" for name, value in fields.items()).encode()


def notice_body(fields: Mapping[str, str]) -> bytes:
    """A notice: the fields as a form."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items()).encode()
