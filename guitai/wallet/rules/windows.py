"""The windows in which limits are counted: calendar days and months in the operator's time zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day that a moment falls in."""
    return moment.astimezone(ZoneInfo(zone)).date()


def month_of(day: date) -> date:
    """The first day of a day's month, which names the month."""
    return day.replace(day=1)


def day_in_month(day: date, month: date) -> date:
    """The day itself, or the last of the month when it is past it."""
    return min(day, next_month(month) - timedelta(days=1))


def next_month(day: date) -> date:
    """The first day of the month after a day's own."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def begins(day: date, zone: str) -> datetime:
    """The moment at which a day begins, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def next_day(day: date, zone: str) -> datetime:
    """The moment at which a day ends: 23, 24 or 25 hours after it began, as the clocks go."""
    return begins(day + timedelta(days=1), zone)
