"""Time-ordered identifiers (RFC 9562, version 7)."""

import os
import threading
import time
from uuid import UUID

_RANDOM_BITS_LOW = 62
_DRAW = 10


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
    random = int.from_bytes(_drawn(), "big")
    high = (random >> _RANDOM_BITS_LOW) & 0xFFF
    low = random & ((1 << _RANDOM_BITS_LOW) - 1)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (high << 64) | (2 << 62) | low)


class _Store(threading.local):
    """Random bytes of one thread, drawn from the system a page at a time: a call for each id costs more than the id."""

    left = b""


_store = _Store()


def _drawn() -> bytes:
    if len(_store.left) < _DRAW:
        _store.left = os.urandom(_DRAW * 256)
    drawn, _store.left = _store.left[:_DRAW], _store.left[_DRAW:]
    return drawn


def forget() -> None:
    """Draw anew: a forked process must not draw what its parent draws."""
    _store.left = b""


os.register_at_fork(after_in_child=forget)
