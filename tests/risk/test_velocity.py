"""The rules about speed and trust, as tables."""

from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.base.actor import SYSTEM
from guitai.base.money import EXPONENTS, MINOR_MAX, Money
from guitai.kit import policies
from guitai.kit.explain import codes, explain
from guitai.kit.policies import PolicyInvalid
from guitai.risk import api
from guitai.risk.policy import DEFAULT
from guitai.risk.rules.velocity import VelocityPolicy, first_hold
from guitai.risk.types import Features

OWNER = UUID(int=1)


def features(
    amount: int, sent: int = 0, count: int = 0, new: bool = False, currency: str = "CNY"
) -> Features:
    return Features(OWNER, amount, currency, sent, count, new)


@pytest.mark.parametrize(
    ("movement", "reason"),
    [
        (features(1), None),
        (features(500_000, new=True), None),
        (features(500_001, new=True), "held_new_payee"),
        (features(500_001), None),
        (features(5_000_000), None),
        (features(5_000_001), "held_amount_a_day"),
        (features(1, sent=4_999_999), None),
        (features(2, sent=4_999_999), "held_amount_a_day"),
        (features(1, sent=5_000_000), "held_amount_a_day"),
        (features(1, count=19), None),
        (features(1, count=20), "held_count_an_hour"),
        (features(6_000_000, sent=1, count=50, new=True), "held_new_payee"),
        (features(6_000_000, count=50), "held_amount_a_day"),
        (features(100_000, new=True, currency="JPY"), None),
        (features(100_001, new=True, currency="JPY"), "held_new_payee"),
        (features(MINOR_MAX, sent=MINOR_MAX), "held_amount_a_day"),
    ],
)
def test_each_movement_has_one_answer(movement: Features, reason: str | None) -> None:
    hold = first_hold(movement, DEFAULT)
    assert (hold.reason if hold else None) == reason


def test_a_currency_that_the_operator_forgot_is_held() -> None:
    policy = VelocityPolicy((Money(100, "CNY"),), 5, (Money(100, "CNY"),))
    hold = first_hold(features(1, currency="USD"), policy)
    assert hold is not None
    assert hold.reason == "held_amount_a_day"


def test_every_currency_has_a_default() -> None:
    for thresholds in (DEFAULT.amount_a_day, DEFAULT.new_payee_above):
        assert {threshold.currency for threshold in thresholds} == set(EXPONENTS)


@given(st.integers(1, MINOR_MAX), st.integers(0, MINOR_MAX), st.integers(0, 1000), st.booleans())
def test_more_money_is_never_judged_more_mildly(amount: int, sent: int, count: int, new: bool) -> None:
    held = first_hold(features(amount, sent, count, new), DEFAULT)
    more = first_hold(features(amount + 1, sent + 1, count + 1, new), DEFAULT)
    assert held is None or more is not None


@pytest.mark.django_db
def test_the_door_judges_in_order_and_pins_the_policy() -> None:
    policies.forget()
    judge = api.assessor([OWNER])
    first, second = judge(features(1)), judge(features(500_001, new=True))
    assert (first.outcome, first.reason, first.facts) == ("pass", None, {})
    assert (second.outcome, second.policy_pin) == ("hold", "velocity@0")
    assert second.facts == {
        "amount": {"amount": 500_001, "currency": "CNY"},
        "threshold": {"amount": 500_000, "currency": "CNY"},
    }


@pytest.mark.django_db
def test_a_published_policy_is_in_force_and_pinned() -> None:
    policies.publish("velocity", msgspec.structs.replace(DEFAULT, count_an_hour=1), SYSTEM)
    answer = api.assessor([OWNER])(features(1, count=1))
    assert (answer.reason, answer.policy_pin) == ("held_count_an_hour", "velocity@1")
    policies.forget()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"count_an_hour": -1},
        {"count_an_hour": "20"},
        {"amount_a_day": [{"minor": -1, "currency": "CNY"}]},
        {"amount_a_day": [{"minor": 1.5, "currency": "CNY"}]},
        {"new_payee_above": [{"minor": 1, "currency": "CNY"}, {"minor": 2, "currency": "CNY"}]},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(PolicyInvalid):
        policies.publish("velocity", {**msgspec.to_builtins(DEFAULT), **change}, SYSTEM)


@pytest.mark.parametrize(
    "reason", ["held_new_payee", "held_amount_a_day", "held_count_an_hour", "held_under_review"]
)
def test_a_customer_never_learns_a_threshold(reason: str) -> None:
    facts = {"amount": {"amount": 1, "currency": "CNY"}, "sent_today": 2, "count": 3, "threshold": 987_654}
    assert "threshold" in api.facts_for("agent", reason, facts)  # type: ignore[arg-type]
    assert "threshold" not in api.facts_for("customer", reason, facts)  # type: ignore[arg-type]
    assert api.facts_for("article", reason, facts) == {}  # type: ignore[arg-type]
    assert reason in codes()
    said = explain(reason, facts)
    assert "987" not in said.title + said.reason + said.remedy
