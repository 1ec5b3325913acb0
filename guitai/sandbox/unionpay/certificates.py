"""A small certificate authority, made at the first start: a root, a middle one, UnionPay's own and the merchant's."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from guitai.base.clock import now
from guitai.sandbox.handover import write_private

_YEARS = timedelta(days=3_650)
_BITS = 2_048
_OWNER = "中国银联股份有限公司"


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate and the key that belongs to it."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@dataclass(frozen=True, slots=True)
class Authority:
    root: Identity
    middle: Identity
    gateway: Identity
    merchant: Identity
    # What merchants seal card numbers for.
    encryption: Identity


def authority(folder: Path) -> Authority:
    """The same five at every start of one home."""
    names = ("root", "middle", "gateway", "merchant", "encryption")
    if not (folder / "merchant.pem").exists():
        made = _made()
        of_all = (made.root, made.middle, made.gateway, made.merchant, made.encryption)
        for name, each in zip(names, of_all, strict=True):
            _write(folder / f"{name}.pem", each)
    if not (folder / "encryption.pem").exists():
        # A home from before there were payments to cards.
        _write(folder / "encryption.pem", _sealing(_read(folder / "middle.pem")))
    return Authority(*(_read(folder / f"{name}.pem") for name in names))


def stranger() -> Identity:
    """Somebody who says that they are UnionPay, with a certificate that they made themselves."""
    return _made().gateway


def _write(path: Path, identity: Identity) -> None:
    write_private(path, (identity.pem + identity.key_pem).encode())


def _read(path: Path) -> Identity:
    content = path.read_bytes()
    key = load_pem_private_key(content[content.index(b"-----BEGIN PRIVATE KEY") :], None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} holds no RSA key: remove its folder and new ones are made")
    return Identity(x509.load_pem_x509_certificate(content), key)


def _made() -> Authority:
    root = _identity("CFCA SANDBOX ROOT", None, authority_=True)
    middle = _identity("CFCA SANDBOX OCA", root, authority_=True)
    gateway = _identity(f"041@Z12@{_OWNER}@00000001", middle, authority_=False)
    merchant = _identity("041@Z2026@Guitai demo wallet@00000002", middle, authority_=False)
    return Authority(root, middle, gateway, merchant, _sealing(middle))


def _sealing(middle: Identity) -> Identity:
    return _identity(f"041@Z12@{_OWNER}@00000003", middle, authority_=False)


def _identity(name: str, issuer: Identity | None, *, authority_: bool) -> Identity:
    key = rsa.generate_private_key(65_537, _BITS)
    subject = x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, name)]
    )
    moment = now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number() >> 100)
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + _YEARS)
        .add_extension(x509.BasicConstraints(ca=authority_, path_length=None), critical=True)
    )
    return Identity(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)
