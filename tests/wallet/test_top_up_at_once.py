"""Top-ups and what did not fit them, several at once, against a real database with real commits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.models import Topic
from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet.rules import chart
from tests.threads import at_once
from tests.wallet.conftest import available, new_phone, register, settle_topics
from tests.wallet.test_concurrency import no_jobs_left
from tests.wallet.test_top_up_parked import CHECKER, approve, parked, propose, purpose
from tests.wallet.test_top_up_states import house, park, settle, start, tell

__all__ = ["no_jobs_left"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def refunds_taken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []
    monkeypatch.setattr(rails, "start_refund", lambda *given, **more: asked.append(given[1]))
    return asked


def names(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def test_a_credit_approved_by_everybody_at_once_is_credited_once() -> None:
    one = register(new_phone())
    found = parked(one)
    propose(found)
    results = at_once([lambda: approve(found)] * 4)
    assert names(results) == ["ParkedNotOpen"] * 3 + ["str"]
    assert (available(one), house(chart.SUSPENSE)) == (19_000, 0)
    settle_topics()


def test_a_return_approved_by_everybody_at_once_is_asked_for_once(refunds_taken: list[str]) -> None:
    found = parked(register(new_phone()))
    propose(found, "return")
    results = at_once([lambda: approve(found, "return")] * 4)
    assert names(results) == ["ParkedNotOpen"] * 3 + ["str"] and len(refunds_taken) == 1

    def done() -> None:
        with outermost():
            wallet.note_refund(refunds_taken[0], done=True)

    at_once([done] * 3)
    assert house(chart.SUSPENSE) == 0
    settle_topics()


def test_approving_and_declining_at_once_is_one_of_them() -> None:
    one = register(new_phone())
    found = parked(one)
    propose(found)

    def decline() -> None:
        wallet.decline_parked(found.id, reason="no", actor=CHECKER, purpose=purpose(found))

    at_once([lambda: approve(found), decline])
    credited = wallet.parked_payment(found.id).state == "credited"
    assert (available(one), house(chart.SUSPENSE)) == ((19_000, 0) if credited else (0, 19_000))
    settle_topics()


def test_a_credit_and_the_right_money_for_the_same_top_up_at_once() -> None:
    one = register(new_phone())
    found = parked(one)
    propose(found)
    at_once([lambda: approve(found), lambda: settle(found.reference)])
    assert (available(one), house(chart.SUSPENSE)) == (39_000, 0)
    assert wallet.operation(one, found.reference).view.state == "succeeded"
    settle_topics()


def test_the_same_parked_notice_at_once_is_set_aside_once() -> None:
    started = start(register(new_phone()))
    at_once([lambda: park(started.reference)] * 4)
    assert (len(wallet.parked_of(started.operation_id)), house(chart.SUSPENSE)) == (1, 19_000)
    settle_topics()


@pytest.mark.parametrize("news", ["failed", "processing"])
def test_what_a_rail_says_and_its_proof_at_once_end_in_the_money(news: str) -> None:
    one = register(new_phone())
    reference = start(one).reference
    works: list[Callable[[], object]] = [lambda: tell(reference, news), lambda: settle(reference)]
    at_once(works)
    assert (available(one), wallet.operation(one, reference).view.state) == (20_000, "succeeded")
    settle_topics()


def test_the_same_page_sent_twice_at_once_is_one_order_by_a_rail() -> None:
    one = register(new_phone())
    outcomes = at_once([lambda: start(one, "alipay", "k")] * 3)
    assert len({o.reference for o in outcomes}) == 1  # type: ignore[attr-defined]


def test_everybody_who_finds_it_overdue_at_once_opens_one_case() -> None:
    one = register(new_phone())
    reference = start(one).reference
    tell(reference, "unclear")
    with clock.stopped(clock.now() + timedelta(hours=25)):
        at_once([wallet.mark_overdue] * 4)
        assert Topic.objects.filter(name="wallet.outcome_overdue").count() == 1
        settle_topics()


def test_a_late_payment_that_goes_back_twice_at_once_goes_back_once(refunds_taken: list[str]) -> None:
    one = register(new_phone())
    started = start(one)
    with clock.stopped(clock.now() + timedelta(hours=2)):
        wallet.close_due()
    policies.publish("late_top_ups", {"then": "return", "after_days": 0}, SYSTEM)
    with clock.stopped(clock.now() + timedelta(days=2)):
        at_once([lambda: settle(started.reference)] * 3)
        assert (len(refunds_taken), house(chart.SUSPENSE), available(one)) == (1, 20_000, 0)
        assert [p.amount for p in wallet.parked_of(started.operation_id)] == [Money(20_000, "CNY")]
        settle_topics()
