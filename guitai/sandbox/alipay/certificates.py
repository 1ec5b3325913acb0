"""Alipay's small authority, made at the first start: its root, its own certificate, and the application's."""

import hashlib
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from guitai.base.clock import now
from guitai.sandbox.handover import write_private

_YEARS = timedelta(days=3_650)
ROOT = "Sandbox Ant Financial Certification Authority R1"


def made_certificate(folder: Path, name: str, subject: str, key: RSAPrivateKey, root: RSAPrivateKey) -> str:
    """`<name>.crt`, the same at every start of one home; the root's own where the keys are the same."""
    path = folder / f"{name}.crt"
    if not path.exists():
        write_private(path, _signed(subject, key, root).public_bytes(Encoding.PEM))
    return path.read_text()


def number(pem: str) -> str:
    """How Alipay names a certificate: who issued it and its serial number, hashed."""
    read = x509.load_pem_x509_certificate(pem.encode())
    text = read.issuer.rfc4514_string() + str(read.serial_number)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _signed(subject: str, key: RSAPrivateKey, root: RSAPrivateKey) -> x509.Certificate:
    moment = now()
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(ROOT))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number() >> 100)
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + _YEARS)
        .add_extension(x509.BasicConstraints(ca=key is root, path_length=None), critical=True)
        .sign(root, SHA256())
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sandbox"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )
