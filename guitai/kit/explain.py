"""Words for codes: what happened, why, and what to do next, in the reader's language."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from guitai.base.money import EXPONENTS, Money
from guitai.base.refusal import Facts
from guitai.skin.text import calendar_day, moment_text, money_text

Text = str | Promise
# Only the beginning of an ISO moment: 2026-11-22T…
_MOMENT_AT = 10
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MISSING = "–"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code in words, rendered for one reader."""

    code: str
    title: str
    reason: str
    remedy: str
    remedy_url: str | None
    remedy_label: str | None


@dataclass(frozen=True, slots=True)
class _Words:
    title: Text
    reason: Text
    remedy: Text
    remedy_url: str | None
    remedy_label: Text | None
    status: int


_words: dict[str, _Words] = {}


def register(
    code: str,
    *,
    title: Text,
    reason: Text,
    remedy: Text,
    remedy_url: str | None = None,
    remedy_label: Text | None = None,
    status: int = 422,
) -> None:
    """A room gives the words for one of its codes; `%(fact)s` stands for a recorded fact."""
    _words[code] = _Words(title, reason, remedy, remedy_url, remedy_label, status)


def codes() -> frozenset[str]:
    """Every code that has words."""
    return frozenset(_words)


def status(code: str) -> int:
    """The HTTP status of a code."""
    return _words[code].status if code in _words else 422


def explain(code: str, facts: Facts) -> Explanation:
    """A code with its facts, in the active language and time zone.

    takes    a code and the facts recorded with it
    gives    title, reason, remedy and where to go; a code without words gets general ones, never an error
    """
    words = _words.get(code) or _words["refused"]
    values = _Rendered({name: render_fact(value) for name, value in facts.items()})
    return Explanation(
        code=code,
        title=_filled(words.title, values),
        reason=_filled(words.reason, values),
        remedy=_filled(words.remedy, values),
        remedy_url=words.remedy_url,
        remedy_label=str(words.remedy_label) if words.remedy_label else None,
    )


def sentences(code: str, facts: Facts) -> str:
    """What happened, why and what to do, as running text in the reader's language."""
    said = explain(code, facts)
    # Translators: three sentences in a row; the first one comes without its full stop.
    whole = gettext("%(title)s. %(reason)s %(remedy)s")
    return whole % {"title": said.title, "reason": said.reason, "remedy": said.remedy}


def render_fact(value: object) -> str:
    """One recorded fact for a person: money with its currency, a moment in the reader's zone, a day, else as it is."""
    if value is None:
        return _MISSING
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return _money(value["amount"], value["currency"])
    if isinstance(value, list):
        return ", ".join(render_fact(item) for item in value)
    if isinstance(value, str) and len(value) > _MOMENT_AT and value[_MOMENT_AT] == "T":
        return _moment(value)
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _day(value)
    return str(value)


def _filled(words: Text, values: "_Rendered") -> str:
    """Words with their facts. Facts are only ever put in, never read as a format themselves."""
    try:
        return str(words) % values
    except (ValueError, TypeError):
        # A stray percent sign in somebody's words must not turn an answer into an error.
        return str(words)


def _money(amount: object, currency: object) -> str:
    # Facts may repeat what came from outside, so that even this shape may hold anything.
    if type(amount) is int and isinstance(currency, str) and currency in EXPONENTS:
        return money_text(Money(amount, currency))
    return f"{amount} {currency}"


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        return moment_text(moment) if moment.tzinfo is not None else text
    except (ValueError, OverflowError):
        return text


def _day(text: str) -> str:
    try:
        return calendar_day(date.fromisoformat(text))
    except ValueError:
        return text


class _Rendered(dict[str, Any]):
    """Facts for `%` formatting; one that was not recorded shows as a dash instead of failing."""

    def __missing__(self, key: str) -> str:
        return _MISSING
