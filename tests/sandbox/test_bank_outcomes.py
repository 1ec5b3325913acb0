"""What becomes of a payment out, and what the bank says of it: in status files, notices and the day's statement."""

import io
from pathlib import Path
from typing import Any

import pytest

from guitai.base.clock import stopped
from guitai.rails.errors import StatementUnbalanced
from guitai.rails.statements import CsvColumns, CsvMapping, read_all
from guitai.sandbox.asgi import Problem
from guitai.sandbox.bank import books, clearing, days, outcomes
from tests.sandbox.bank import TODAY, Bank, order, payout

NUMBER = "622200001111"
MAPPING = CsvMapping(
    "sandbox", CsvColumns(
        booked_on="记账日", value_on="起息日", credit="收入", debit="支出", balance="余额", reference="流水号",
        counterparty="对方户名", counterparty_account="对方账号", remittance="摘要",
    ), account=books.CLIENT_ACCOUNT, currency="CNY", encoding="gb18030",
)  # fmt: skip


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path)


@pytest.mark.parametrize(
    ("suffix", "statuses", "left"),
    [
        ("2222", [("ACSC", None)], -10_000),
        ("0001", [("RJCT", "AC01")], 0),
        ("0002", [("RJCT", "AM02")], 0),
        ("0004", [("RJCT", "AC04")], 0),
        ("0006", [("RJCT", "AC06")], 0),
        ("0008", [("RJCT", "BE01")], 0),
        ("0018", [("RJCT", "BE01")], 0),
        ("0003", [], 0),
        ("0007", [], -10_000),
        ("0009", [], 0),
        ("0012", [("ACSC", None)], -10_200),
        ("0005", [("ACSC", None)], -9_900),
        ("0044", [("ACSC", None)], -10_000),
    ],
)
def test_the_end_of_the_account_number_decides(
    bank: Bank, suffix: str, statuses: list[tuple[str, str | None]], left: int
) -> None:
    bank.give(order(payout("A1", NUMBER + suffix)))
    assert bank.told("A1") == statuses
    assert bank.balance == left
    told_at_once = [line.end_to_end_id for line in bank.lines("camt054")]
    assert told_at_once == (["A1"] if left and suffix != "0007" else [])
    bank.close()
    closed = bank.lines()
    # What waits for the end of the day happens then; who was silent is told of by the statement.
    expected = -10_000 if suffix == "0009" else left
    assert sum(line.amount if line.credit else -line.amount for line in closed) == expected
    assert all(line.end_to_end_id == "A1" for line in closed)


def test_one_file_may_have_every_fate_at_once(bank: Bank) -> None:
    fates = [payout(f"A{end}", NUMBER + end) for end in ("2222", *outcomes.SUFFIXES)]
    bank.give(order(*fates))
    assert bank.statuses()[0].status == "PART"
    states = {row["end_to_end"]: row["state"] for row in clearing.payouts(bank.world)}
    assert (states["A2222"], states["A0001"], states["A0003"]) == ("paid", "rejected", "swallowed")
    for _ in range(3):
        bank.close()
    assert {row["state"] for row in clearing.payouts(bank.world)} <= {
        "paid",
        "rejected",
        "returned",
        "swallowed",
    }
    found = bank.statements()
    assert [one.foot.closing for one in found][-1] == bank.balance
    # Every statement begins where the one before ended.
    assert [one.head.opening for one in found][1:] == [one.foot.closing for one in found][:-1]


@pytest.mark.parametrize(
    ("suffix", "days_later", "back", "reason"),
    [("0044", 1, 10_000, "AC04"), ("0045", 1, 9_500, "AC04"), ("0048", 2, 10_000, "BE01")],
)
def test_money_comes_back_days_later(
    bank: Bank, suffix: str, days_later: int, back: int, reason: str
) -> None:
    bank.give(order(payout("A1", NUMBER + suffix)))
    for _ in range(days_later):
        assert [line.credit for line in bank.lines("camt054")] == [False]
        bank.close()
    [returned] = [line for line in bank.lines("camt054") if line.credit]
    assert (returned.amount, returned.return_reason, returned.end_to_end_id) == (back, reason, "A1")
    assert returned.bank_code == "PMNT/RCDT/RRTN"
    bank.close()
    assert [line.bank_reference for line in bank.lines() if line.credit] == [returned.bank_reference]


def test_a_clerks_arrangement_is_used_once_and_the_most_particular_first(bank: Bank) -> None:
    bank.fault("reject", code="AC06")
    bank.fault("reject_late", code="BE01", end_to_end="A1")
    bank.fault("return", account=NUMBER + "3333", code="AC04", days="1")
    for name, end in (("A1", "2222"), ("A2", "3333"), ("A3", "2222"), ("A4", "2222")):
        bank.give(order(payout(name, NUMBER + end)), f"{name}.xml")
    assert bank.told("A1") == [("RJCT", "BE01")]
    assert bank.told("A2") == [("ACSC", None)]
    assert bank.told("A3") == [("RJCT", "AC06")]
    assert bank.told("A4") == [("ACSC", None)]
    assert outcomes.arranged(bank.world) == []
    bank.close()
    assert [line.end_to_end_id for line in bank.lines("camt054") if line.credit] == ["A2"]


@pytest.mark.parametrize(
    "wrong", [{"kind": "explode"}, {"kind": "reject", "times": 0}, {"kind": "reject", "account": "x" * 60},
              {"kind": "return", "days": "many"}],
)  # fmt: skip
def test_an_arrangement_that_means_nothing_is_refused(bank: Bank, wrong: dict[str, Any]) -> None:
    with pytest.raises(Problem):
        outcomes.arrange(bank.world, wrong)


