"""A day's list of the card acquirer's account: read back as it was written, and refused when it is not whole."""

import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.rails.adapters.card_statement import read_day, write_day
from guitai.rails.errors import StatementRefused
from guitai.rails.statements.shape import Entry, StatementHead


def transaction(number: int, **change: Any) -> dict[str, Any]:
    source = {
        "id": f"ch_{number}",
        "payment_intent": f"pi_{number}",
        "metadata": {"order_reference": "7KMR3AXWH4"},
    }
    usual = {
        "id": f"txn_{number}", "type": "charge", "amount": 20_000, "fee": 580, "currency": "cny",
        "created": 1_795_320_000, "available_on": 1_795_500_000, "source": source,
    }  # fmt: skip
    return {**usual, **change}


DAY = date(2026, 11, 22)


def test_a_days_list_is_read_back_as_it_was_written() -> None:
    returned = {"id": "re_3", "payment_intent": "pi_1", "metadata": {"refund_reference": "9KMR3AXWH4"}}
    content = write_day(
        "acct_1",
        DAY,
        [
            transaction(1),
            transaction(2, currency="jpy", amount=500, fee=0),
            transaction(3, amount=-5_000, fee=0, type="refund", source=returned),
            transaction(4, type="payout", amount=-10_000, fee=0, source="po_1"),
        ],
    )  # fmt: skip
    parts = list(read_day(io.BytesIO(content)))
    assert [part.currency for part in parts if isinstance(part, StatementHead)] == ["CNY", "JPY"]
    lines = [part for part in parts if isinstance(part, Entry)]
    assert [(line.amount, line.credit, line.bank_code, line.end_to_end_id) for line in lines] == [
        (20_000, True, "charge", "7KMR3AXWH4"), (580, False, "fee", None), (5_000, False, "refund", "9KMR3AXWH4"),
        (10_000, False, "payout", None), (500, True, "charge", "7KMR3AXWH4"),
    ]  # fmt: skip
    assert list(read_day(io.BytesIO(write_day("acct_1", DAY, [])))) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda content: b"", "statement_incomplete"),
        (lambda content: b"{}\n", "statement_unrecognised"),
        (lambda content: b"<xml/>\n", "statement_unrecognised"),
        (lambda content: content[:-1], "statement_incomplete"),
        (lambda content: content[: content.rindex(b'{"line":"end"')], "statement_incomplete"),
        (lambda content: content.replace(b'"lines":2', b'"lines":3'), "statement_incomplete"),
        (lambda content: content.replace(b"20000", b"2e4.5"), "statement_malformed"),
        (lambda content: content.replace(b'"cny"', b'"zzz"'), "statement_malformed"),
        (lambda content: content.split(b"\n", 1)[1], "statement_unrecognised"),
        (lambda content: content.split(b"\n")[0] + b"\n" + content, "statement_malformed"),
    ],
)
def test_a_broken_list_is_refused_with_a_code(change: Any, code: str) -> None:
    content = write_day("acct_1", DAY, [transaction(1), transaction(2)])
    assert list(read_day(io.BytesIO(content)))
    with pytest.raises(StatementRefused) as refused:
        list(read_day(io.BytesIO(change(content))))
    assert refused.value.code == code


@given(st.binary(max_size=300), st.integers(0, 500))
def test_any_bytes_are_read_as_a_list_or_refused(noise: bytes, cut: int) -> None:
    content = write_day("acct_1", DAY, [transaction(1)])
    for tried in (noise, content[:cut] + noise, content.replace(b"charge", noise)):
        try:
            list(read_day(io.BytesIO(tried)))
        except StatementRefused:
            pass
