"""Python's search for circles, held back while a large batch is in hand: it has none, and a search walks all of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_LARGE = 100


@contextmanager
def paused(size: int) -> Iterator[None]:
    """Collect no circles inside, when `size` items are worth it. Threads may overlap: the last state is "on"."""
    if size < _LARGE or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
