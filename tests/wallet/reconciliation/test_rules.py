"""The rules as tables: which line is what, how alike two things are, what a difference is made of."""

from datetime import date
from uuid import UUID

import pytest

from guitai.wallet.reconciliation.rules.candidates import Receipt, Waiting, rank
from guitai.wallet.reconciliation.rules.closing import Booked, Unproved, parts, unexplained
from guitai.wallet.reconciliation.rules.likeness import (
    distance,
    name_likeness,
    reference_likeness,
    tail_agrees,
)
from guitai.wallet.reconciliation.rules.matching import Filed, HouseLines, Known, Line, Movement, Op, judge

ONE, TWO = UUID(int=1), UUID(int=2)
TOP_UP = Op(ONE, "TOPUP", "top_up", "awaiting_payment", 100, "CNY")
PAID = Op(ONE, "TOPUP", "top_up", "succeeded", 100, "CNY")
OUT = Op(TWO, "WITHDRAW", "withdrawal", "succeeded", 100, "CNY")
CAME = Movement(UUID(int=11), ONE, 100, True, "bank", "CNY")
CAME_OTHERWISE = Movement(UUID(int=14), ONE, 100, True, "bank", "USD")
WENT = Movement(UUID(int=12), TWO, 100, False, "bank", "CNY")
HOUSE = HouseLines(("CHRG",), ("INTR",), {"CNY": 1_000})


def line(**more: object) -> Line:
    plain = {"id": 1, "rail": "bank", "amount": 100, "currency": "CNY", "credit": True, **more}
    return Line(**plain)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "operations", "movements", "outcome", "rule", "code"),
    [
        ({"payment_reference": "TOPUP"}, [PAID], [CAME], "match", "reference", ""),
        ({"payment_reference": "TOPUP"}, [TOP_UP], [], "settle", "reference", ""),
        ({"payment_reference": "TOPUP"}, [PAID], [], "park", "held", "already_paid"),
        ({"payment_reference": "TOPUP", "amount": 99}, [TOP_UP], [], "park", "held", "wrong_amount"),
        ({"payment_reference": "TOPUP", "amount": 99, "charges": 1}, [TOP_UP], [], "settle", "reference", ""),
        ({"payment_reference": "TOPUP", "currency": "USD"}, [TOP_UP], [], "park", "held", "wrong_currency"),
        # A notice has set it aside already: the same money is not held once more.
        ({"payment_reference": "TOPUP", "currency": "USD"}, [TOP_UP], [CAME, CAME_OTHERWISE], "match", "reference", ""),
        ({"payment_reference": "TOPUP", "rail": "card"}, [PAID], [CAME], "park", "held", "already_paid"),
        ({"payment_reference": "NOBODY"}, [], [], "hold", "held", "unknown_reference"),
        ({}, [], [], "hold", "held", "no_reference"),
        ({"credit": False, "end_to_end_id": "WITHDRAW"}, [OUT], [WENT], "match", "end_to_end", ""),
        (
            {"credit": False, "end_to_end_id": "WITHDRAW", "amount": 102, "charges": 2},
            [OUT], [WENT], "match", "end_to_end", "",
        ),
        ({"credit": False, "end_to_end_id": "WITHDRAW"}, [OUT], [], "wait", "end_to_end", "movement_missing"),
        ({"end_to_end_id": "WITHDRAW"}, [OUT], [], "wait", "end_to_end", "movement_missing"),
        # A rail has sent a payment back, and its word of that is still to come.
        ({"credit": False, "end_to_end_id": "TOPUP"}, [PAID], [], "wait", "end_to_end", "movement_missing"),
        # Anybody may write a reference; only the bank's word makes it a return.
        ({"payment_reference": "WITHDRAW"}, [OUT], [], "hold", "held", "already_paid"),
        ({"payment_reference": "WITHDRAW", "came_back": True}, [OUT], [], "wait", "reference", "movement_missing"),
        ({"credit": False}, [], [], "open", "held", "unknown_debit"),
        ({"credit": False, "reversal": True}, [], [], "open", "held", "reversal"),
        ({"credit": False, "bank_code": "PMNT/MDOP/CHRG"}, [], [], "write", "written", "charges"),
        ({"credit": False, "bank_code": "CHRG", "amount": 1_001}, [], [], "open", "held", "charges"),
        ({"bank_code": "ACMT/MCOP/INTR"}, [], [], "write", "written", "interest"),
        ({"bank_code": "CHRG"}, [], [], "hold", "held", "no_reference"),
    ],
)  # fmt: skip
def test_what_a_line_is(
    given: dict[str, object],
    operations: list[Op],
    movements: list[Movement],
    outcome: str,
    rule: str,
    code: str,
) -> None:
    verdict = judge(line(**given), Known(operations, movements, house=HOUSE))
    assert (verdict.outcome, verdict.rule, verdict.code) == (outcome, rule, code)
    assert verdict.facts["amount"] == given.get("amount", 100)


OUT_AND_BACK = ("wait", "out_and_back", "payout_open")


