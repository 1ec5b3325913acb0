"""Who runs this wallet: brand, legal name, licence, regions and their answered channels."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from guitai.base.money import EXPONENTS
from guitai.base.openhours import Hours
from guitai.kit import policies

Words = dict[str, str]


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
