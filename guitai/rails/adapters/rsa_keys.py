"""RSA keys in every form in which gateways, their tools and their consoles hand them out."""

import base64
import binascii
import re
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)


# Reading a private key proves it, which costs more than a signature: what was read stays read.
@lru_cache(maxsize=16)
def signing_key(text: str) -> RSAPrivateKey:
    """A private key from PEM or bare base64, PKCS#1 or PKCS#8; raises ValueError."""
    if "-----BEGIN" in text:
        key = load_pem_private_key(text.strip().encode(), password=None)
    else:
        key = load_der_private_key(_bytes(text), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("not an RSA key")
    return key


@lru_cache(maxsize=16)
def public_key(text: str) -> RSAPublicKey:
    """A public key from PEM, bare base64 or a certificate; raises ValueError."""
    if "BEGIN CERTIFICATE" in text:
        key = read_certificates(text)[0].public_key()
    elif "-----BEGIN" in text:
        key = load_pem_public_key(text.strip().encode())
    else:
        key = load_der_public_key(_bytes(text))
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not an RSA key")
    return key


def holds(key: RSAPublicKey, content: bytes, signature: str) -> bool:
    """Whether a signature is good: RSA with SHA-256 and nothing weaker."""
    try:
        key.verify(base64.b64decode(signature, validate=True), content, PKCS1v15(), SHA256())
    except (binascii.Error, ValueError, InvalidSignature):
        return False
    return True


def read_certificates(text: str) -> list[x509.Certificate]:
    """At least one certificate; raises ValueError."""
    return x509.load_pem_x509_certificates(text.encode())


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64") from error
