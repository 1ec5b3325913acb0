"""Money back to the payer: within what was paid, once, and told when it is known."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from guitai.base.actor import SYSTEM
from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.rails import api
from guitai.rails.errors import RailUnknown, RailUnsupported, RefundConflict
from guitai.rails.flows.errands import run_errands
from guitai.rails.flows.receive_statement import receive_statement
from guitai.rails.models import InboxMessage, Order, Refund
from guitai.rails.rail_reads import WORKS
from tests.rails.conftest import topics
from tests.rails.scripted import AMOUNT, CODE, DOWN, NOON, REFERENCE, After, ScriptedRail, answer, declined

pytestmark = pytest.mark.django_db
REFUND = "7KMR3AXWH4R2222222F2H"


@pytest.fixture
def paid(scripted: ScriptedRail, order: Callable[..., Order]) -> ScriptedRail:
    order(rail=CODE, state="paid", paid_at=NOON, bank_reference="B1")
    return scripted


def ask(amount: Money = AMOUNT, refund: str = REFUND, bank_reference: str = "B1", rail: str = CODE) -> None:
    with stopped(NOON), transaction.atomic():
        api.start_refund(REFERENCE, refund, amount, bank_reference=bank_reference, rail=rail)


def turn(after_s: int = 0) -> int:
    with stopped(NOON + timedelta(seconds=after_s)):
        return run_errands(CODE, WORKS)


def told(**more: Any) -> dict[str, Any]:
    return {
        "refund_reference": REFUND,
        "order_reference": REFERENCE,
        "amount": AMOUNT.minor,
        "currency": "CNY",
        "rail": CODE,
        **more,
    }


@pytest.mark.parametrize(
    ("says", "state", "expected"),
    [
        (answer(REFUND, "done"), "done", [("rails.refund_done", told())]),
        (answer(REFUND, "accepted"), "accepted", []),
        (
            answer(REFUND, "rejected", "payment_over_limit"),
            "rejected",
            [("rails.refund_rejected", told(code="payment_over_limit"))],
        ),
        (declined(), "rejected", [("rails.refund_rejected", told(code="payment_failed"))]),
        (DOWN, "asked", []),
        (answer(REFUND, "rejected", "payment_refunded_before"), "asked", []),
    ],
)
def test_each_answer_has_one_meaning(
    paid: ScriptedRail, says: Any, state: str, expected: list[tuple[str, dict[str, Any]]]
) -> None:
    ask()
    paid.will("refund", says)
    turn()
    record = api.refund_record(REFUND, rail=CODE)
    assert record is not None and (record.state, record.amount) == (state, AMOUNT)
    assert topics() == expected


def test_an_unknown_outcome_is_asked_about_and_told_once(paid: ScriptedRail) -> None:
    ask()
    paid.will("refund", After(DOWN))
    turn()
    turn(70)
    turn(3_600)
    assert (paid.asked("refund"), paid.asked("query_refund")) == ([REFUND], [REFUND])
    assert topics() == [("rails.refund_done", told())]


def test_the_same_refund_again_is_the_same(paid: ScriptedRail) -> None:
    ask()
    ask()
    turn()
    ask()
    turn(60)
    assert (Refund.objects.count(), paid.asked("refund")) == (1, [REFUND])


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"amount": Money(20_001, "CNY")}, RefundConflict),
        ({"amount": Money(20_000, "USD")}, RefundConflict),
        ({"bank_reference": "B2"}, RefundConflict),
        ({"rail": "bank"}, RailUnsupported),
        ({"rail": "nowhere"}, RailUnknown),
    ],
)
def test_what_was_not_paid_is_not_sent_back(
    paid: ScriptedRail, changes: dict[str, Any], refused: type[Exception]
) -> None:
    with pytest.raises(refused):
        ask(**changes)
    ask(Money(1, "CNY"))
    with pytest.raises(RefundConflict):
        ask(Money(2, "CNY"))


def test_a_payment_that_did_not_fit_its_order_can_be_sent_back(
    scripted: ScriptedRail, order: Callable[..., Order]
) -> None:
    made = order(rail=CODE)
    InboxMessage.objects.create(
        rail=CODE, headers={}, body_sealed=b"", body_sha256=b"", state="exception", code="wrong_amount",
        bank_reference="B9", order_id=made.id, amount_minor=19_999, currency="CNY",
    )  # fmt: skip
    ask(Money(19_999, "CNY"), bank_reference="B9")
    turn()
    assert scripted.asked("refund") == [REFUND]


def test_what_only_the_bill_has_told_of_goes_back_too(
    scripted: ScriptedRail, order: Callable[..., Order]
) -> None:
    """Its notice was lost, and nobody asked in time: the line of the rail's own bill is as good as a notice."""
    order(rail=CODE)
    with pytest.raises(RefundConflict):
        ask()
    with stopped(NOON):
        file_id, _ = receive_statement(io.BytesIO(b"2026-11-22 bill"), "a.bill", "download", SYSTEM, CODE)
        assert api.import_statement(file_id).state == "imported"
    with pytest.raises(RefundConflict):
        ask(AMOUNT + Money(1, "CNY"))
    ask()
    turn()
    assert Refund.objects.get().state == "done"
