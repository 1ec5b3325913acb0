"""The windows in which limits are counted: calendar days in the operator's time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def day_start(moment: datetime, zone: str) -> datetime:
    """The beginning of the calendar day that a moment falls in."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def day_end(moment: datetime, zone: str) -> datetime:
    """The beginning of the next calendar day: 23, 24 or 25 hours later, as the clocks go."""
    local = moment.astimezone(ZoneInfo(zone))
    date = datetime.fromordinal(local.date().toordinal() + 1)
    return date.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
