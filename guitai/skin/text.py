"""Money and time as a person reads them, in the active language and time zone."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guitai.base import clock
from guitai.base.money import SIGNS, Money
from guitai.base.reference import parse_reference, spoken

MINUS = "−"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def money_text(value: Money) -> str:
    """`¥1,234.50`; a negative amount has its minus before the sign."""
    minus, figure = _split_minus(value)
    return f"{minus}{SIGNS[value.currency]}{figure}"


def money_parts(value: Money) -> tuple[str, str, str, str]:
    """Minus, currency sign, whole part and decimals with their point: for figures set in several sizes."""
    minus, figure = _split_minus(value)
    whole, point, decimals = figure.partition(".")
    return minus, SIGNS[value.currency], whole, point + decimals


def moment_text(moment: datetime) -> str:
    """`today 14:05`, `yesterday 09:30`, `17 Nov 14:05`; with the year when it is another one."""
    local, today = timezone.localtime(moment), timezone.localtime(clock.now()).date()
    clock_text = date_format(local, "H:i")
    if local.date() == today:
        return _("today %(time)s") % {"time": clock_text}
    if local.date() == today - timedelta(days=1):
        return _("yesterday %(time)s") % {"time": clock_text}
    if local.date() == today + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": clock_text}
    # Translators: Django date formats, for a moment this year and for one in another year.
    return date_format(local, _("j M H:i") if local.year == today.year else _("j M Y H:i"))


def moment_full(moment: datetime) -> str:
    """`22 November 2026, 14:05 (CST)`: on hover, in print, in evidence."""
    local = timezone.localtime(moment)
    # Translators: a Django date format, with the time zone's name.
    return date_format(local, _("j F Y, H:i (T)"))


def day_text(day: date | datetime) -> str:
    """`Today`, `Yesterday`, `Tue 17 November`: the heading of a day's bills."""
    today = timezone.localtime(clock.now()).date()
    local = timezone.localtime(day).date() if isinstance(day, datetime) else day
    if local == today:
        return _("Today")
    if local == today - timedelta(days=1):
        return _("Yesterday")
    return calendar_day(local)


def calendar_day(day: date) -> str:
    """`Tue 17 November`, with the year when it is another one: a day within a sentence, or beside others."""
    today = timezone.localtime(clock.now()).date()
    # Translators: Django date formats, for a day this year and for one in another year.
    return date_format(day, _("D j F") if day.year == today.year else _("D j F Y"))


def duration_text(duration: timedelta | int) -> str:
    """`2 hours 5 minutes`: the two largest units, rounded down; less than a minute says so."""
    seconds = int(duration.total_seconds()) if isinstance(duration, timedelta) else int(duration)
    seconds = abs(seconds)
    if seconds < _MINUTE:
        return _("less than a minute")
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // _MINUTE
    words = [
        ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else "",
        ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours} if hours else "",
        ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes} if minutes else "",
    ]
    # A day and seven minutes reads as a day: the second unit must be the next one down.
    first = next(index for index, word in enumerate(words) if word)
    larger, smaller = words[first], "".join(words[first + 1 : first + 2])
    # Translators: two units of a duration, as in "2 hours 5 minutes".
    return _("%(larger)s %(smaller)s") % {"larger": larger, "smaller": smaller} if smaller else larger


def grouped_text(reference: str) -> str:
    """A reference in groups; what is not one is given back as it is."""
    canonical = parse_reference(reference)
    return spoken(canonical) if canonical else reference


def aware(text: str) -> datetime:
    """An ISO 8601 moment as recorded in facts, aware; a bare one is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _split_minus(value: Money) -> tuple[str, str]:
    figure = value.grouped()
    return (MINUS, figure[1:]) if figure.startswith(MINUS) else ("", figure)
