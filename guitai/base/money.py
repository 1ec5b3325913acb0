"""Money as whole minor units of a currency. No float comes near it."""

import re
from dataclasses import dataclass
from typing import Self

from guitai.base.refusal import Refusal

# ISO 4217 minor units of the currencies a wallet may be opened in.
EXPONENTS = {"CNY": 2, "HKD": 2, "USD": 2, "EUR": 2, "GBP": 2, "SGD": 2, "JPY": 0}
SIGNS = {"CNY": "¥", "HKD": "HK$", "USD": "$", "EUR": "€", "GBP": "£", "SGD": "S$", "JPY": "JP¥"}
# One movement may not exceed what a JSON number carries exactly.
MINOR_MAX = 2**53 - 1

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_AMOUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")


class AmountRefused(Refusal):
    field = "amount"


class AmountNotANumber(AmountRefused):
    code = "amount_not_a_number"


class AmountNotPositive(AmountRefused):
    code = "amount_not_positive"


class AmountTooPrecise(AmountRefused):
    code = "amount_too_precise"


class AmountTooLarge(AmountRefused):
    code = "amount_too_large"


class CurrencyUnknown(Refusal):
    code = "currency_unknown"
    field = "currency"


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `Money(1234, "CNY")` is 12.34 yuan. May be negative in a report, never in an intent."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("Money counts whole minor units")
        if self.currency not in EXPONENTS:
            raise CurrencyUnknown(currency=str(self.currency)[:8])

    def __add__(self, other: Self) -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Self) -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Self) -> bool:
        self._same_currency(other)
        return self.minor < other.minor

    def __le__(self, other: Self) -> bool:
        self._same_currency(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def fact(self) -> dict[str, str | int]:
        """The JSON shape used by the API and by recorded facts."""
        return {"amount": self.minor, "currency": self.currency}

    def decimal(self) -> str:
        """`12345.60`: for machines and for amounts typed back into a field."""
        exponent = EXPONENTS[self.currency]
        sign, digits = ("-" if self.minor < 0 else ""), str(abs(self.minor)).rjust(exponent + 1, "0")
        return sign + (f"{digits[:-exponent]}.{digits[-exponent:]}" if exponent else digits)

    def grouped(self) -> str:
        """`12,345.60`: for people, without the currency."""
        whole, _, fraction = self.decimal().lstrip("-").partition(".")
        text = f"{int(whole):,}" + (f".{fraction}" if fraction else "")
        return ("−" if self.minor < 0 else "") + text

    def __str__(self) -> str:
        return f"{self.grouped()} {self.currency}"

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")


def parse_amount(text: str, currency: str) -> Money:
    """Read a positive amount that a person typed.

    takes    text as typed (full-width digits, spaces, thousands commas and a currency sign are understood),
             an ISO 4217 code
    gives    Money, more than zero and at most MINOR_MAX
    refuses  currency_unknown, amount_not_a_number, amount_not_positive, amount_too_precise, amount_too_large
    source   ISO 4217 for the number of decimals
    """
    if currency not in EXPONENTS:
        raise CurrencyUnknown(currency=currency[:8])
    cleaned = text.translate(_FULL_WIDTH).replace("，", ",").replace("。", ".")
    cleaned = "".join(cleaned.split()).removeprefix(SIGNS[currency]).removeprefix("￥").removeprefix("¥")
    if cleaned.startswith(("-", "−")) and _AMOUNT.fullmatch(cleaned[1:]):
        raise AmountNotPositive()
    match = _AMOUNT.fullmatch(cleaned)
    if match is None:
        raise AmountNotANumber()
    whole, fraction = match[1].replace(",", "").lstrip("0") or "0", (match[2] or "").rstrip("0")
    exponent = EXPONENTS[currency]
    if len(fraction) > exponent:
        raise AmountTooPrecise(decimals=exponent, currency=currency)
    if len(whole) > len(str(MINOR_MAX)):
        raise AmountTooLarge(maximum=Money(MINOR_MAX, currency).fact())
    minor = int(whole) * 10**exponent + int(fraction.ljust(exponent, "0") or "0")
    return checked_amount(minor, currency)


def checked_amount(minor: int, currency: str) -> Money:
    """The same bounds for an amount that arrives as minor units."""
    if currency not in EXPONENTS:
        raise CurrencyUnknown(currency=str(currency)[:8])
    if type(minor) is not int:
        raise AmountNotANumber()
    if minor <= 0:
        raise AmountNotPositive()
    if minor > MINOR_MAX:
        raise AmountTooLarge(maximum=Money(MINOR_MAX, currency).fact())
    return Money(minor, currency)
