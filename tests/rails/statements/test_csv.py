"""CSV by an operator's mapping: what is named is read exactly, and nothing else is guessed."""

import io
from datetime import date
from typing import Any

import msgspec
import pytest

from guitai.rails import errors
from guitai.rails.statements import CsvMapping, Statement, read_all

PLAIN = {
    "name": "our bank",
    "account": "A1",
    "currency": "CNY",
    "columns": {"booked_on": "Date", "amount": "Amount", "reference": "Serial", "remittance": "Remark"},
}
HEAD = "Date,Serial,Amount,Remark\n"


def mapping(**changes: Any) -> CsvMapping:
    columns = {**PLAIN["columns"], **changes.pop("columns", {})}  # type: ignore[dict-item]
    columns = {name: heading for name, heading in columns.items() if heading is not None}
    return msgspec.convert({**PLAIN, "columns": columns, **changes}, CsvMapping)


def read(text: str, how: CsvMapping | None = None, as_bytes: str = "utf-8") -> list[Statement]:
    return read_all(io.BytesIO(text.encode(as_bytes)), mappings=(how or mapping(),))


def refused(text: str, how: CsvMapping | None = None, as_bytes: str = "utf-8") -> errors.StatementRefused:
    with pytest.raises(errors.StatementRefused) as caught:
        read(text, how, as_bytes)
    return caught.value


def test_a_plain_list() -> None:
    found = read(HEAD + '2026-11-22,B1,100.50,"top-up, for\nme"\n2026-11-23,B2,-0.50,fee\n')[0]
    assert (found.head.account, found.head.currency, found.head.opening, found.foot.closing) == (
        "A1",
        "CNY",
        None,
        None,
    )
    first, second = found.entries
    assert (first.amount, first.credit, first.booked_on, first.reference, first.remittance) == (
        10_050, True, date(2026, 11, 22), "B1", "top-up, for me",
    )  # fmt: skip
    assert (second.amount, second.credit, second.position, second.booking) == (50, False, 1, 2)


@pytest.mark.parametrize(
    ("text", "sign", "minor"),
    [
        ("1,234.50", ".", 123_450), ("1.234,50", ",", 123_450), ("1 234,5", ",", 123_450), ("-1'234.50", ".", -123_450),
        ("¥1.00", ".", 100), ("1.00-", ".", -100), ("(1.00)", ".", -100), ("+1", ".", 100), ("−1", ".", -100),
    ],
)  # fmt: skip
def test_ways_of_writing_amounts(text: str, sign: str, minor: int) -> None:
    entry = read(HEAD + f'2026-11-22,B1,"{text}",x\n', mapping(decimal_sign=sign))[0].entries[0]
    assert (entry.amount, entry.credit) == (abs(minor), minor > 0)


@pytest.mark.parametrize(
    ("text", "code"),
    [("1,23", "statement_malformed"), ("1.234", "statement_amount_too_precise"), ("", "statement_amount_wrong"),
     ("abc", "statement_amount_wrong"), ("1.2.3", "statement_amount_wrong")],
)  # fmt: skip
def test_amounts_that_would_have_to_be_guessed(text: str, code: str) -> None:
    assert refused(HEAD + f'2026-11-22,B1,"{text}",x\n').code == code


def test_columns_for_in_and_out() -> None:
    how = mapping(columns={"amount": None, "credit": "In", "debit": "Out"})
    head = "Date,Serial,In,Out,Remark\n"
    found = read(head + "2026-11-22,B1,5.00,,x\n2026-11-22,B2,,3.00,y\n2026-11-22,B3,0,-2.00,z\n", how)[0]
    assert [(e.amount, e.credit) for e in found.entries] == [(500, True), (300, False), (200, False)]
    assert refused(head + "2026-11-22,B1,5.00,1.00,x\n", how).facts["problem"] == "credit_and_debit"
    assert refused(head + "2026-11-22,B1,,,x\n", how).facts["problem"] == "credit_and_debit"


def test_a_column_that_says_which_way() -> None:
    how = mapping(columns={"direction": "Way"}, credit_words=("收",))
    found = read("Date,Serial,Amount,Remark,Way\n2026-11-22,B1,5.00,x,收\n2026-11-22,B2,5.00,x,付\n", how)[0]
    assert [e.credit for e in found.entries] == [True, False]


