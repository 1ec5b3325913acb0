"""Our own reference in what a payer wrote, and which booking a line is."""

from typing import Any
from uuid import UUID

import pytest

from guitai.rails.rules.lines import identity, payment_reference, references_in
from guitai.rails.statements import Entry, StatementHead

OURS = "7KMR3AXWH2"
HEAD = StatementHead("A", "CNY", 0, "statement", "S1", "7")
FILE = UUID(int=1)


def line(**changes: Any) -> Entry:
    return Entry(**{
        "position": 0, "booking": 1, "amount": 100, "credit": True, "booked_on": None, "value_on": None, **changes,
    })  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        OURS, "7kmr-3ax-wh2", "pay 7KMR 3AX WH2 thanks", "充值7KMR3AXWH2谢谢", "７ＫＭＲ－３ＡＸ－ＷＨ２",
        "ref:7KMR.3AX.WH2.", "7KMR–3AX–WH2", "ABC 7KMR3AXWH2",
    ],
)  # fmt: skip
def test_our_reference_however_it_was_typed(text: str) -> None:
    assert references_in(text) == {OURS}
    assert payment_reference(line(remittance=text)) == OURS


@pytest.mark.parametrize(
    "text", ["", "7KMR3AXWH4", "X7KMR3AXWH2", "7KMR3AXWH22", "7KMR  3AXWH2", "A23456789C"]
)
def test_what_is_no_reference_of_an_operation(text: str) -> None:
    assert references_in(text) == set()


def test_several_references_are_none() -> None:
    assert payment_reference(line(remittance=f"{OURS} 2222222F2H")) is None
    assert payment_reference(line(remittance=OURS, end_to_end_id=OURS)) == OURS


def test_a_booking_that_the_bank_names_is_the_same_in_any_statement() -> None:
    other = StatementHead("A", "CNY", 5, "notice", "S2", "8")
    named = line(bank_reference="B1")
    assert identity(HEAD, named, FILE) == identity(other, line(bank_reference="B1", position=9), UUID(int=2))
    for changed in (
        {"amount": 101},
        {"credit": False},
        {"bank_reference": "B2"},
        {"reversal": True},
        {"end_to_end_id": "E"},
    ):
        assert identity(HEAD, line(**{"bank_reference": "B1", **changed}), FILE) != identity(
            HEAD, named, FILE
        )


def test_a_booking_without_a_name_is_only_itself() -> None:
    other = StatementHead("A", "CNY", 0, "statement", "S2", "7")
    assert identity(HEAD, line(), FILE) == identity(HEAD, line(), UUID(int=2))
    assert identity(HEAD, line(), FILE) != identity(other, line(), FILE)
    bare = StatementHead("A", "CNY", None)
    assert identity(bare, line(), FILE) != identity(bare, line(), UUID(int=2))
