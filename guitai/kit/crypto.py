"""Personal data at rest: AES-GCM bound to its row, keyed blind indexes, keyed codes.

A sealed value is `key id length | key id | nonce | ciphertext`. The newest key seals, every kept key opens.
Keys for different purposes are derived with HKDF, so that no key does two jobs (NIST SP 800-108).
"""

import hmac
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from guitai.kit.environment import environment

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
    key_id = environment().data_keys[0][0]
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(_key(key_id, f"seal:{purpose}")).encrypt(nonce, content, row.bytes)
    return bytes([len(key_id)]) + key_id.encode() + nonce + sealed


def unseal_bytes(blob: bytes, *, purpose: str, row: UUID) -> bytes:
    """`unseal` for bytes."""
    blob = bytes(blob)
    length = blob[0] if blob else 0
    key_id, rest = blob[1 : 1 + length].decode(errors="replace"), blob[1 + length :]
    if key_id not in dict(environment().data_keys):
        raise Unsealable(purpose)
    try:
        return AESGCM(_key(key_id, f"seal:{purpose}")).decrypt(
            rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], row.bytes
        )
    except (InvalidTag, ValueError) as error:
        raise Unsealable(purpose) from error


def blind(text: str, *, purpose: str) -> bytes:
    """A keyed index of a value: equal texts have equal indexes, and nothing else can be learnt from it."""
    return mac(f"blind:{purpose}", text)


def mac(purpose: str, *parts: str) -> bytes:
    """A keyed code over parts (HMAC-SHA-256); each part is length-prefixed so that parts cannot be shifted."""
    # The oldest key: an index must not change when a newer key is added for sealing.
    code = hmac.new(_key(environment().data_keys[-1][0], f"mac:{purpose}"), digestmod="sha256")
    for part in parts:
        encoded = part.encode()
        code.update(len(encoded).to_bytes(8, "big") + encoded)
    return code.digest()


@lru_cache(maxsize=256)
def _key(key_id: str, purpose: str) -> bytes:
    master = dict(environment().data_keys)[key_id]
    return HKDF(SHA256(), 32, salt=None, info=f"guitai/{purpose}".encode()).derive(master)