def test_running_balances_are_proved() -> None:
    how = mapping(columns={"balance": "Balance"})
    head = "Date,Serial,Amount,Remark,Balance\n"
    found = read(head + "2026-11-22,B1,5.00,x,105.00\n2026-11-22,B2,-3.00,y,102.00\n", how)[0]
    assert (found.head.opening, found.foot.closing) == (10_000, 10_200)
    missing = head + "2026-11-22,B1,5.00,x,105.00\n2026-11-22,B3,-3.00,y,101.00\n"
    refusal = refused(missing, how)
    assert (refusal.code, refusal.facts["line"]) == ("statement_unbalanced", 3)


def test_newest_first_is_turned_round() -> None:
    how = mapping(columns={"balance": "Balance"}, newest_first=True)
    text = "Date,Serial,Amount,Remark,Balance\n2026-11-23,B2,-3.00,y,102.00\n2026-11-22,B1,5.00,x,105.00\n"
    assert [e.reference for e in read(text, how)[0].entries] == ["B1", "B2"]


def test_several_accounts_and_currencies() -> None:
    how = mapping(columns={"account": "Account", "currency": "Currency"}, account="", currency="")
    head = "Date,Serial,Amount,Remark,Account,Currency\n"
    found = read(
        head + "2026-11-22,B1,5.00,x,A1,CNY\n2026-11-22,B2,5,x,A1,JPY\n2026-11-22,B3,5,x,A2,JPY\n", how
    )
    assert [(s.head.account, s.head.currency, s.foot.entries) for s in found] == [
        ("A1", "CNY", 1), ("A1", "JPY", 1), ("A2", "JPY", 1),
    ]  # fmt: skip


def test_lines_before_the_headings_and_other_encodings() -> None:
    text = "对账单\n账号 A1\n日期;金额;摘要\n22.11.2026;1.234,50;林月\n"
    columns = {"booked_on": "日期", "amount": "金额", "remittance": "摘要", "reference": None}
    how = mapping(
        columns=columns,
        encoding="gb18030",
        delimiter=";",
        skip_lines=2,
        date_format="%d.%m.%Y",
        decimal_sign=",",
    )
    entry = read(text, how, "gb18030")[0].entries[0]
    assert (entry.amount, entry.booked_on, entry.remittance) == (123_450, date(2026, 11, 22), "林月")
    utf8 = msgspec.structs.replace(how, encoding="utf-8")
    assert refused(text, utf8, "gb18030").code in ("statement_encoding_wrong", "statement_mapping_wrong")


@pytest.mark.parametrize(
    ("text", "code", "problem"),
    [
        ("Date,Amount,Remark\n2026-11-22,1,x\n", "statement_mapping_wrong", "column_missing"),
        ("Date,Serial,Amount,Amount,Remark\n", "statement_mapping_wrong", "column_twice"),
        (HEAD, "statement_malformed", "no_statement"),
        (HEAD + "22.11.2026,B1,1.00,x\n", "statement_malformed", "date"),
        (HEAD + "2026-11-22,B1,1.00,x\n2026-11-22,B2\n", "statement_malformed", "row_too_short"),
        (HEAD + '2026-11-22,B1,1.00,"x\n', "statement_malformed", None),
    ],
)
def test_refusals(text: str, code: str, problem: str | None) -> None:
    refusal = refused(text)
    assert refusal.code == code
    assert problem is None or refusal.facts["problem"] == problem


def test_a_csv_file_needs_a_mapping_that_fits() -> None:
    with pytest.raises(errors.StatementUnrecognised):
        read_all(io.BytesIO(HEAD.encode()))
    other = mapping(name="other", columns={"amount": "Sum"})
    line = HEAD + "2026-11-22,B1,1.00,x\n"
    assert read_all(io.BytesIO(line.encode()), mappings=(other, mapping()))[0].foot.entries == 1
    with pytest.raises(errors.StatementMappingWrong):
        read_all(io.BytesIO(line.encode()), mappings=(other, other))


@pytest.mark.parametrize(
    "changes",
    [
        {"columns": {"credit": "In"}}, {"columns": {"amount": None}}, {"currency": "", "account": ""},
        {"currency": "XXX"},
        {"encoding": "rot13"}, {"date_format": "%Y"}, {"delimiter": "ab"}, {"decimal_sign": "x"}, {"surprise": 1},
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_work_is_not_taken(changes: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        mapping(**changes)
