"""Signing what is sent to a gateway: RFC 9421 over method, path and content digest, with the wallet's key."""

import base64
import hashlib
import os
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from guitai.kit.environment import environment

_COMPONENTS = '("@method" "@path" "content-digest")'


class KeyUnreadable(Exception):
    """The wallet's key is there and cannot be used."""


def signed_headers(
    key: Ed25519PrivateKey, *, method: str, path: str, body: bytes, at: datetime
) -> dict[str, str]:
    """The headers that make a request genuine.

    takes    the key, the request, the moment
    gives    Content-Digest (RFC 9530), Signature-Input and Signature (RFC 9421)
    """
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    parameters = f'{_COMPONENTS};created={int(at.timestamp())};keyid="wallet";alg="ed25519"'
    base = "\n".join(
        [
            f'"@method": {method}',
            f'"@path": {path}',
            f'"content-digest": {digest}',
            f'"@signature-params": {parameters}',
        ]
    )
    signature = base64.b64encode(key.sign(base.encode())).decode()
    return {
        "Content-Digest": digest,
        "Signature-Input": f"sig={parameters}",
        "Signature": f"sig=:{signature}:",
    }


def wallet_key() -> Ed25519PrivateKey:
    """`<home>/keys/wallet.key`; made by whichever process needs it first, shared by all."""
    path = environment().home / "keys" / "wallet.key"
    if not path.exists():
        _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise KeyUnreadable(path.name) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable(path.name)
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key is the one
    else:
        path.with_suffix(".pub").write_bytes(
            key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )
    finally:
        draft.unlink()
