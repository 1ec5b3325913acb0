"""Payments disputed at the payer's bank: what is left is held, and goes the way the bank decides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.care.models import Case
from guitai.kit import policies
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.ledger import api as ledger
from guitai.notify import api as notify
from guitai.notify.models import Message
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.flows.chargebacks import lapse_due
from guitai.wallet.models import Chargeback
from guitai.wallet.rules import chart
from guitai.wallet.rules.chargebacks import Chargebacks, verdict_of
from guitai.wallet.till.submit import submit
from tests.wallet.conftest import available, send, settle_topics
from tests.wallet.reconciliation.banking import staff
from tests.wallet.test_pages_browser import browser, text_of

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
DISPUTED = 20_000


def topped_up(owner: UUID) -> str:
    amount = Money(DISPUTED, "CNY")
    started = submit(intents.start_top_up(owner, amount, str(new_id()), "card"))
    with outermost():
        wallet.settle_top_up(
            started.reference, amount=amount, bank_reference="pi_1", inbox_id=str(new_id()), rail="card"
        )
    settle_topics()
    return started.reference


def told(reference: str, status: str, dispute: str = "dp_1", **more: Any) -> None:
    with outermost():
        emit("rails.payment_disputed", {
            "rail": "card", "order_reference": reference, "bank_reference": "pi_1", "dispute": dispute,
            "status": status, "reason": "fraudulent", "amount": DISPUTED, "currency": "CNY", **more,
        })  # fmt: skip
    settle_topics()


def house(code: int) -> int:
    found = ledger.accounts([chart.house_account(code, "CNY").id])
    return found[0].debits_posted - found[0].credits_posted if found else 0


def bill(owner: UUID, reference: str) -> Any:
    [one] = wallet.chargebacks_of(wallet.operation(owner, reference).view.id)
    assert one.held_by is not None
    return wallet.operation(owner, one.held_by)


def test_what_is_left_is_held_the_customer_told_and_a_case_opened(customer: Customer) -> None:
    staff("rao")
    owner, _ = customer()
    reference = topped_up(owner)
    for _ in range(2):
        told(reference, "needs_response")
    assert (available(owner), wallet.balances(owner)[0].reserved.minor) == (0, DISPUTED)
    held = bill(owner, reference)
    assert (held.view.kind, held.view.state, held.diagnosis.rule) == (
        "chargeback", "processing", "chargeback_out_processing",
    )  # fmt: skip
    assert spoken(reference) in held.diagnosis.reason and "200.00" in held.diagnosis.reason
    assert held.diagnosis.by_when is not None
    assert [case.category for case in Case.objects.filter(customer=owner)] == ["top_up"]
    assert Message.objects.filter(kind="wallet.chargeback_held").count() == 1
    notify.deliver_due()
    assert [m.kind for m in notify.outbox("rao@guitai.example")].count("wallet.staff_payment_disputed") == 1


@pytest.mark.parametrize("status", ["won", "warning_closed"])
def test_what_the_bank_leaves_is_the_customers_again(customer: Customer, status: str) -> None:
    owner, _ = customer()
    reference = topped_up(owner)
    told(reference, "under_review")
    for _ in range(2):
        told(reference, status)
    # What came late changes nothing.
    told(reference, "needs_response")
    held = bill(owner, reference)
    assert (available(owner), held.view.state, held.diagnosis.rule) == (
        DISPUTED,
        "returned",
        "chargeback_won",
    )


def test_what_the_bank_takes_leaves_the_wallet_and_the_rail(customer: Customer) -> None:
    owner, _ = customer()
    reference = topped_up(owner)
    told(reference, "needs_response")
    for _ in range(2):
        told(reference, "lost")
    held = bill(owner, reference)
    assert (available(owner), held.view.state, held.diagnosis.rule) == (
        0,
        "succeeded",
        "chargeback_out_succeeded",
    )
    assert (house(chart.CARD), house(chart.CHARGEBACKS)) == (0, 0)
    assert Message.objects.filter(kind="wallet.chargeback_lost").count() == 1


@pytest.mark.parametrize("spent", [5_000, DISPUTED])
def test_the_house_bears_what_was_spent_before(customer: Customer, spent: int) -> None:
    owner, _ = customer()
    _, phone = customer(100)
    reference = topped_up(owner)
    assert send(owner, phone, spent).outcome == "approved"
    left = available(owner)
    told(reference, "needs_response")
    assert available(owner) == 0
    told(reference, "lost")
    row = Chargeback.objects.get()
    assert (row.held_minor, row.borne_minor, row.state) == (left, DISPUTED - left, "lost")
    assert (house(chart.CARD), house(chart.CHARGEBACKS)) == (0, DISPUTED - left)


def test_lost_in_the_first_word_is_carried_out_whole(customer: Customer) -> None:
    owner, _ = customer()
    reference = topped_up(owner)
    told(reference, "lost")
    assert (available(owner), house(chart.CARD), Chargeback.objects.get().state) == (0, 0, "lost")


def test_undecided_it_is_given_back_and_lost_later_the_house_bears_it(customer: Customer) -> None:
    policies.publish("chargebacks", {"days": 10}, SYSTEM)
    policies.forget()
    owner, _ = customer()
    reference = topped_up(owner)
    told(reference, "needs_response")
    with stopped(now() + timedelta(days=9)):
        assert lapse_due() == 0
    with stopped(now() + timedelta(days=11)):
        assert lapse_due() == 1
        assert lapse_due() == 0
    assert available(owner) == DISPUTED
    told(reference, "lost")
    assert (available(owner), house(chart.CHARGEBACKS)) == (DISPUTED, DISPUTED)


def test_a_rule_that_holds_nothing_still_opens_the_case(customer: Customer) -> None:
    policies.publish("chargebacks", {"hold": False}, SYSTEM)
    policies.forget()
    owner, _ = customer()
    reference = topped_up(owner)
    told(reference, "needs_response")
    [one] = wallet.chargebacks_of(wallet.operation(owner, reference).view.id)
    assert (one.held, one.state, available(owner), Case.objects.count()) == (None, "open", DISPUTED, 1)


def test_two_disputes_of_one_top_up_hold_no_more_than_there_is(customer: Customer) -> None:
    owner, _ = customer()
    reference = topped_up(owner)
    told(reference, "needs_response", amount=15_000)
    told(reference, "needs_response", "dp_2", amount=15_000)
    assert sorted(Chargeback.objects.values_list("held_minor", flat=True)) == [5_000, 15_000]
    assert available(owner) == 0


def test_the_bill_of_the_top_up_says_that_it_is_disputed(customer: Customer) -> None:
    owner, _ = customer()
    reference = topped_up(owner)
    page = browser(owner)
    assert "disputed" not in text_of(page.get(f"/bills/{reference}/"))
    told(reference, "needs_response")
    assert "This top-up is disputed at the bank" in text_of(page.get(f"/bills/{reference}/"))
    held = bill(owner, reference).view.reference
    assert "A top-up of yours is disputed" in text_of(page.get(f"/bills/{held}/"))
    assert "Set aside: a disputed top-up" in text_of(page.get("/bills/"))


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("won", "won"),
        ("warning_closed", "won"),
        ("lost", "lost"),
        ("warning_needs_response", "open"),
        ("?", "open"),
    ],
)
def test_what_a_status_means(status: str, verdict: str) -> None:
    assert verdict_of(status) == verdict


def test_a_bank_is_given_a_day_at_least() -> None:
    with pytest.raises(ValueError, match="a day"):
        Chargebacks(days=0)
