"""Time-ordered identifiers (RFC 9562, version 7)."""

import os
import time
from uuid import UUID

_RANDOM_BITS_LOW = 62


def new_id() -> UUID:
    """A fresh UUIDv7: sorted by millisecond, so that new rows land at the end of an index."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    high = (random >> _RANDOM_BITS_LOW) & 0xFFF
    low = random & ((1 << _RANDOM_BITS_LOW) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (high << 64) | (2 << 62) | low)
