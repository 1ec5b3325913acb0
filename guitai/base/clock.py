"""The one clock: aware UTC, and stoppable so that tests can say what time it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_stopped_at: datetime | None = None


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return _stopped_at or datetime.now(UTC)


@contextmanager
def stopped(moment: datetime) -> Iterator[None]:
    """Hold the clock of this process at one moment."""
    global _stopped_at
    if moment.tzinfo is None:
        raise ValueError("the clock needs an aware moment")
    before, _stopped_at = _stopped_at, moment.astimezone(UTC)
    try:
        yield
    finally:
        _stopped_at = before
