"""The keys that we sign with, and by which others are believed: PEM files under `<home>/keys/`."""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from guitai.kit.environment import environment
from guitai.kit.secretfile import make_once


class KeyMissing(Exception):
    """A key is not there or not readable. Nothing is lost by it: what needs the key is tried again later."""


def own_key(name: str = "wallet") -> Ed25519PrivateKey:
    """A signing key of ours: `wallet` towards banks, or another by its name; made once, by who needs it first."""
    path = _folder() / f"{name}.key"
    if not path.exists():
        _make(path)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise KeyMissing(f"{path.name} cannot be read as an Ed25519 key in PEM form") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(f"{path.name} is not an Ed25519 key")
    public = path.with_suffix(".pub")
    if not public.exists():
        _publish(public, key)
    return key


def peer_key(name: str) -> Ed25519PublicKey:
    """The key of somebody outside, as they published it or the operator put it there."""
    path = _folder() / f"{name}.pub"
    try:
        key = load_pem_public_key(path.read_bytes())
    except FileNotFoundError as error:
        raise KeyMissing(
            f"{path.name} is missing in {path.parent}: put the public key of {name} there"
        ) from error
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise KeyMissing(f"{path.name} cannot be read as an Ed25519 key in PEM form") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyMissing(f"{path.name} is not an Ed25519 key")
    return key


def _folder() -> Path:
    return environment().home / "keys"


def _make(path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    make_once(path, pem)


def _publish(path: Path, key: Ed25519PrivateKey) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    draft.replace(path)
