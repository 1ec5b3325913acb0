"""The ring of data keys: each lies in the database, wrapped by a master key that only the environment knows.

Who has the database alone, or the environment alone, reads nothing. A new data key takes effect in every process
within seconds and without a restart; the master keys stay the operator's. Three roles, so that no key does two jobs:

    seal    encrypts; may be replaced at any time (`guitai keys rotate`), what it sealed is sealed anew
    index   blind indexes; replaced only while nothing else runs, since an old and a new index never meet
    code    keyed codes of what is not kept (PINs, digests of requests): cannot be computed again, so it stays

As long as the ring is empty the master keys themselves do the work: the first seals, the last indexes and codes.
"""

import os
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection

from guitai.base.clock import now
from guitai.kit.environment import environment
from guitai.kit.transactions import required

Role = Literal["seal", "index", "code"]
# A new key is used for sealing by every process within this time.
RENEWED_S = 5.0
_KEY_BYTES, _NONCE_BYTES = 32, 12
_MADE_HERE = re.compile(r"[sic][0-9a-f]{10}")
_READ = """
SELECT id, role, master, wrapped FROM kit_data_key WHERE wrapped IS NOT NULL ORDER BY made_at DESC, id DESC
"""


class MasterKeyMissing(Exception):
    """A data key was wrapped by a master key that the environment no longer names; the text says which."""


@dataclass(frozen=True, slots=True)
class Ring:
    """What one process knows of the ring, and until when it believes it."""

    keys: Mapping[str, bytes] = field(default_factory=dict)
    newest: Mapping[str, str] = field(default_factory=dict)
    until: float = 0.0


# Tests without a database may seal: the ring is empty until a test asks for it with `forget`.
_EMPTY = Ring(until=float("inf"))
_kept: Ring | None = None


def sealing() -> str:
    """The id of the key that seals now."""
    return _ring().newest.get("seal") or environment().data_keys[0][0]


def indexing() -> str:
    """The id of the key of blind indexes."""
    return _ring().newest.get("index") or environment().data_keys[-1][0]


def coding() -> str:
    """The id of the key of codes."""
    return _ring().newest.get("code") or environment().data_keys[-1][0]


def key(key_id: str) -> bytes | None:
    """A key by its id, among the master keys and the ring; None when nobody knows it."""
    for name, master in environment().data_keys:
        if name == key_id:
            return master
    found = _ring().keys.get(key_id)
    if found is None and _may_be_new(key_id):
        # Made a moment ago by another process: it is there before anything is sealed by it.
        forget()
        found = _ring().keys.get(key_id)
    return found


def forget() -> None:
    """Read the ring anew at the next question."""
    global _kept
    _kept = None


def settle() -> None:
    """Go back to an empty ring that is not asked for again: what a test leaves behind."""
    global _kept
    _kept = _EMPTY


def add(role: Role, content: bytes | None = None) -> str:
    """Put a new key on the ring, in the caller's transaction; it takes effect with its commit.

    takes    the role, and the key itself when it is one that has worked until now
    gives    its id
    """
    required()
    key_id = f"{role[0]}{secrets.token_hex(5)}"
    wrapped = _wrap(key_id, role, content or os.urandom(_KEY_BYTES))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_data_key SET retired_at = %s WHERE role = %s AND retired_at IS NULL", [now(), role]
        )
        cursor.execute(
            "INSERT INTO kit_data_key (id, role, master, wrapped, made_at) VALUES (%s, %s, %s, %s, %s)",
            [key_id, role, _newest_master()[0], wrapped, now()],
        )
    forget()
    return key_id


def rewrap() -> int:
    """Wrap every key of the ring by the newest master key, in the caller's transaction; gives how many changed."""
    required()
    newest, changed = _newest_master()[0], 0
    with connection.cursor() as cursor:
        cursor.execute(_READ + " FOR UPDATE")
        for key_id, role, master, wrapped in cursor.fetchall():
            if master != newest:
                again = _wrap(key_id, role, _unwrap(key_id, role, master, bytes(wrapped)))
                cursor.execute(
                    "UPDATE kit_data_key SET master = %s, wrapped = %s WHERE id = %s", [newest, again, key_id]
                )
                changed += 1
    forget()
    return changed


def destroy(key_ids: list[str], moment: datetime) -> None:
    """Make keys unreadable for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kit_data_key SET wrapped = NULL, destroyed_at = %s WHERE id = ANY(%s) AND retired_at < %s",
            [moment, key_ids, moment],
        )
    forget()


def _ring() -> Ring:
    global _kept
    if _kept is None or _kept.until < time.monotonic():
        _kept = _read()
    return _kept


def _may_be_new(key_id: str) -> bool:
    return _kept is not _EMPTY and bool(_MADE_HERE.fullmatch(key_id))


def _read() -> Ring:
    keys: dict[str, bytes] = {}
    newest: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_READ)
        for key_id, role, master, wrapped in cursor.fetchall():
            keys[key_id] = _unwrap(key_id, role, master, bytes(wrapped))
            newest.setdefault(role, key_id)
    return Ring(keys, newest, until=time.monotonic() + RENEWED_S)


def _newest_master() -> tuple[str, bytes]:
    return environment().data_keys[0]


def _wrap(key_id: str, role: str, content: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _wrapper(_newest_master()[1]).encrypt(nonce, content, f"{role}:{key_id}".encode())


@lru_cache(maxsize=256)
def _unwrap(key_id: str, role: str, master: str, wrapped: bytes) -> bytes:
    known = dict(environment().data_keys).get(master)
    if known is None:
        raise MasterKeyMissing(
            f"data key {key_id} is wrapped by master key {master!r}, which GUITAI_DATA_KEYS no longer names: "
            "put it back behind the newer ones, and run `guitai keys rotate` before it goes"
        )
    try:
        return _wrapper(known).decrypt(
            wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], f"{role}:{key_id}".encode()
        )
    except InvalidTag as error:
        raise MasterKeyMissing(f"data key {key_id} does not open with master key {master!r}") from error


def _wrapper(master: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"guitai/wrap").derive(master))


if environment().mode == "test":
    settle()
