"""A caller's key is theirs for good: the same request twice is answered once."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from guitai.base.actor import Actor
from guitai.care.errors import KeyMissing, KeyReused
from guitai.care.models import CaseClaim
from guitai.kit import files

KEY_MAX = 100


def body_hash(*parts: Any, uploads: Sequence[files.Upload] = ()) -> bytes:
    """What was asked for, as a digest: the words and the content of every file."""
    digest = hashlib.sha256(msgspec.json.encode(list(parts), order="sorted"))
    for upload in uploads:
        content = upload.read(files.SIZE_MAX + 1)
        digest.update(hashlib.sha256(content).digest())
        _rewind(upload)
    return digest.digest()


def claim(actor: Actor, key: str, body: bytes) -> tuple[CaseClaim, bool]:
    """The claim on a key and whether it is fresh.

    A twin in flight waits here on the unique index until the first one has committed.
    """
    if not key or len(key) > KEY_MAX or not key.isprintable():
        raise KeyMissing(maximum=KEY_MAX)
    CaseClaim.objects.bulk_create(
        [CaseClaim(actor=str(actor), key=key, body_hash=body)], ignore_conflicts=True, unique_fields=None
    )
    claimed = CaseClaim.objects.select_for_update().get(actor=str(actor), key=key)
    if bytes(claimed.body_hash) != body:
        raise KeyReused()
    return claimed, claimed.case_id is None


def _rewind(upload: Any) -> None:
    upload.seek(0)