@pytest.mark.parametrize(
    ("how", "at_once", "later"), [("lost", 0, 0), ("late", 0, 1), ("twice", 1, 2), ("reordered", 0, 0)]
)
@pytest.mark.parametrize("what", ["status", "notice", "statement"])
def test_files_are_lost_late_twice_and_in_another_order(
    bank: Bank, what: str, how: str, at_once: int, later: int
) -> None:
    kind = {"status": "pain002", "notice": "camt054", "statement": "camt053"}[what]
    bank.receive(100)
    before = len(bank.files(kind))
    bank.fault(f"{what}_{how}")
    if what == "statement":
        bank.close()
    elif what == "status":
        (bank.home / "in" / "a.xml").write_bytes(order(payout("A1", NUMBER + "0001")))
        bank.turn()
    else:
        bank.receive(200)
    assert len(bank.files(kind)) - before == at_once
    bank.turn(seconds=70)
    assert len(bank.files(kind)) - before == later
    if how == "reordered":
        if what == "statement":
            bank.close()
        elif what == "status":
            bank.give(order(payout("A2", NUMBER + "0001")), "b.xml")
        else:
            bank.receive(300)
        bank.turn(seconds=5)
        assert len(bank.files(kind)) - before == 2


@pytest.mark.parametrize("kind", ["missing_line", "wrong_line"])
def test_a_statement_that_is_wrong_does_not_add_up(bank: Bank, kind: str) -> None:
    bank.receive(100)
    bank.receive(200)
    bank.fault(kind)
    bank.close()
    with pytest.raises(StatementUnbalanced):
        bank.statements()
    assert [one.foot.entries for one in read_all_of(bank, "xml")] == [2], "its books are right all the same"


def test_a_line_that_was_forgotten_is_told_the_next_day(bank: Bank) -> None:
    bank.receive(100)
    bank.receive(200)
    bank.fault("forgotten_line")
    bank.close()
    bank.close()
    first, second = bank.statements()
    assert [line.amount for line in first.entries] == [100]
    assert [line.amount for line in second.entries] == [200]
    assert second.head.opening == first.foot.closing


def test_a_whole_file_may_be_booked_as_one_sum(bank: Bank) -> None:
    bank.fault("batch_booking")
    bank.give(order(payout("A1"), payout("A2", minor=2_050), message="G7"))
    [line] = bank.lines("camt054")
    assert (line.amount, line.batch_reference, line.batch_count, line.end_to_end_id) == (
        12_050, "G7", 2, None,
    )  # fmt: skip


def test_every_way_of_writing_a_day_says_the_same(bank: Bank) -> None:
    bank.receive(50_000, "7KMR-3AX-WH4")
    bank.give(order(payout("A1"), payout("A2", NUMBER + "0012", 2_050)))
    with bank.world.store.transaction():
        paid_in = books.latest_bookings(bank.world)[-1]
        books.book(bank.world, books.reversal_of(paid_in))
        books.book(bank.world, books.Booking("CNY", -1_000, books.FEE, remittance="费用 fee"))
        parts = tuple(books.Part(n, "", f"付款人{n}", "6222", f"r{n}") for n in (100, 250))
        books.book(bank.world, books.Booking("CNY", 350, books.CREDIT, parts=parts, count=2, order_id="B1"))
    told = {suffix: read_all_of(bank, suffix) for suffix in days.FORMATS}
    figures = {
        suffix: (one.head.opening, one.foot.closing, one.foot.credits - one.foot.debits)
        for suffix, (one,) in told.items()
    }
    assert figures["sta"] == figures["xml"] and figures["csv"][1:] == figures["xml"][1:]
    # A booking of two payments is two lines where a format can tell them apart.
    assert [told[suffix][0].foot.entries for suffix in days.FORMATS] == [7, 6, 6]
    [taken_back] = [line for line in told["xml"][0].entries if line.reversal]
    assert (taken_back.amount, taken_back.credit) == (50_000, False)
    assert [line.reversal for line in told["sta"][0].entries].count(True) == 1


def test_days_that_are_over_close_by_themselves(bank: Bank) -> None:
    bank.receive(100)
    bank.turn(hours=30)
    assert books.bank_day(bank.world) == TODAY.replace(day=24)
    assert [one.foot.closing for one in bank.statements()] == [100]


def test_a_lost_notice_is_still_on_the_statement(bank: Bank) -> None:
    bank.receive(100, "7KMR-3AX-WH4", lost=True)
    assert bank.lines("camt054") == []
    bank.close()
    [line] = bank.lines()
    assert (line.amount, line.remittance, line.counterparty) == (100, "7KMR-3AX-WH4", "林月 Lin Yue")


def test_a_clerk_sends_money_back_and_tells_again(bank: Bank) -> None:
    bank.give(order(payout("A1")))
    assert not clearing.return_now(bank.world, "A9", "AC04", 0)
    assert not clearing.return_now(bank.world, "A1", "AC04", 10_000)
    assert clearing.return_now(bank.world, "A1", "AC04", 500)
    assert not clearing.return_now(bank.world, "A1", "AC04", 0), "it is back already"
    assert bank.balance == -500
    bank.give(order(payout("A2")), "b.xml")
    with stopped(bank.moment):
        assert clearing.tell_again(bank.world, "A2") and not clearing.tell_again(bank.world, "A9")
    bank.turn(seconds=1)
    assert bank.told("A2") == [("ACSC", None)] * 2


def read_all_of(bank: Bank, suffix: str) -> list[Any]:
    """The bank's own day in a format, read by the wallet's readers."""
    content = days.written(bank.world, books.CLIENT_ACCOUNT, "CNY", TODAY, suffix)
    assert content is not None
    return read_all(io.BytesIO(content), mappings=(MAPPING,))
