"""Calendars: several open intervals a day, days that are closed, days that are worked although they should not be."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from guitai.base.openhours import Hours, OpenHours, open_hours, spans
from guitai.kit import policies
from guitai.kit.operator import operator

COUNTER = "counter"
ROUND_THE_CLOCK = "always"


class ExtraDay(msgspec.Struct, frozen=True):
    """A day with hours of its own, such as a Saturday that is worked for a holiday."""

    day: date
    hours: tuple[Hours, ...]


class Calendar(msgspec.Struct, frozen=True):
    """A named calendar. Days are dates of its own zone."""

    name: str
    time_zone: str
    hours: tuple[Hours, ...]
    closed: tuple[date, ...] = ()
    extra: tuple[ExtraDay, ...] = ()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{self.time_zone[:60]!r} is not a time zone like Asia/Shanghai") from error


class Calendars(msgspec.Struct, frozen=True):
    """Those that the operator has written. Without one called `counter`, the first region's hours are it."""

    calendars: tuple[Calendar, ...] = ()


policies.declare("calendars", Calendars, Calendars())


def calendar(name: str) -> OpenHours | None:
    """A calendar by its name, ready to count with.

    takes    a name: one of the operator's, `counter`, or `always`
    gives    OpenHours; None where nobody has written hours
    """
    if name == ROUND_THE_CLOCK:
        return OpenHours.always()
    written = next((c for c in policies.current(Calendars).value.calendars if c.name == name), None)
    if written is not None:
        return _hours(written)
    region = next((region for region in operator().regions if region.hours), None)
    if name != COUNTER or region is None:
        return None
    return _hours(Calendar(COUNTER, region.time_zone, region.hours))


def calendar_pin() -> str:
    """The version of the calendars in force, for what is counted with them."""
    return policies.current(Calendars).pin


def _hours(written: Calendar) -> OpenHours:
    return replace(
        open_hours(written.hours, written.time_zone),
        closed=frozenset(written.closed),
        extra={extra.day: spans(extra.hours) for extra in written.extra},
    )
