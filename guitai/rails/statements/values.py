"""Amounts, dates and texts of statements: read exactly or refused, never guessed."""

import re
from datetime import date
from functools import lru_cache

from guitai.base.money import EXPONENTS, MINOR_MAX, Money
from guitai.base.refusal import Fact
from guitai.rails.errors import (
    StatementAmountTooPrecise,
    StatementAmountWrong,
    StatementCurrencyUnknown,
    StatementMalformed,
)
from guitai.rails.rules.currencies import DECIMALS, decimal_text

# ISO 20022 amounts have at most 18 digits; so have ours, and a BIGINT holds them.
MINOR_LIMIT = 10**18
TEXT_MAX = 4_096
_AMOUNT = re.compile(r"([0-9]{1,18})(?:\.([0-9]{0,18}))?", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:T[0-9:.,]{4,20})?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)
_LINE_ENDS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
# Not characters: half a surrogate pair has no form in UTF-8.
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def decimals_of(currency: str, line: int | None = None) -> int:
    """How many decimals a currency has; refuses statement_currency_unknown."""
    try:
        return DECIMALS[currency]
    except KeyError:
        raise StatementCurrencyUnknown(currency=plain(currency, 8), line=line) from None


def minor_of(text: str, currency: str, line: int | None = None) -> int:
    """An unsigned decimal in minor units.

    takes    text like `1234.5`, an ISO 4217 code, where it stands
    gives    minor units, 0 up to 18 digits
    refuses  statement_amount_wrong (not a number, too large), statement_amount_too_precise
    """
    decimals = decimals_of(currency, line)
    match = _AMOUNT.fullmatch(text.strip(" \t\r\n").removeprefix("+"))
    if match is None:
        raise StatementAmountWrong(problem="not_a_number", value=plain(text, 40), line=line)
    fraction = (match[2] or "").rstrip("0")
    if len(fraction) > decimals:
        raise StatementAmountTooPrecise(
            value=plain(text, 40), currency=currency, decimals=decimals, line=line
        )
    minor = int(match[1] + fraction.ljust(decimals, "0"))
    if minor >= MINOR_LIMIT:
        raise StatementAmountWrong(problem="too_large", value=plain(text, 40), line=line)
    return minor


@lru_cache(maxsize=4096)
def day_of(text: str) -> date:
    """The day of an ISO date or date and time, as the bank wrote it: its own day, in its own zone."""
    match = _DATE.fullmatch(text.strip())
    try:
        if match is not None:
            return date.fromisoformat(match[1])
    except ValueError:
        pass
    raise StatementMalformed(problem="date", value=plain(text, 40))


def line_of(text: str) -> str:
    """Text on one line, without control characters; refuses statement_malformed when no field is that long."""
    if len(text) > TEXT_MAX:
        raise StatementMalformed(problem="text_too_long")
    if not text.isprintable():
        text = _SURROGATES.sub("\ufffd", _LINE_ENDS.sub(" ", text))
    return text.strip()


def amount_fact(minor: int, currency: str) -> Fact:
    """An amount of any currency as a fact: Money where a wallet may hold it, its digits elsewhere."""
    if currency in EXPONENTS and abs(minor) <= MINOR_MAX:
        return Money(minor, currency).fact()
    return f"{decimal_text(minor, currency)} {currency}"


def plain(text: str, length: int) -> str:
    """What a file said, short enough and harmless enough to be recorded."""
    return re.sub(r"[^\x20-\x7e]", "?", text[:length])
