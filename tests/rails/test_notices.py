"""Reading notices: exactly, or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.base.money import MINOR_MAX
from guitai.rails.rules.notices import NoticeUnreadable, normal_reference, parse_notice

GOOD = {
    "event": "payment.received",
    "notice_id": "N1",
    "payment": {
        "bank_reference": "B1",
        "payment_reference": "7kmr-3ax-wh4",
        "amount": {"amount": 20_000, "currency": "CNY"},
        "payee_account": "6228",
        "paid_at": "2026-11-22T13:00:00+08:00",
    },
}


def changed(path: str, value: object) -> bytes:
    content = json.loads(json.dumps(GOOD))
    place = content
    *folders, name = path.split(".")
    for folder in folders:
        place = place[folder]
    place[name] = value
    return json.dumps(content).encode()


def test_a_notice_is_read_in_minor_units_and_utc() -> None:
    notice = parse_notice(json.dumps(GOOD).encode())
    assert (notice.amount_minor, notice.currency) == (20_000, "CNY")
    assert notice.paid_at.isoformat() == "2026-11-22T05:00:00+00:00"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"event": "payment.received"}',
        b"[" * 60_000,
        b'{"event":"payment.received","x":' + b"[" * 60_000,
        changed("event", "payment.reversed"),
        changed("notice_id", ""),
        changed("notice_id", "N 1"),
        changed("notice_id", "N1\n"),
        changed("notice_id", "N" * 65),
        changed("notice_id", 1),
        changed("payment.amount.amount", 0),
        changed("payment.amount.amount", -1),
        changed("payment.amount.amount", 200.0),
        changed("payment.amount.amount", "200"),
        changed("payment.amount.amount", True),
        changed("payment.amount.amount", 10**18),
        changed("payment.amount.amount", None),
        changed("payment.amount.currency", "cny"),
        changed("payment.amount.currency", "CNY\n"),
        changed("payment.amount", 20_000),
        changed("payment.paid_at", "2026-11-22T13:00:00"),
        changed("payment.paid_at", "yesterday"),
        changed("payment.paid_at", "0001-01-01T00:00:00+14:00"),
        changed("payment.bank_reference", "../../etc"),
        changed("payment.payee_account", ""),
        changed("payment.payment_reference", "x" * 141),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeUnreadable) as refused:
        parse_notice(body)
    assert refused.value.problem.isascii()


def test_the_largest_amount_is_read() -> None:
    assert parse_notice(changed("payment.amount.amount", MINOR_MAX)).amount_minor == MINOR_MAX


def test_fields_that_a_bank_adds_later_are_ignored() -> None:
    assert parse_notice(changed("payment.branch", "0042")).notice_id == "N1"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        ("   ", ""),
        ("top\x00 up\n again", "top up again"),
        ("7KMR-3AX-WH4", "7KMR-3AX-WH4"),  # the check symbol is wrong: kept as it came
    ],
)
def test_references_are_read_as_payers_type_them(typed: str, meant: str) -> None:
    assert normal_reference(typed) == meant


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        parse_notice(body)
    except NoticeUnreadable:
        pass


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
PATHS = [
    "event", "notice_id", "payment", "payment.amount", "payment.amount.amount", "payment.amount.currency",
    "payment.paid_at", "payment.payment_reference", "payment.bank_reference", "payment.payee_account",
]  # fmt: skip


@given(st.sampled_from(PATHS), JSON)
def test_any_value_in_any_field_is_read_or_refused(path: str, value: object) -> None:
    try:
        notice = parse_notice(changed(path, value))
    except NoticeUnreadable:
        return
    assert 0 < notice.amount_minor <= MINOR_MAX
    assert "\x00" not in notice.payment_reference
