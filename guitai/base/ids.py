"""Time-ordered identifiers (RFC 9562, version 7)."""

import os
import time
from uuid import UUID

_RANDOM_BITS_LOW = 62


def new_ids(count: int) -> list[UUID]:
    """Fresh UUIDv7s in ascending order: one moment and one random number for the whole run."""
    if count == 0:
        return []
    first = new_id().int
    # The run counts on in the low 62 bits; a random start close to their end would spill into the variant.
    base = first & ~((1 << _RANDOM_BITS_LOW) - 1)
    start = (first & ((1 << _RANDOM_BITS_LOW) - 1)) >> 1
    return [UUID(int=base | (start + number)) for number in range(count)]


def new_id() -> UUID:
    """A fresh UUIDv7: sorted by millisecond, so that new rows land at the end of an index."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    high = (random >> _RANDOM_BITS_LOW) & 0xFFF
    low = random & ((1 << _RANDOM_BITS_LOW) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (high << 64) | (2 << 62) | low)
