"""Counting open time: over lunch breaks, nights, holidays, worked Saturdays, and clocks that are put forward."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

# Minutes after midnight; the end may lie on the next day.
Span: TypeAlias = tuple[int, int]
_DAY_MINUTES = 24 * 60
# No promise runs longer: a calendar that does not open within it counts as one that never does.
_DAYS_MAX = 730


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
        begins = next(self.spans(at), None)
        return begins is not None and begins[0] <= at < begins[1]

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
            if current is not None and current[1] - current[0] > timedelta(days=_DAYS_MAX // 2):
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
