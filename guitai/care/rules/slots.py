"""Slots of open hours: whole ones only, each beginning where the hours begin or the last one ends. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol


class Spans(Protocol):
    """Open hours as slots need them; `base.openhours.OpenHours` is one."""

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]: ...


def slots(hours: Spans, start: datetime, end: datetime, length: timedelta) -> list[tuple[datetime, datetime]]:
    """Slots that begin at `start` or later and end by `end`, in order."""
    found = []
    for opens, closes in hours.spans(start):
        if opens >= end:
            break
        # Hours without an end began long ago: their slots are counted from the hour that is now.
        begins = max(opens, start.replace(minute=0, second=0, microsecond=0) - length * 8)
        begins = opens if begins == opens else begins.replace(minute=0)
        while begins + length <= min(closes, end):
            if begins >= start:
                found.append((begins, begins + length))
            begins += length
    return found


def is_slot(hours: Spans, at: datetime, length: timedelta) -> bool:
    """Whether a slot begins at this very moment."""
    return slots(hours, at, at + length, length)[:1] == [(at, at + length)]
