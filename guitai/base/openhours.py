"""Counting open time: over lunch breaks, nights, holidays, worked Saturdays, and clocks that are put forward."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

# Minutes after midnight; the end may lie on the next day.
Span: TypeAlias = tuple[int, int]
_DAY_MINUTES = 24 * 60
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_MIDNIGHT = "24:00"
# No promise runs longer: a calendar that does not open within it counts as one that never does.
_DAYS_MAX = 730
# What stays open longer is open at every moment.
_FOR_EVER = timedelta(days=_DAYS_MAX // 2)


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours of some weekdays (1 is Monday). A lunch break is two entries; 24:00 is the end of the day;
    what closes no later than it opens closes on the next day."""

    days: tuple[int, ...]
    opens: str
    closes: str

    def __post_init__(self) -> None:
        if not all(1 <= day <= 7 for day in self.days):
            raise ValueError("days are numbers from 1 (Monday) to 7 (Sunday)")
        if not _TIME.fullmatch(self.opens) or not (_TIME.fullmatch(self.closes) or self.closes == _MIDNIGHT):
            raise ValueError("hours are written like 09:00, and 24:00 is the end of a day")


@dataclass(frozen=True, slots=True)
class OpenHours:
    """Open spans by weekday (Monday first), days that are closed, days with spans of their own."""

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    closed: frozenset[date] = frozenset()
    extra: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    @classmethod
    def always(cls) -> "OpenHours":
        """Open at every moment."""
        return cls(ZoneInfo("UTC"), (((0, _DAY_MINUTES),),) * 7)

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at a moment."""
        return self.change(at)[0]

    def change(self, at: datetime) -> tuple[bool, datetime | None]:
        """Whether it is open at a moment, and when in UTC that changes; None: not within a year."""
        opens, closes = next(self.spans(at), (None, None))
        if opens is None or closes is None:
            return False, None
        if at < opens:
            return False, opens
        return True, closes if closes - opens <= _FOR_EVER else None

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open spans in UTC that end after `start`, in order; those that touch are one."""
        first = start.astimezone(self.zone).date() - timedelta(days=1)
        current: tuple[datetime, datetime] | None = None
        for offset in range(_DAYS_MAX):
            for opens, closes in self._spans_of(first + timedelta(days=offset)):
                if current is not None and opens <= current[1]:
                    current = (current[0], max(current[1], closes))
                    continue
                if current is not None and current[1] > start:
                    yield current
                current = (opens, closes)
            if current is not None and current[1] - current[0] > _FOR_EVER:
                break
        if current is not None and current[1] > start:
            yield current

    def after(self, start: datetime, open_time: timedelta) -> datetime | None:
        """The moment when so much open time has passed since `start`; None when it never will have."""
        left = open_time
        for opens, closes in self.spans(start):
            begins = max(opens, start)
            if closes - begins >= left:
                return begins + left
            left -= closes - begins
        return None

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two moments."""
        total = timedelta()
        if end <= start:
            return total
        for opens, closes in self.spans(start):
            if opens >= end:
                break
            total += min(closes, end) - max(opens, start)
        return total

    def end_of_workday(self, start: datetime, days: int) -> datetime | None:
        """The end of the day that lies so many open days after the day of `start`; None when there is none."""
        day, left = start.astimezone(self.zone).date(), days
        for _ in range(_DAYS_MAX):
            day += timedelta(days=1)
            spans = self._spans_of(day)
            left -= bool(spans)
            if spans and left <= 0:
                return max(closes for _, closes in spans)
        return None

    def _spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        usual = () if day in self.closed else self.week[day.weekday()]
        spans = self.extra.get(day, usual)
        return sorted((self._moment(day, opens), self._moment(day, closes)) for opens, closes in spans)

    def _moment(self, day: date, minutes: int) -> datetime:
        extra, within = divmod(minutes, _DAY_MINUTES)
        local = datetime.combine(day + timedelta(days=extra), time(within // 60, within % 60), self.zone)
        return local.astimezone(UTC)


def open_hours(hours: Sequence[Hours], zone: str) -> OpenHours:
    """Hours as an operator writes them, ready to count with."""
    return OpenHours(ZoneInfo(zone), tuple(spans(h for h in hours if day in h.days) for day in range(1, 8)))


def spans(hours: Iterable[Hours]) -> tuple[Span, ...]:
    """The open spans of a day that has these hours."""
    return tuple((_minutes(h.opens), _minutes(h.closes) + _overnight(h)) for h in hours)


def _overnight(hours: Hours) -> int:
    return _DAY_MINUTES if hours.closes <= hours.opens else 0


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
