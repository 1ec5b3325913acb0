"""Filters for money, moments and references. `{% load guitai_text %}`."""

from datetime import date, datetime, timedelta

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guitai.base.money import EXPONENTS, SIGNS, Money
from guitai.skin import text

register = template.Library()

_LONG, _LONGER = 11, 15
# A component that was given no value hands on an empty string.
_NOTHING = (None, "")


@register.filter
def money(value: Money | None) -> SafeString | str:
    """`¥1,234.50` with a lighter sign and smaller decimals."""
    return "" if value in _NOTHING else _money_html(value, "", "")


@register.filter
def signed_money(value: Money | None, direction: str = "") -> SafeString | str:
    """In: a jade plus. Out: an ink minus. Without a direction, by the amount's own sign."""
    if value in _NOTHING:
        return ""
    incoming = direction == "in" if direction else value.minor > 0
    if not value.minor:
        return _money_html(value, "", "")
    amount = -value if value.minor < 0 else value
    return _money_html(amount, "+" if incoming else text.MINUS, "money-in" if incoming else "money-out")


@register.filter(name="money_text")
def money_text(value: Money | None) -> str:
    return "" if value in _NOTHING else text.money_text(value)


@register.filter
def money_plain(value: Money | None) -> str:
    return "" if value in _NOTHING else str(value)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """A `<time>` whose title is the full date."""
    if value in _NOTHING:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(timespec="seconds"),
        text.moment_full(value),
        text.moment_text(value),
    )


@register.filter(name="moment_text")
def moment_text(value: datetime | None) -> str:
    return "" if value in _NOTHING else text.moment_text(value)


@register.filter(name="moment_full")
def moment_full(value: datetime | None) -> str:
    return "" if value in _NOTHING else text.moment_full(value)


@register.filter
def day(value: date | datetime | None) -> str:
    return "" if value in _NOTHING else text.day_text(value)


@register.filter
def duration(value: timedelta | int | None) -> str:
    return "" if value in _NOTHING else text.duration_text(value)


@register.filter
def in_fours(number: str) -> str:
    """A long number as it stands on cards: in groups, between which a narrow line may break."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


@register.filter
def reference(value: str | None) -> str:
    return "" if value in _NOTHING else text.grouped_text(str(value))


@register.filter
def money_length_class(value: Money | None) -> str:
    """How far a hero amount must shrink so that the longest one still fits a phone."""
    length = len(text.money_text(value)) if value not in _NOTHING else 0
    return "is-longer" if length > _LONGER else "is-long" if length > _LONG else ""


@register.filter
def is_moment(value: object) -> bool:
    """Whether a step's time is a moment, and not words already."""
    return isinstance(value, datetime)


@register.filter
def currency_sign(currency: str) -> str:
    """`¥` for CNY."""
    return SIGNS.get(currency, currency)


@register.filter
def currency_decimals(currency: str) -> int:
    """How many decimals amounts of a currency have."""
    return EXPONENTS.get(currency, 2)


def _money_html(value: Money, sign: str, tone: str) -> SafeString:
    minus, currency, whole, decimals = text.money_parts(value)
    return format_html(
        '<span class="money{}">{}<span class="money-sign">{}</span>{}'
        '<span class="money-decimals">{}</span></span>',
        f" {tone}" if tone else "",
        sign or minus,
        currency,
        whole,
        decimals,
    )
