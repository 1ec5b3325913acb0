"""How WeChat Pay signs and seals, apart from the wallet's reading, so that each side proves the other."""

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from guitai.base.clock import now
from guitai.sandbox.asgi import Request, Response
from guitai.sandbox.gateways.keys import holds, made_key, new_key, sign
from guitai.sandbox.handover import write_private
from guitai.sandbox.world import seconds

MERCHANT_ID = "1900000018"
APP_ID = "wx2026000000000018"
PUBLIC_KEY_ID = "PUB_KEY_ID_0119000000182026112200000000000018"
_TOLERANCE_S = 300
_SCHEME = "WECHATPAY2-SHA256-RSA2048"
_FIELD = re.compile(r'(\w+)="([^"]{1,1024})"')


@dataclass(frozen=True, slots=True)
class Keys:
    """WeChat Pay's own key and certificate, the merchant's, and the secret that both share."""

    platform: RSAPrivateKey
    platform_certificate: x509.Certificate
    merchant: RSAPrivateKey
    merchant_certificate: x509.Certificate
    apiv3_key: str

    @property
    def platform_serial(self) -> str:
        return format(self.platform_certificate.serial_number, "X")

    @property
    def merchant_serial(self) -> str:
        return format(self.merchant_certificate.serial_number, "X")


def keys(folder: Path) -> Keys:
    platform, merchant = made_key(folder, "platform"), made_key(folder, "merchant")
    secret = folder / "apiv3.txt"
    if not secret.exists():
        write_private(secret, base64.b32encode(os.urandom(20)))
    return Keys(
        platform,
        _certificate(folder, "platform", platform, "Tenpay.com sandbox"),
        merchant,
        _certificate(folder, "merchant", merchant, MERCHANT_ID),
        secret.read_text(),
    )


def problem_of(request: Request, own: Keys) -> str | None:
    """Why a wish is not known to be the merchant's; None when it is."""
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    given = dict(_FIELD.findall(rest))
    stamp = given.get("timestamp", "")
    if scheme != _SCHEME or given.get("mchid") != MERCHANT_ID or not stamp.isdigit():
        return "authorization"
    if given.get("serial_no", "").upper() != own.merchant_serial:
        return "serial_no"
    if abs(seconds() - int(stamp)) > _TOLERANCE_S:
        return "timestamp"
    # WeChat Pay has a host of its own, where paths begin with /v3: that is what is signed.
    path = request.raw_path.removeprefix("/wechat")
    target = path + (f"?{request.raw_query}" if request.raw_query else "")
    body = request.body.decode("utf-8", "replace")
    content = "\n".join((request.method, target, stamp, given.get("nonce_str", ""), body, ""))
    return (
        None
        if holds(own.merchant.public_key(), content.encode(), given.get("signature", ""))
        else "signature"
    )


def answer(
    own: Keys, request: Request, content: object, status: int = 200, *, badly: bool = False
) -> Response:
    """An answer signed by the key that the merchant named, or by the certificate."""
    body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
    named = request.headers.get("wechatpay-serial") == PUBLIC_KEY_ID
    serial = PUBLIC_KEY_ID if named else own.platform_serial
    headers = signed_headers(own, body, serial, badly=badly)
    return Response(body, status, "application/json; charset=utf-8", headers)


def signed_headers(
    own: Keys, body: bytes, serial: str, *, badly: bool = False, at: int | None = None
) -> dict[str, str]:
    stamp, nonce = str(seconds() if at is None else at), os.urandom(16).hex()
    content = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": sign(new_key() if badly else own.platform, content),
        "Wechatpay-Signature-Type": _SCHEME,
        "Wechatpay-Serial": serial,
    }


def sealed(own: Keys, content: bytes, associated: str) -> dict[str, str]:
    """AEAD_AES_256_GCM with the secret that both sides share."""
    nonce = os.urandom(6).hex()
    hidden = AESGCM(own.apiv3_key.encode()).encrypt(nonce.encode(), content, associated.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(hidden).decode(),
        "nonce": nonce,
        "associated_data": associated,
    }


def opened(own: Keys, text: str) -> str:
    """What a merchant sealed for WeChat Pay; raises ValueError."""
    try:
        hidden = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    return own.platform.decrypt(hidden, OAEP(MGF1(SHA1()), SHA1(), None)).decode()


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def told_certificate(own: Keys) -> Mapping[str, object]:
    """The platform's certificate as `/v3/certificates` gives it."""
    certificate = own.platform_certificate
    return {
        "serial_no": own.platform_serial,
        "effective_time": certificate.not_valid_before_utc.isoformat(),
        "expire_time": certificate.not_valid_after_utc.isoformat(),
        "encrypt_certificate": sealed(own, pem(certificate).encode(), "certificate"),
    }


def _certificate(folder: Path, name: str, key: RSAPrivateKey, common_name: str) -> x509.Certificate:
    path = folder / f"{name}.crt"
    if not path.exists():
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        moment = now()
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(moment - timedelta(days=1))
            .not_valid_after(moment + timedelta(days=1_825))
            .sign(key, SHA256())
        )
        write_private(path, pem(made).encode())
    return x509.load_pem_x509_certificate(path.read_bytes())
