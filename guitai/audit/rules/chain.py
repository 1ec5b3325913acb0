"""The chain's digest: SHA-256 over the link before and each row's canonical text."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

GENESIS = bytes(32)


def digest_of(before: bytes, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The digest of a link.

    takes    the digest of the link before (GENESIS for the first) and the link's rows in sealing order
    gives    32 bytes that change when any field of any row changes
    """
    chain = hashlib.sha256(before)
    for row in rows:
        chain.update(hashlib.sha256(canonical(row)).digest())
    return chain.digest()


def canonical(row: Mapping[str, Any]) -> bytes:
    """One row as text that has exactly one form (RFC 8785 in spirit: sorted keys, no spaces)."""
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()
