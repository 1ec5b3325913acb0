"""UnionPay's settlement file: a payment and its fee a line, and whatever is not whole is refused."""

import base64
import io
import zipfile
import zlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.rails.adapters.unionpay_file import read_settlement, unpacked
from guitai.rails.errors import StatementRefused
from guitai.rails.statements.shape import Entry

MERCHANT = "777290058110048"


def line(**columns: str) -> bytes:
    """A line of a settlement file; columns are numbered from one, as in UnionPay's documents."""
    widths = [
        3,
        11,
        11,
        6,
        10,
        19,
        12,
        4,
        2,
        21,
        2,
        32,
        2,
        6,
        10,
        13,
        13,
        4,
        15,
        2,
        2,
        6,
        2,
        4,
        32,
        1,
        21,
        15,
        1,
        15,
    ]
    widths += [32, 13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98]
    usual = {
        "c1": "S22", "c5": "1122120130", "c7": "000000020000", "c10": "202611221200001234567", "c12": "7KMR3AXWH4",
        "c16": "D000000000120", "c17": "C000000019880", "c20": "01", "c28": MERCHANT, **columns,
    }  # fmt: skip
    cells = [usual.get(f"c{number + 1}", "").ljust(width) for number, width in enumerate(widths)]
    return (" ".join(cells) + "\r\n").encode("gbk")


def archive(content: bytes, name: str = f"INN26112288ZM_{MERCHANT}") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr(name, content)
    return made.getvalue()


def entries(content: bytes) -> list[Entry]:
    return [part for part in read_settlement(io.BytesIO(content)) if isinstance(part, Entry)]


def test_a_settlement_line_is_the_payment_and_its_fee() -> None:
    gross, fee = entries(archive(line(c31="商户名称")))
    assert (gross.amount, gross.credit, gross.end_to_end_id, gross.booked_on) == (
        20_000,
        True,
        "7KMR3AXWH4",
        date(2026, 11, 22),
    )
    assert (fee.amount, fee.credit, fee.position, fee.booking) == (120, False, 1, 0)
    refund = line(
        c10="202611221300001234567",
        c16="C000000000012",
        c17="D000000004988",
        c20="04",
        c27="202611221200001234567",
    )
    back, returned = entries(archive(refund))
    assert (back.amount, back.credit, back.transaction_id) == (5_000, False, "202611221200001234567")
    assert (returned.amount, returned.credit) == (12, True)
    (last_year,) = entries(archive(line(c5="1231230130", c16="D000000000000"), f"INN27010188ZM_{MERCHANT}"))
    assert last_year.value_on == date(2026, 12, 31)
    assert entries(archive(b"")) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "statement_malformed"),
        (b"PK\x03\x04 no archive", "statement_malformed"),
        (archive(line(), "readme.txt"), "statement_unrecognised"),
        (archive(line()[:-2]), "statement_incomplete"),
        (archive(line()[:100] + b"\r\n"), "statement_malformed"),
        (archive(line(c17="X000000019880")), "statement_malformed"),
        (archive(line(c17="C00000001988")), "statement_malformed"),
        (archive(line(c28="777290058110049")), "statement_malformed"),
        (archive(line(c5="9999120130")), "statement_malformed"),
        (archive(line().replace(b" ", b"x", 3)), "statement_malformed"),
        (archive(b"x" * 5_000), "statement_malformed"),
        (archive(line(), f"INN26132288ZM_{MERCHANT}"), "statement_malformed"),
        (archive(line())[:-30], "statement_malformed"),
    ],
)
def test_a_broken_file_is_refused_with_a_code(content: bytes, code: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        entries(content)
    assert refused.value.code == code


@given(st.binary(max_size=600), st.integers(0, 400))
def test_any_bytes_are_read_as_a_file_or_refused(content: bytes, cut: int) -> None:
    for tried in (content, archive(content), archive(line())[:cut] + content):
        try:
            entries(tried)
        except StatementRefused:
            pass


@given(st.text(max_size=200))
def test_any_content_of_an_answer_is_unpacked_or_refused(content: str) -> None:
    try:
        unpacked(content)
    except StatementRefused:
        pass


def test_a_bomb_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guitai.rails.adapters.unionpay_file.CONTENT_BYTES_MAX", 10_000)
    with pytest.raises(StatementRefused) as refused:
        unpacked(base64.b64encode(zlib.compress(b"0" * 1_000_000)).decode())
    assert refused.value.code == "statement_too_large"
    with pytest.raises(StatementRefused) as refused:
        entries(archive(line() * 100))
    assert refused.value.code == "statement_too_large"
    assert unpacked(base64.b64encode(zlib.compress(b"0" * 100)).decode()) == b"0" * 100
