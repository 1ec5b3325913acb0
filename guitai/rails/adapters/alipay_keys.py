"""Keys as Alipay's SDK takes them, and the names that Alipay gives to certificates."""

import base64
import hashlib

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

_RSA = "1.2.840.113549.1.1."


def bare_private(key: RSAPrivateKey) -> str:
    """As the SDK takes it: the base64 of PKCS#1."""
    return _bare(key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()))


def bare_public(key: RSAPublicKey) -> str:
    """As the SDK takes it: the base64 of SubjectPublicKeyInfo."""
    return _bare(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def certificate_number(certificate: x509.Certificate) -> str:
    """How Alipay names a certificate: MD5 over who issued it (RFC 4514) and its decimal serial number.

    source   Alipay Open Platform, signing with certificates: `app_cert_sn`
    """
    named = certificate.issuer.rfc4514_string() + str(certificate.serial_number)
    return hashlib.md5(named.encode(), usedforsecurity=False).hexdigest()


def root_number(certificates: list[x509.Certificate]) -> str:
    """How Alipay names its roots: those with RSA signatures, joined by underscores.

    source   Alipay Open Platform, signing with certificates: `alipay_root_cert_sn`
    """
    return "_".join(
        certificate_number(certificate)
        for certificate in certificates
        if certificate.signature_algorithm_oid.dotted_string.startswith(_RSA)
    )


def _bare(content: bytes) -> str:
    return base64.b64encode(content).decode()
