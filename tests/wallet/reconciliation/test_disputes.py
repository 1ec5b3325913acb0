"""An acquirer's lines of a dispute name its own payment only: they are joined by it, and nobody has to."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.rails import api as rails
from guitai.rails.adapters.card_statement import write_day
from guitai.rails.flows.receive_statement import receive_statement
from guitai.rails.models import Order, StatementEntry, StatementMatch
from guitai.wallet import api as wallet
from guitai.wallet.models import LineMatch, OpenItem
from guitai.wallet.reconciliation.flows.match_lines import retry_items
from guitai.wallet.reconciliation.flows.overdue_lines import give_up_waiting
from guitai.wallet.reconciliation.rules.matching import Disputed, Known, Line, Op, judge
from guitai.wallet.rules import chart
from tests.wallet.reconciliation.banking import DAY, settle_topics
from tests.wallet.test_chargebacks import DISPUTED, house, told, topped_up

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
SECONDS = int(datetime.fromisoformat(DAY).replace(tzinfo=UTC).timestamp())


@pytest.fixture
def paid(customer: Customer) -> tuple[UUID, str]:
    """A top-up by card, as its order was paid: (owner, reference)."""
    owner, _ = customer()
    reference = topped_up(owner)
    order(reference, "pi_1")
    return owner, reference


def order(reference: str, payment: str) -> None:
    Order.objects.create(
        rail="card", order_reference=reference, payment_reference=reference, amount_minor=DISPUTED, currency="CNY",
        state="paid", paid_at=now(), bank_reference=payment, instructed_at=now(), payee_account="acct",
        expires_at=now(),
    )  # fmt: skip


def booked(number: str, amount: int, source: Any, fee: int = 0) -> dict[str, Any]:
    return {
        "id": number, "type": "adjustment", "amount": amount, "fee": fee, "currency": "cny", "created": SECONDS,
        "available_on": SECONDS, "source": source,
    }  # fmt: skip


def disputed(payment: str = "pi_1") -> dict[str, Any]:
    return {"id": "dp_1", "object": "dispute", "payment_intent": payment}


def bill(*lines: dict[str, Any]) -> None:
    content = write_day("acct", date.fromisoformat(DAY), lines)
    file_id = receive_statement(io.BytesIO(content), "day.jsonl", "download", SYSTEM, "card")[0]
    assert rails.import_statement(file_id).state == "imported"
    settle_topics()
    wallet.match_statement(file_id)
    settle_topics()


def item(number: str) -> OpenItem:
    return OpenItem.objects.get(bank_reference=number)


def test_of_a_lost_one_it_is_the_movement_by_which_it_left(paid: tuple[UUID, str]) -> None:
    told(paid[1], "needs_response")
    bill(booked("txn_1", -DISPUTED, disputed()))
    waits = item("txn_1")
    assert (waits.code, waits.names, waits.state) == ("dispute_open", paid[1], "open")
    assert retry_items() == 0 and give_up_waiting() == 0
    told(paid[1], "lost")
    assert retry_items() == 1
    found = LineMatch.objects.get(line_id=waits.line_id)
    assert (found.rule, item("txn_1").state) == ("dispute", "matched")
    assert StatementMatch.objects.get(entry_id=waits.line_id).matched_to == paid[1]
    assert house(chart.SUSPENSE) == 0 and wallet.verify() == []


def test_a_line_that_comes_after_the_decision_is_matched_at_once(paid: tuple[UUID, str]) -> None:
    told(paid[1], "needs_response")
    told(paid[1], "lost")
    # An acquirer that does not tell the payment names its dispute.
    bill(booked("txn_1", -DISPUTED, "dp_1"))
    assert not OpenItem.objects.exists()
    assert LineMatch.objects.get().rule == "dispute" and wallet.verify() == []


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("word", ["before", "after"])
def test_of_a_won_one_what_was_taken_and_what_came_back_undo_each_other(
    paid: tuple[UUID, str], together: bool, word: str
) -> None:
    suspense = sum(one.suspense.minor for one in wallet.safeguarding())
    taken, back = booked("txn_1", -DISPUTED, disputed()), booked("txn_2", DISPUTED, disputed())
    told(paid[1], "needs_response")
    if word == "before":
        told(paid[1], "won")
    if together:
        bill(taken, back)
    else:
        bill(taken)
        bill(back)
    if word == "after":
        assert {item(one).code for one in ("txn_1", "txn_2")} == {"dispute_open"}
        told(paid[1], "won")
    retry_items()
    assert not OpenItem.objects.filter(state="open").exists()
    assert item("txn_1").state == "reversed"
    matches = {one.line_id: one.rule for one in LineMatch.objects.all()}
    assert len(matches) == 2 and set(matches.values()) == {"dispute"}
    assert sum(one.suspense.minor for one in wallet.safeguarding()) == suspense
    assert retry_items() == 0 and wallet.verify() == []


def test_what_is_not_one_disputes_alone_is_for_a_person(paid: tuple[UUID, str]) -> None:
    told(paid[1], "needs_response")
    bill(
        booked("txn_1", -DISPUTED - 1, disputed()),
        booked("txn_2", -DISPUTED, disputed("pi_unknown")),
    )
    assert {(item(one).code, item(one).names) for one in ("txn_1", "txn_2")} == {("unknown_debit", "")}
    told(paid[1], "needs_response", dispute="dp_2")
    bill(booked("txn_3", -DISPUTED, disputed()))
    assert item("txn_3").code == "unknown_debit", "two disputes of one payment"
    assert wallet.verify() == []


def test_what_the_acquirer_takes_for_the_dispute_is_its_charge(paid: tuple[UUID, str]) -> None:
    told(paid[1], "needs_response")
    bill(booked("txn_1", -DISPUTED, disputed(), fee=1_500))
    fee = StatementEntry.objects.get(bank_code="fee")
    assert OpenItem.objects.get(line_id=fee.id).code == "charges"


def test_a_line_with_a_name_of_ours_is_never_joined_by_its_payment() -> None:
    about = Op(UUID(int=1), "7KMR3AXWH4", "top_up", "succeeded", 100, "CNY")
    known = Known([], [], disputes={("card", "pi"): Disputed(about, "open", 100, "CNY")})
    assert judge(Line(1, "card", 100, "CNY", False, payment="pi"), known).outcome == "wait"
    assert judge(Line(1, "bank", 100, "CNY", False, payment="pi"), known).outcome == "open"
    assert judge(Line(1, "card", 100, "CNY", False, payment=""), known).outcome == "open"
