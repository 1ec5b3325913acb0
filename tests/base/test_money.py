"""Money: what people type, and what is never guessed."""

import pytest

from guitai.base.money import EXPONENTS, MINOR_MAX, CurrencyUnknown, Money, checked_amount, parse_amount
from guitai.base.refusal import Refusal

TYPED = [
    ("1", "CNY", 100),
    ("0.01", "CNY", 1),
    ("12.3", "CNY", 1_230),
    ("12.30", "CNY", 1_230),
    ("12.3000", "CNY", 1_230),
    ("007", "CNY", 700),
    ("0" * 5_000 + "7", "CNY", 700),
    ("1." + "0" * 5_000, "CNY", 100),
    ("1,234.50", "CNY", 123_450),
    ("1,234,567", "CNY", 123_456_700),
    (" 1 234.5 ", "CNY", 123_450),
    ("1\u00a0234", "CNY", 123_400),
    ("１２．３４", "CNY", 1_234),
    ("１，２３４．５", "CNY", 123_450),
    ("12。34", "CNY", 1_234),
    ("¥12.34", "CNY", 1_234),
    ("￥12.34", "CNY", 1_234),
    ("¥ 12.34", "CNY", 1_234),
    ("HK$5", "HKD", 500),
    ("$5", "USD", 500),
    ("€5", "EUR", 500),
    ("500", "JPY", 500),
    ("500.00", "JPY", 500),
    ("90,071,992,547,409.91", "CNY", MINOR_MAX),
    ("9007199254740991", "JPY", MINOR_MAX),
]


@pytest.mark.parametrize(("text", "currency", "minor"), TYPED)
def test_reads_what_people_type(text, currency, minor):
    assert parse_amount(text, currency) == Money(minor, currency)


REFUSED = [
    ("0", "CNY", "amount_not_positive"),
    ("0.00", "CNY", "amount_not_positive"),
    ("-1", "CNY", "amount_not_positive"),
    ("−1.50", "CNY", "amount_not_positive"),
    ("－1", "CNY", "amount_not_positive"),
    ("0.001", "CNY", "amount_too_precise"),
    ("1.999", "CNY", "amount_too_precise"),
    ("0.5", "JPY", "amount_too_precise"),
    ("90,071,992,547,409.92", "CNY", "amount_too_large"),
    ("9007199254740992", "JPY", "amount_too_large"),
    ("1" + "0" * 18, "CNY", "amount_too_large"),
    ("9" * 5_000, "CNY", "amount_too_large"),
    ("", "CNY", "amount_not_a_number"),
    (" ", "CNY", "amount_not_a_number"),
    ("abc", "CNY", "amount_not_a_number"),
    ("12a", "CNY", "amount_not_a_number"),
    ("1e3", "CNY", "amount_not_a_number"),
    ("1E3", "CNY", "amount_not_a_number"),
    ("0x10", "CNY", "amount_not_a_number"),
    ("1_000", "CNY", "amount_not_a_number"),
    ("NaN", "CNY", "amount_not_a_number"),
    ("inf", "CNY", "amount_not_a_number"),
    ("+1", "CNY", "amount_not_a_number"),
    ("--1", "CNY", "amount_not_a_number"),
    ("1.", "CNY", "amount_not_a_number"),
    (".5", "CNY", "amount_not_a_number"),
    ("1.2.3", "CNY", "amount_not_a_number"),
    ("1,23", "CNY", "amount_not_a_number"),
    ("12,34.5", "CNY", "amount_not_a_number"),
    ("1234,567", "CNY", "amount_not_a_number"),
    (",123", "CNY", "amount_not_a_number"),
    ("1,234.567,8", "CNY", "amount_not_a_number"),
    ("1\u200b0", "CNY", "amount_not_a_number"),
    ("١٢", "CNY", "amount_not_a_number"),  # Arabic-Indic
    ("-١٢", "CNY", "amount_not_a_number"),
    ("१२", "CNY", "amount_not_a_number"),  # Devanagari
    ("۱۲", "CNY", "amount_not_a_number"),  # Persian
    ("一百", "CNY", "amount_not_a_number"),
    ("½", "CNY", "amount_not_a_number"),
    ("²", "CNY", "amount_not_a_number"),
    ("$5", "CNY", "amount_not_a_number"),
    ("1; DROP TABLE", "CNY", "amount_not_a_number"),
    ("1", "XXX", "currency_unknown"),
    ("1", "cny", "currency_unknown"),
    ("1", "", "currency_unknown"),
]


@pytest.mark.parametrize(("text", "currency", "code"), REFUSED)
def test_refuses_what_is_not_an_amount(text, currency, code):
    with pytest.raises(Refusal) as refusal:
        parse_amount(text, currency)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("minor", "currency", "code"),
    [
        (0, "CNY", "amount_not_positive"),
        (-1, "CNY", "amount_not_positive"),
        (MINOR_MAX + 1, "CNY", "amount_too_large"),
        (True, "CNY", "amount_not_a_number"),
        (1.0, "CNY", "amount_not_a_number"),
        ("1", "CNY", "amount_not_a_number"),
        (None, "CNY", "amount_not_a_number"),
        (1, "XXX", "currency_unknown"),
        (1, "CNY", None),
        (MINOR_MAX, "CNY", None),
    ],
)
def test_checks_minor_units(minor, currency, code):
    if code is None:
        assert checked_amount(minor, currency) == Money(minor, currency)
        return
    with pytest.raises(Refusal) as refusal:
        checked_amount(minor, currency)
    assert refusal.value.code == code


@pytest.mark.parametrize("minor", [1.0, True, "1", None])
def test_money_counts_whole_units_only(minor):
    with pytest.raises(TypeError):
        Money(minor, "CNY")


def test_money_of_an_unknown_currency_is_refused():
    with pytest.raises(CurrencyUnknown):
        Money(1, "XXX")


@pytest.mark.parametrize(
    ("money", "decimal", "grouped"),
    [
        (Money(123_456_789, "CNY"), "1234567.89", "1,234,567.89"),
        (Money(5, "CNY"), "0.05", "0.05"),
        (Money(0, "CNY"), "0.00", "0.00"),
        (Money(-5, "CNY"), "-0.05", "−0.05"),
        (Money(-123_400, "CNY"), "-1234.00", "−1,234.00"),
        (Money(1_234, "JPY"), "1234", "1,234"),
        (Money(0, "JPY"), "0", "0"),
    ],
)
def test_writes_for_machines_and_for_people(money, decimal, grouped):
    assert money.decimal() == decimal and money.grouped() == grouped
    assert str(money) == f"{grouped} {money.currency}"
    if money.minor > 0:
        assert parse_amount(decimal, money.currency) == money
        assert parse_amount(grouped, money.currency) == money


def test_adds_only_what_is_of_one_currency():
    assert Money(1, "CNY") + Money(2, "CNY") - Money(4, "CNY") == -Money(1, "CNY")
    assert Money(1, "CNY") < Money(2, "CNY") <= Money(2, "CNY") and not Money(0, "CNY") and Money(1, "CNY")
    for act in (lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b):
        with pytest.raises(ValueError, match="do not add up"):
            act(Money(1, "CNY"), Money(1, "USD"))
    assert Money(1, "CNY") != Money(1, "USD")


def test_the_facts_of_every_currency_read_back():
    for currency in EXPONENTS:
        assert Money(1, currency).fact() == {"amount": 1, "currency": currency}
