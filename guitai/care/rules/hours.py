"""Opening hours: several intervals a day, in the counter's own zone, clocks changing under them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from guitai.care.types import OpenInterval, OpenState

MINUTES_A_DAY = 24 * 60
# A week and a day always contains the next opening of a weekly table, and a promise never runs longer.
_DAYS_AHEAD = 9
_PROMISE_DAYS_MAX = 60


def parse_clock(text: str) -> int:
    """`09:30` as minutes after midnight; `24:00` is the end of the day."""
    hours, _, minutes = text.partition(":")
    value = int(hours) * 60 + int(minutes)
    if not (0 <= value <= MINUTES_A_DAY and 0 <= int(minutes) < 60):
        raise ValueError(f"{text!r} is not a time of day")
    return value


def clock_text(minutes: int) -> str:
    """570 as `09:30`."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def spans(
    intervals: Sequence[OpenInterval], zone: str, start: datetime, days: int
) -> Iterator[tuple[datetime, datetime]]:
    """Open spans in UTC, merged and in order, from the day before `start` (it may run past midnight)."""
    local = ZoneInfo(zone)
    first = start.astimezone(local).date() - timedelta(days=1)
    found: list[tuple[datetime, datetime]] = []
    for offset in range(days + 1):
        day = first + timedelta(days=offset)
        for interval in intervals:
            if day.isoweekday() not in interval.days:
                continue
            closes_on = day if interval.closes > interval.opens else day + timedelta(days=1)
            found.append((_moment(day, interval.opens, local), _moment(closes_on, interval.closes, local)))
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(found):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    yield from merged


def open_state(intervals: Sequence[OpenInterval], zone: str, at: datetime) -> OpenState:
    """Open now and until when, or closed and until when; a counter that never changes has no such moment."""
    horizon = at + timedelta(days=_DAYS_AHEAD - 1)
    for opens, closes in spans(intervals, zone, at, _DAYS_AHEAD):
        if opens <= at < closes:
            return OpenState(open=True, changes_at=closes if closes < horizon else None)
        if opens > at:
            return OpenState(open=False, changes_at=opens)
    return OpenState(open=False, changes_at=None)


def after_open_minutes(
    intervals: Sequence[OpenInterval], zone: str, start: datetime, minutes: int
) -> datetime | None:
    """The moment when so many open minutes have passed; None when the counter is never open."""
    left = timedelta(minutes=minutes)
    for opens, closes in spans(intervals, zone, start, _PROMISE_DAYS_MAX):
        begins = max(opens, start)
        if begins >= closes:
            continue
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    return None


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(0))
    return (midnight + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)
