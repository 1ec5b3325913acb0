"""SWIFT MT940: every field's rule, with what each refuses."""

import io
from datetime import date

import pytest

from guitai.rails import errors
from guitai.rails.statements import Statement, read_all


def message(*lines: str, opening: str = "C261121CNY1000,00", closing: str = "C261122CNY1000,00") -> str:
    inner = "\r\n".join(lines) + ("\r\n" if lines else "")
    return f":20:REF1\r\n:25:6228480010\r\n:28C:7/1\r\n:60F:{opening}\r\n{inner}:62F:{closing}\r\n-\r\n"


def read(text: str, encoding: str | None = None, as_bytes: str = "utf-8") -> list[Statement]:
    return read_all(io.BytesIO(text.encode(as_bytes)), encoding=encoding)


def refused(text: str, as_bytes: str = "utf-8") -> errors.StatementRefused:
    with pytest.raises(errors.StatementRefused) as caught:
        read(text, as_bytes=as_bytes)
    return caught.value


def test_a_whole_message() -> None:
    found = read(
        message(
            ":61:2611221122C100,50NTRFE2E-1//BANK-1",
            ":86:top-up for",
            "7KMR-3AX-WH4",
            ":61:2611231122D0,50NCHGNONREF//BANK-2",
            "Charges",
            closing="C261122CNY1100,00",
        )
    )
    head, (came, went), foot = found[0].head, found[0].entries, found[0].foot
    assert (head.account, head.currency, head.opening, head.number, head.reference) == (
        "6228480010", "CNY", 100_000, "7/1", "REF1",
    )  # fmt: skip
    assert (foot.closing, foot.credits, foot.debits) == (110_000, 10_050, 50)
    assert (came.amount, came.credit, came.reference, came.end_to_end_id, came.remittance, came.bank_code) == (
        10_050, True, "BANK-1", "E2E-1", "top-up for 7KMR-3AX-WH4", "NTRF",
    )  # fmt: skip
    assert (went.credit, went.end_to_end_id, went.remittance) == (False, None, "Charges")
    assert (went.value_on, went.booked_on) == (date(2026, 11, 23), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("mark", "credit", "reversal"),
    [("C", True, False), ("D", False, False), ("RC", False, True), ("RD", True, True), ("CN", True, False),
     ("RDY", True, True)],
)  # fmt: skip
def test_marks(mark: str, credit: bool, reversal: bool) -> None:
    closing = "C261122CNY1001,00" if credit else "C261122CNY999,00"
    entry = read(message(f":61:2611221122{mark}1,NTRFX", closing=closing))[0].entries[0]
    assert (entry.amount, entry.credit, entry.reversal) == (100, credit, reversal)


def test_expected_entries_are_left_out() -> None:
    found = read(message(":61:2611221122EC1,NTRFX", ":86:expected"))[0]
    assert (found.entries, found.foot.pending) == ((), 1)


@pytest.mark.parametrize(
    ("value", "booked", "expected"),
    [("261231", "0102", date(2027, 1, 2)), ("270102", "1231", date(2026, 12, 31)),
     ("240228", "0229", date(2024, 2, 29)), ("261122", "", date(2026, 11, 22))],
)  # fmt: skip
def test_the_year_of_a_booking_is_the_nearest(value: str, booked: str, expected: date) -> None:
    assert read(message(f":61:{value}{booked}C0,NTRFX"))[0].entries[0].booked_on == expected


@pytest.mark.parametrize(
    ("details", "end_to_end", "name", "account", "remittance"),
    [
        (["166?00GUTSCHRIFT?20EREF+E-7?21SVWZ+top-?22up 9?31DE12?32LIN?33YUE"], "E-7", "LIN YUE", "DE12", "top-up 9"),
        (["/EREF/E-7//NAME/Lin Yue//IBAN/DE12//REMI/USTD//top-up 9/"], "E-7", "Lin Yue", "DE12", "USTD//top-up 9"),
        (["EREF+E-7SVWZ+top-up 9"], "E-7", None, None, "top-up 9"),
        (["EREF+NOTPROVIDEDSVWZ+x"], "OWN", None, None, "x"),
        (["just words", "on two lines"], "OWN", None, None, "just words on two lines"),
    ],
)  # fmt: skip
def test_habits_of_writing_details(
    details: list[str], end_to_end: str, name: str | None, account: str | None, remittance: str
) -> None:
    first, *more = details
    lines = (":61:2611221122C0,NTRFOWN//B", f":86:{first}", *more)
    entry = read(message(*lines))[0].entries[0]
    assert (entry.end_to_end_id, entry.counterparty, entry.counterparty_account, entry.remittance) == (
        end_to_end, name, account, remittance,
    )  # fmt: skip


def test_a_return_says_why() -> None:
    entry = read(message(":61:2611221122C0,NRTIOWN//B", ":86:/RTRN/AC04//EREF/E-7/"))[0].entries[0]
    assert (entry.return_reason, entry.end_to_end_id) == ("AC04", "E-7")


def test_several_messages_and_accounts_with_their_envelopes() -> None:
    second = message().replace("6228480010", "OTHER").replace("CNY1000,00", "JPY5,")
    found = read("{1:F01BANKCNBJAXXX}{2:I940X}{4:\r\n" + message().replace("-\r\n", "-}\r\n") + second)
    assert [(s.head.account, s.head.currency, s.foot.closing) for s in found] == [
        ("6228480010", "CNY", 100_000),
        ("OTHER", "JPY", 5),
    ]


def test_pages_have_interim_balances() -> None:
    first = message(":61:2611221122C1,NTRFX", closing="C261122CNY1001,").replace(":62F:", ":62M:")
    second = message(opening="C261122CNY1001,", closing="C261122CNY1001,").replace(":60F:", ":60M:")
    assert [s.foot.closing for s in read(first + second)] == [100_100, 100_100]


@pytest.mark.parametrize(
    ("text", "code", "problem"),
    [
        (message().replace(":62F:C261122CNY1000,00", ""), "statement_incomplete", None),
        (message()[:40], "statement_incomplete", None),
        (message(":61:garbage"), "statement_malformed", "statement_line"),
        (message(":61:2613221122C1,NTRFX"), "statement_malformed", "date"),
        (message(opening="C261121CNY"), "statement_malformed", "balance"),
        (message(opening="C261121ZZZ1,", closing="C261121ZZZ1,"), "statement_currency_unknown", None),
        (message(closing="C261122USD1000,"), "statement_currency_mixed", None),
        (message(":61:2611221122C1,005NTRFX"), "statement_amount_too_precise", None),
        (message(closing="C261122CNY1000,01"), "statement_unbalanced", None),
        (message().replace(":25:6228480010\r\n", ""), "statement_malformed", "account_missing"),
        (":20:A\r\n:61:2611221122C1,NTRFX\r\n", "statement_malformed", "line_before_opening_balance"),
        ("{1:F01}\r\nnothing here\r\n", "statement_malformed", "not_a_field"),
        ("{1:F01}\r\n:61:2611221122C1,NTRFX\r\n", "statement_malformed", "field_before_20"),
    ],
)
def test_refusals(text: str, code: str, problem: str | None) -> None:
    refusal = refused(text)
    assert refusal.code == code
    assert problem is None or refusal.facts["problem"] == problem


def test_another_encoding_has_to_be_named() -> None:
    text = message(":61:2611221122C0,NTRFX", ":86:林月的充值")
    assert refused(text, as_bytes="gb18030").code == "statement_encoding_wrong"
    assert read(text, encoding="gb18030", as_bytes="gb18030")[0].entries[0].remittance == "林月的充值"