@pytest.mark.parametrize(
    ("state", "given", "expected"),
    [
        # A gateway has taken it, and nobody knows yet what becomes of it.
        ("processing", {"credit": False}, OUT_AND_BACK),
        ("unknown", {"credit": False}, OUT_AND_BACK),
        ("failed", {"credit": False}, OUT_AND_BACK),
        # Its return without its taking, which may be on an earlier bill that comes later.
        ("failed", {}, OUT_AND_BACK),
        ("failed", {"amount": 99}, ("wait", "end_to_end", "movement_missing")),
        ("failed", {"rail": "bank"}, ("wait", "end_to_end", "movement_missing")),
        ("failed", {"credit": False, "rail": "bank"}, ("wait", "end_to_end", "movement_missing")),
        # What came back is in the books as soon as its rail says so.
        ("processing", {}, ("wait", "end_to_end", "movement_missing")),
        ("succeeded", {"credit": False}, ("wait", "end_to_end", "movement_missing")),
        # Anybody may write a reference.
        ("failed", {"end_to_end_id": "", "payment_reference": "WITHDRAW"}, ("hold", "held", "already_paid")),
    ],
)  # fmt: skip
def test_a_gateways_line_of_a_payment_out_that_has_no_movement(
    state: str, given: dict[str, object], expected: tuple[str, str, str]
) -> None:
    own = {"rail": "wechat", "end_to_end_id": "WITHDRAW", **given}
    verdict = judge(line(**own), Known([Op(TWO, "WITHDRAW", "withdrawal", state, 100, "CNY")], []))
    assert (verdict.outcome, verdict.rule, verdict.code) == expected


@pytest.mark.parametrize(
    ("before", "ways", "outcomes"),
    [
        ((), "out back", "wait undo"),
        ((), "back out", "wait wait"),
        ((), "out back back", "wait undo wait"),
        ((), "out out back", "wait wait undo"),
        ((7,), "back", "undo"),
        # What has been undone in the same batch waits for nothing any more.
        ((2,), "back out back", "undo wait wait"),
    ],
)
def test_what_was_taken_is_undone_once(before: tuple[int, ...], ways: str, outcomes: str) -> None:
    failed = Op(TWO, "WITHDRAW", "withdrawal", "failed", 100, "CNY")
    known = Known([failed], [], taken=[("wechat", "WITHDRAW", 100, number) for number in before])
    told = [
        line(id=number, rail="wechat", end_to_end_id="WITHDRAW", credit=way == "back")
        for number, way in enumerate(ways.split(), 1)
    ]
    assert [judge(one, known).outcome for one in told] == outcomes.split()


@pytest.mark.parametrize(
    ("given", "outcome", "rule", "code", "owner"),
    [
        ({"payment_reference": "OWN"}, "receive", "standing", "", ONE),
        ({"payment_reference": "OWN", "amount": 7}, "receive", "standing", "", ONE),
        ({"payment_reference": "STOPPED"}, "hold", "held", "owner_stopped", None),
        ({"payment_reference": "OTHER"}, "hold", "held", "unknown_reference", None),
        # A return of ours that happens to say so, and money that leaves, are nobody's top-up.
        ({"payment_reference": "OWN", "came_back": True}, "hold", "held", "unknown_reference", None),
        ({"payment_reference": "OWN", "reversal": True}, "hold", "held", "reversal", None),
        ({"payment_reference": "OWN", "credit": False}, "open", "held", "unknown_debit", None),
        ({"payment_reference": "OWN", "end_to_end_id": "TOPUP"}, "settle", "end_to_end", "", None),
    ],
)
def test_whose_a_transfer_without_an_order_is(
    given: dict[str, object], outcome: str, rule: str, code: str, owner: UUID | None
) -> None:
    verdict = judge(line(**given), Known([TOP_UP], [], standing={"OWN": ONE, "STOPPED": None}))
    assert (verdict.outcome, verdict.rule, verdict.code, verdict.owner) == (outcome, rule, code, owner)


def test_a_movement_is_proved_by_one_line_only() -> None:
    known = Known([PAID], [CAME])
    first, second = (judge(line(id=n, payment_reference="TOPUP"), known) for n in (1, 2))
    assert (first.outcome, second.outcome, second.code) == ("match", "park", "already_paid")


@pytest.mark.parametrize(
    ("rail", "lines", "verdicts"),
    [
        # Two payments alike, of which the first is booked: a gateway's own number says which line it is.
        ("alipay", ["A16", "A4"], ["park", "match"]),
        ("alipay", ["A4", "A16"], ["match", "park"]),
        ("alipay", ["", "A4"], ["match", "park"]),
        # A bank's notice and its statement need not call a payment the same.
        ("bank", ["B16"], ["match"]),
    ],
)
def test_of_two_payments_alike_each_line_is_its_own(rail: str, lines: list[str], verdicts: list[str]) -> None:
    known = Known([PAID], [Movement(UUID(int=11), ONE, 100, True, rail, "CNY", "A4")])
    told = [line(rail=rail, end_to_end_id="TOPUP", reference=f"L{n}", payment=n) for n in lines]
    assert [judge(one, known).outcome for one in told] == verdicts


