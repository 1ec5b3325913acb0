"""Personal data at rest: AES-GCM bound to its row, keyed blind indexes, keyed codes.

A sealed value is `key id length | key id | nonce | ciphertext`. The newest key seals, every kept key opens; which
there are, the keyring says. Keys for different purposes are derived with HKDF, so that no key does two jobs
(NIST SP 800-108).
"""

import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guitai.kit import keyring

_NONCE_BYTES = 12


class Unsealable(Exception):
    """A sealed value was changed, moved to another row, or its key is gone."""


def seal(text: str, *, purpose: str, row: UUID) -> bytes:
    """Encrypt one field of one row."""
    return seal_bytes(text.encode(), purpose=purpose, row=row)


def unseal(blob: bytes, *, purpose: str, row: UUID) -> str:
    """Decrypt what `seal` made for the same purpose and row; anything else raises Unsealable."""
    return unseal_bytes(blob, purpose=purpose, row=row).decode()


def seal_bytes(content: bytes, *, purpose: str, row: UUID) -> bytes:
    """`seal` for bytes."""
    key_id = keyring.sealing()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(key_id, f"seal:{purpose}")).encrypt(nonce, content, row.bytes)
    return bytes([len(key_id)]) + key_id.encode() + nonce + sealed


class Sealer:
    """`seal_bytes` for many values at once, under one key that is asked for now: whoever holds one needs no keyring."""

    def __init__(self, purpose: str) -> None:
        key_id = keyring.sealing()
        self._head = bytes([len(key_id)]) + key_id.encode()
        self._encrypt = AESGCM(_key(key_id, f"seal:{purpose}")).encrypt

    def seal(self, content: bytes, row: UUID) -> bytes:
        """Encrypt one field of one row."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._head + nonce + self._encrypt(nonce, content, row.bytes)


def unseal_bytes(blob: bytes, *, purpose: str, row: UUID) -> bytes:
    """`unseal` for bytes."""
    blob = bytes(blob)
    key_id, rest = sealed_by(blob), blob[1 + (blob[0] if blob else 0) :]
    if keyring.key(key_id) is None:
        raise Unsealable(purpose)
    try:
        return AESGCM(_key(key_id, f"seal:{purpose}")).decrypt(
            rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], row.bytes
        )
    except (InvalidTag, ValueError) as error:
        raise Unsealable(purpose) from error


def sealed_by(blob: bytes) -> str:
    """The id of the key that a sealed value names."""
    length = blob[0] if blob else 0
    return bytes(blob[1 : 1 + length]).decode(errors="replace")


def blind(text: str, *, purpose: str) -> bytes:
    """A keyed index of a value: equal texts have equal indexes, and nothing else can be learnt from it."""
    return _code(keyring.indexing(), f"blind:{purpose}", (text,))


def mac(purpose: str, *parts: str) -> bytes:
    """A keyed code over parts (HMAC-SHA-256); each part is length-prefixed so that parts cannot be shifted."""
    return _code(keyring.coding(), purpose, parts)


def _code(key_id: str, purpose: str, parts: tuple[str, ...]) -> bytes:
    code = hmac.new(_key(key_id, f"mac:{purpose}"), digestmod="sha256")
    for part in parts:
        encoded = part.encode()
        code.update(len(encoded).to_bytes(8, "big") + encoded)
    return code.digest()


@lru_cache(maxsize=1024)
def _key(key_id: str, purpose: str) -> bytes:
    content = keyring.key(key_id)
    if content is None:
        raise Unsealable(purpose)
    return HKDF(SHA256(), 32, salt=None, info=f"guitai/{purpose}".encode()).derive(content)
