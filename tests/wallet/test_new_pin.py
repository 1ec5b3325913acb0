"""While a payment PIN is new that took the place of a forgotten one, little leaves; then everything as before."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from guitai.audit import purposes
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.flows.set_pin import choose_pin
from guitai.wallet import api as wallet
from tests.wallet.conftest import new_phone, send
from tests.wallet.withdrawing import opened

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
NEW = "314159"
NOON = now().replace(hour=4, minute=0, second=0, microsecond=0)


def replaced(owner: UUID, proof: str = "sms") -> None:
    choose_pin(owner, NEW, replaced_with=proof)


def test_at_most_so_much_a_day_leaves_and_the_review_says_the_same(customer: Customer) -> None:
    (owner, _), (_, phone) = customer(1_000_000), customer()
    with stopped(NOON):
        replaced(owner)
        assert send(owner, phone, 60_000, pin=NEW).outcome == "approved"
        review = wallet.dry_run_transfer(owner, phone=phone, amount=Money(40_001, "CNY"))
        refused = send(owner, phone, 40_001, pin=NEW)
        assert (review.code, refused.code) == ("limit_new_pin", "limit_new_pin")
        facts = dict(refused.facts)
        assert (
            facts["limit"] == Money(100_000, "CNY").fact()
            and facts["remaining"] == Money(40_000, "CNY").fact()
        )
        assert facts["resets_at"] == (NOON + timedelta(hours=24)).isoformat()
        assert str(facts["policy"]).startswith("new_pin@")
        assert send(owner, phone, 40_000, pin=NEW).outcome == "approved"
        assert wallet.new_pin_until(owner) == NOON + timedelta(hours=24)
        shown = {(one.kind, one.window): one.limit.minor for one in wallet.limits_of(owner, ("transfer", "top_up"))
                 if one.currency == "CNY"}  # fmt: skip
        assert shown["transfer", "day"] == shown["transfer", "once"] == 100_000 < shown["top_up", "day"]
    with stopped(NOON + timedelta(hours=24, seconds=1)):
        assert wallet.new_pin_until(owner) is None
        assert send(owner, phone, 500_000, pin=NEW).outcome == "approved"


def test_nothing_leaves_where_the_policy_says_so_and_withdrawals_count_too(tmp_path: Path) -> None:
    till = opened(tmp_path)
    owner, account = till.customer(100_000)
    policies.publish("new_pin", {"hours": 48, "day": {"CNY": 0}}, SYSTEM)
    with till.at():
        replaced(owner)
        assert send(owner, new_phone(), 1, pin=NEW).code == "limit_new_pin"
    till.later(hours=47)
    assert till.withdraw(owner, account, 5_000, pin=NEW).code == "limit_new_pin"
    till.later(hours=2)
    assert till.withdraw(owner, account, 5_000, pin=NEW).outcome == "approved"


@pytest.mark.parametrize(
    ("proof", "lowered"), [("sms", True), ("identity", True), ("passkey", False), ("totp", False)]
)
def test_what_a_thief_has_with_the_phone_lowers_it(customer: Customer, proof: str, lowered: bool) -> None:
    owner, _ = customer(1_000_000)
    replaced(owner, proof)
    assert (wallet.new_pin_until(owner) is not None) is lowered
    assert (send(owner, new_phone(), 200_000, pin=NEW).code == "limit_new_pin") is lowered


def test_a_pin_that_was_only_changed_lowers_nothing(customer: Customer) -> None:
    owner, _ = customer(1_000_000)
    choose_pin(owner, NEW)
    assert wallet.new_pin_until(owner) is None
    assert send(owner, new_phone(), 200_000, pin=NEW).outcome == "approved"


def test_after_staff_ended_it_too(customer: Customer, staff_purpose: Purpose) -> None:
    owner, _ = customer(1_000_000)
    with outermost():
        people.forget_pin(owner, SYSTEM, purpose=staff_purpose)
    assert send(owner, new_phone(), 1, pin=NEW).code == "pin_not_set"
    choose_pin(owner, NEW)
    assert send(owner, new_phone(), 200_000, pin=NEW).code == "limit_new_pin"
    assert send(owner, new_phone(), 90_000, pin=NEW).outcome == "approved"


@pytest.fixture
def staff_purpose(monkeypatch: pytest.MonkeyPatch) -> Purpose:
    monkeypatch.setitem(purposes._checkers, "test", lambda actor, purpose: True)
    return Purpose("test", "1", "asked")
