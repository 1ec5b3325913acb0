"""The bank's own key pair, and the wallet's public key: PEM files in one folder that both sides can see."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)


class KeyTrouble(Exception):
    """A key file is missing or unreadable; the text says which and what to do."""


def own_key(folder: Path, name: str) -> Ed25519PrivateKey:
    """`<name>.key`, made at the first start (mode 0600) together with `<name>.pub`."""
    path = folder / f"{name}.key"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _write_once(path, pem)
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise KeyTrouble(f"{path} cannot be read as a PEM key: remove it and a new one is made") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyTrouble(f"{path} is not an Ed25519 key: remove it and a new one is made")
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    draft = path.with_name(f".{name}.pub.{os.getpid()}")
    draft.write_bytes(public)
    draft.replace(path.with_suffix(".pub"))
    return key


def peer_key(folder: Path, name: str) -> Ed25519PublicKey:
    """`<name>.pub`, read each time, so that the other side may start later or change its key."""
    path = folder / f"{name}.pub"
    try:
        key = load_pem_public_key(path.read_bytes())
    except FileNotFoundError as error:
        raise KeyTrouble(f"{path} is missing: start the wallet once, or put its public key there") from error
    except ValueError as error:
        raise KeyTrouble(f"{path} cannot be read as a PEM key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyTrouble(f"{path} is not an Ed25519 key")
    return key


def _write_once(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key is the one
    finally:
        draft.unlink()
