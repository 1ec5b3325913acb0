"""Open items: proposed by one, approved by another, and every way they end."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from guitai.base.actor import Actor
from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet.reconciliation import errors
from tests.wallet.conftest import available
from tests.wallet.reconciliation.banking import Bank, item, operation, settle_topics, staff, start

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]


@pytest.fixture
def one(db: None) -> Actor:
    return Actor("staff", str(staff("one", "agent")))


@pytest.fixture
def two(db: None) -> Actor:
    return Actor("staff", str(staff("two")))


def held(minor: int = 20_000, words: str = "no idea", **more: str) -> str:
    bank = Bank()
    line = bank.line(minor, words, **more)
    bank.send()
    return line


def suspense() -> int:
    return sum(safe.suspense.minor for safe in wallet.safeguarding())


def test_two_persons_credit_a_top_up_that_waited(customer: Customer, one: Actor, two: Actor) -> None:
    owner, _ = customer()
    reference = start(owner, 20_000)
    found = item(held(payer="Company Ltd"))
    wallet.propose_item(found.id, "credit_operation", target=reference, reason="slip seen", actor=one)
    assert available(owner) == 0
    assert wallet.approve_item(found.id, "credit_operation", actor=two) == "assigned"
    assert (operation(reference).state, available(owner), suspense()) == ("succeeded", 20_000, 0)


def test_a_customer_without_a_top_up_is_credited_as_one(customer: Customer, one: Actor, two: Actor) -> None:
    owner, phone = customer()
    found = item(held())
    wallet.propose_item(found.id, "credit_customer", target=phone, reason="called", actor=one)
    wallet.approve_item(found.id, "credit_customer", actor=two)
    assert available(owner) == 20_000 and suspense() == 0


def test_nobody_approves_their_own_proposal(customer: Customer, two: Actor) -> None:
    _, phone = customer()
    found = item(held())
    wallet.propose_item(found.id, "credit_customer", target=phone, reason="called", actor=two)
    with pytest.raises(errors.OwnProposal):
        wallet.approve_item(found.id, "credit_customer", actor=two)
    wallet.decline_item(found.id, reason="wrong", actor=two)
    assert item(found.bank_reference).state == "open" and suspense() == 20_000


def test_an_agent_does_not_approve(customer: Customer, one: Actor) -> None:
    found = item(held())
    with pytest.raises(errors.PermissionMissing):
        wallet.approve_item(found.id, "write", actor=one)


def test_what_was_looked_at_is_what_is_approved(customer: Customer, one: Actor, two: Actor) -> None:
    found = item(held())
    wallet.propose_item(found.id, "write", reason="interest", actor=one)
    with pytest.raises(errors.ItemNotProposed):
        wallet.approve_item(found.id, "return", actor=two)
    assert wallet.approve_item(found.id, "write", actor=two) == "written"
    with pytest.raises(errors.ItemNotProposed):
        wallet.approve_item(found.id, "write", actor=two)
    assert suspense() == 0


@pytest.mark.parametrize(
    ("action", "target"), [("credit_operation", "2222222222"), ("credit_customer", "+8613000000000")]
)
def test_refuses_a_target_that_is_not_there(customer: Customer, one: Actor, action: str, target: str) -> None:
    found = item(held())
    with pytest.raises(errors.TargetUnknown):
        wallet.propose_item(found.id, action, target=target, reason="x", actor=one)  # type: ignore[arg-type]


def test_refuses_a_top_up_of_another_amount_and_no_reason(customer: Customer, one: Actor) -> None:
    owner, _ = customer()
    reference = start(owner, 19_999)
    found = item(held())
    with pytest.raises(errors.TargetUnfit):
        wallet.propose_item(found.id, "credit_operation", target=reference, reason="x", actor=one)
    with pytest.raises(errors.ReasonMissing):
        wallet.propose_item(found.id, "write", reason="  ", actor=one)


@pytest.fixture
def payouts(db: None) -> None:
    account = {"currency": "CNY", "name": "Guitai", "account": "622848001000"}
    policies.publish("payouts", {"accounts": [account]}, Actor("system", "test"))
    policies.forget()


@pytest.mark.parametrize(
    ("said", "state", "left"), [("settled", "returned", 0), ("rejected", "open", 20_000)]
)
def test_money_goes_back_to_its_payer(
    customer: Customer, one: Actor, two: Actor, payouts: None, said: str, state: str, left: int
) -> None:
    found = item(held(payer="Zhang Wei", account="6222-0001"))
    wallet.propose_item(found.id, "return", reason="not ours", actor=one)
    assert wallet.approve_item(found.id, "return", actor=two) == "returning"
    found.refresh_from_db()
    record = rails.payout_record(str(found.return_reference))
    assert record is not None and (record.amount, record.state) == (Money(20_000, "CNY"), "queued")
    with outermost():
        payload = {
            "order_reference": found.return_reference,
            "amount": 20_000,
            "currency": "CNY",
            "code": "account_closed",
        }
        emit(f"rails.payout_{said}", payload)
    settle_topics()
    found.refresh_from_db()
    assert (found.state, suspense()) == (state, left)


def test_a_debit_is_joined_by_hand_or_written(customer: Customer, one: Actor, two: Actor) -> None:
    customer(100_000)
    found = item(held(500, "account fee", credit=False))  # type: ignore[arg-type]
    wallet.propose_item(found.id, "write", reason="fee of November", actor=one)
    assert wallet.approve_item(found.id, "write", actor=two) == "written"
    assert [safe.surplus.minor for safe in wallet.safeguarding()] == [-500]


@pytest.fixture
def on_the_day_of_the_line(db: None) -> Iterator[None]:
    """What was started near the day of a line is likelier: both are of one day here, whatever day it is."""
    with stopped(datetime(2026, 11, 22, 4, tzinfo=UTC)):
        yield


@pytest.mark.usefixtures("on_the_day_of_the_line")
def test_candidates_are_ranked_and_explained(customer: Customer, one: Actor) -> None:
    right, _ = customer(name="王小明")
    other, _ = customer(name="陈晓燕")
    wanted, unlike = start(right, 20_000), start(other, 20_000)
    typo = ("2" if wanted[0] != "2" else "3") + wanted[1:]
    found = item(held(words=typo, payer="Wang Xiaoming"))
    detail = wallet.open_item(found.id, actor=one)
    first = detail.candidates[0]
    assert first.reference == wanted and first.parts["name"] == 95 and first.parts["amount"] == 100
    assert first.parts["reference"] == 75 and first.score > 80
    assert [c.reference for c in detail.candidates[1:]] == [unlike]
    assert detail.payer == "Wang Xiaoming" and "*" in first.owner_masked
