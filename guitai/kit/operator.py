"""Who runs this wallet: brand, legal name, licence, regions and their answered channels."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from guitai.base.money import EXPONENTS
from guitai.kit import policies

Words = dict[str, str]
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_MIDNIGHT = "24:00"
_DAYS_AHEAD = 14


class Hours(msgspec.Struct, frozen=True):
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


class Region(msgspec.Struct, frozen=True):
    """A region and the channels that somebody answers there; a channel that is None is not shown."""

    code: str
    name: Words
    time_zone: str
    hours: tuple[Hours, ...] = ()
    hotline: str | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{self.time_zone[:60]!r} is not a time zone like Asia/Shanghai") from error


class Operator(msgspec.Struct, frozen=True):
    brand: Words
    legal_name: Words
    licence: str
    regions: tuple[Region, ...]
    currencies: tuple[str, ...] = ("CNY",)
    phone_region: str = "CN"

    def __post_init__(self) -> None:
        if not self.currencies or not EXPONENTS.keys() >= set(self.currencies):
            raise ValueError(f"currencies are one or more of {', '.join(EXPONENTS)}")


def word(words: Words, language: str) -> str:
    """A name in the reader's language, or in whatever language it has."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")


def opening(region: Region, moment: datetime) -> tuple[bool, datetime | None]:
    """Whether a region's people are there, and when that changes next (None: never, within two weeks).

    takes    a region and an aware moment
    gives    (open now, the moment of the next change in UTC)
    """
    moment = moment.astimezone(UTC)
    spans = _spans(region, moment)
    for opens, closes in spans:
        if opens <= moment < closes:
            # A span that reaches the end of our look-ahead has no end that we know of.
            return True, closes if closes < moment + timedelta(days=_DAYS_AHEAD) else None
    return False, min((opens for opens, _ in spans if opens > moment), default=None)


def _spans(region: Region, moment: datetime) -> list[tuple[datetime, datetime]]:
    """The open spans around a moment in UTC, in order; those that touch or overlap are one."""
    zone = ZoneInfo(region.time_zone)
    first = moment.astimezone(zone).date() - timedelta(days=1)
    spans = []
    for offset in range(_DAYS_AHEAD + 2):
        day = first + timedelta(days=offset)
        for hours in region.hours:
            if day.isoweekday() in hours.days:
                overnight = timedelta(days=1 if hours.closes <= hours.opens else 0)
                spans.append((_at(day, hours.opens, zone), _at(day + overnight, hours.closes, zone)))
    merged: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def _at(day: date, time_of_day: str, zone: ZoneInfo) -> datetime:
    """A local time in UTC, where moments compare as they follow each other, whatever the clocks do."""
    if time_of_day == _MIDNIGHT:
        return _at(day + timedelta(days=1), "00:00", zone)
    return datetime.combine(day, time.fromisoformat(time_of_day), zone).astimezone(UTC)


# An installation that has not been set up yet must not show a channel that nobody answers.
DEFAULT = Operator(
    brand={"en": "Guitai", "zh-hans": "柜台"},
    legal_name={"en": "Operator not configured", "zh-hans": "运营方尚未设置"},
    licence="",
    regions=(),
)


def operator() -> Operator:
    """The operator's settings in force."""
    return policies.current(Operator).value


def time_zone() -> str:
    """The time zone in which the operator's days and months are counted."""
    regions = operator().regions
    return regions[0].time_zone if regions else "UTC"


policies.declare("operator", Operator, DEFAULT)