def test_of_two_movements_alike_a_line_proves_the_one_of_its_number() -> None:
    first, second = (Movement(UUID(int=n), ONE, 100, True, "bank", "CNY", f"B{n}") for n in (21, 22))
    known = Known([PAID], [first, second])
    found = [judge(line(payment_reference="TOPUP", reference=one), known).movements for one in ("B22", "B21")]
    assert found == [(second,), (first,)]


def test_two_lines_pay_one_top_up_once() -> None:
    known = Known([TOP_UP], [])
    assert [judge(line(id=n, payment_reference="TOPUP"), known).outcome for n in (1, 2)] == ["settle", "park"]


@pytest.mark.parametrize(
    ("amount", "total", "outcome"), [(200, 200, "match"), (200, 201, "open"), (199, 199, "wait")]
)
def test_a_whole_file_booked_as_one_sum(amount: int, total: int, outcome: str) -> None:
    other = Op(UUID(int=3), "OTHER", "withdrawal", "succeeded", 100, "CNY")
    moved = [WENT, Movement(UUID(int=13), other.id, 100, False, "bank", "CNY")]
    known = Known([OUT, other], moved, {"MSG": Filed(total, "CNY", ("WITHDRAW", "OTHER"))})
    verdict = judge(line(credit=False, amount=amount, batch_reference="MSG"), known)
    assert verdict.outcome == outcome
    if outcome == "match":
        assert {m.id for m in verdict.movements} == {m.id for m in moved}


def test_a_bank_takes_back_what_stands_in_suspense_once() -> None:
    known = Known([], [], held=[("bank", "B1", 100)])
    lines = [line(id=n, credit=False, reversal=True, reference="B1") for n in (1, 2)]
    assert [judge(one, known).outcome for one in lines] == ["reverse", "open"]


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("林月", "林月", 100), ("林 月", "林月", 100), ("林月", "林悦", 0), ("林月", "LIN YUE", 95),
        ("林月", "Yue Lin", 95), ("欧阳娜娜", "Nana Ouyang", 95), ("吕布", "LYU BU", 95), ("王小明", "Wang Ming", 0),
        ("Zhang Wei", "ZHANG  WEI", 100), ("Wei Zhang", "Zhang Wei", 100), ("José Peña", "jose pena", 100),
        ("ＺＨＡＮＧ", "zhang", 100), ("", "x", 0), ("Smith", "Jones", 0), ("林月 Lin Yue", "林月", 100),
        ("Lin Yue 林月", "林月 LIN YUE", 100), ("林月 Lin Yue", "Yue Lin", 95), ("林月 Tea House", "林月", 0),
    ],
)  # fmt: skip
def test_how_alike_two_names_are(one: str, other: str, likeness: int) -> None:
    assert name_likeness(one, other) == likeness == name_likeness(other, one)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xyz", 3)],
)
def test_how_far_two_words_are_apart(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits == distance(other, one)


@pytest.mark.parametrize(
    ("words", "likeness"),
    [("7KMR3AXWH4", 100), ("pay 7kmr-3axwh4 thanks", 100), ("7KMR3AXWH5", 75), ("7KMRA3XWH4", 75), ("7KMR3AXW", 50),
     ("nothing at all", 0), ("", 0)],
)  # fmt: skip
def test_how_nearly_a_reference_stands_somewhere(words: str, likeness: int) -> None:
    assert reference_likeness("7KMR3AXWH4", words) == likeness


@pytest.mark.parametrize(
    ("tail", "agrees"),
    [("1234", True), ("0-1234", True), ("234", False), ("9234", False), ("１２３４", True)],
)
def test_how_an_account_ends(tail: str, agrees: bool) -> None:
    assert tail_agrees("6222 0000 1234", tail) is agrees


def test_the_likeliest_candidate_comes_first_and_one_sign_is_none() -> None:
    day = date(2026, 11, 22)
    receipt = Receipt(10_000, "CNY", day, "LIN YUE", "7KMR3AXWH5")

    def waiting(reference: str, name: str, amount: int) -> Waiting:
        return Waiting(ONE, reference, TWO, name, amount, day, "expired")

    found = rank(
        receipt,
        [
            waiting("2222222222", "陈晓燕", 10_000),
            waiting("7KMR3AXWH4", "林月", 10_000),
            waiting("3333333333", "王", 5),
        ],
    )
    assert [(one.waiting.reference, one.score) for one in found] == [("7KMR3AXWH4", 91), ("2222222222", 45)]


def test_a_difference_is_the_sum_of_its_parts() -> None:
    day = date(2026, 11, 22)
    found = parts(
        [Unproved(ONE, 500, "A", day)],
        [Booked(1, -300, 0, None, "", day), Booked(2, 200, 0, 200, "B", day), Booked(3, 10, 10, 10, "", day)],
        opening=70, gap=5,
    )  # fmt: skip
    assert [(one.kind, one.amount) for one in found] == [
        ("in_transit", 500), ("line_open", 300), ("booked_later", -200), ("opening", -70), ("statement_gap", -5),
    ]  # fmt: skip
    assert unexplained(found, day, 3) == 305
    assert unexplained(found, date(2026, 11, 26), 3) == 805
