"""When a rail is left alone, when one call tries, and what people are told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guitai.rails.rules.breaker import (
    BreakerSettings,
    Pulse,
    answered,
    expected_delay,
    failed,
    passage,
    probing,
    state_of,
)

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SETTINGS = BreakerSettings()


def after(outcomes: str, pulse: Pulse | None = None, at: datetime = AT, took_ms: int = 100) -> Pulse:
    """`+` is an answer, `-` none."""
    pulse = pulse or Pulse(window_at=at)
    for outcome in outcomes:
        pulse = (answered if outcome == "+" else failed)(pulse, at, took_ms, SETTINGS)
    return pulse


@pytest.mark.parametrize(
    ("outcomes", "circuit", "state"),
    [
        ("", "closed", "ok"),
        ("+++++", "closed", "ok"),
        ("+-++++++++", "closed", "ok"),
        ("-+-++", "closed", "slow"),
        ("----", "closed", "slow"),
        ("-----", "open", "down"),
        ("+-----", "open", "down"),
        ("+-+-+-+-+", "closed", "slow"),
        ("+-+-+-+-+-", "open", "down"),
        ("++----++--", "open", "down"),
        ("++----++--+", "closed", "ok"),
    ],
)
def test_outcomes_come_to_a_state(outcomes: str, circuit: str, state: str) -> None:
    pulse = after(outcomes)
    assert (pulse.circuit, state_of(pulse, AT, SETTINGS)) == (circuit, state)


def test_slow_answers_are_slow() -> None:
    assert state_of(after("+", took_ms=2_999), AT, SETTINGS) == "ok"
    assert state_of(after("+", took_ms=3_000), AT, SETTINGS) == "slow"
    assert state_of(after("+", took_ms=3_000), AT + timedelta(minutes=2), SETTINGS) == "ok"


def test_an_open_circuit_lets_nobody_through_then_one() -> None:
    pulse = after("-----")
    assert passage(pulse, AT) == "refuse"
    assert passage(pulse, AT + timedelta(seconds=15)) == "probe"
    trying = probing(pulse, AT + timedelta(seconds=15), SETTINGS)
    assert passage(trying, AT + timedelta(seconds=20)) == "refuse"
    assert passage(trying, AT + timedelta(seconds=76)) == "probe", "whoever tried is dead"


def test_an_answer_closes_it_and_a_failure_opens_it_for_longer() -> None:
    pulse, at, pauses = after("-----"), AT, []
    for _ in range(8):
        assert pulse.probe_at is not None
        pauses.append((pulse.probe_at - at).total_seconds())
        at = pulse.probe_at
        pulse = failed(probing(pulse, at, SETTINGS), at, 5, SETTINGS)
    assert pauses == [15, 30, 60, 120, 240, 300, 300, 300]
    assert pulse.opened_at == AT, "the outage began when it began"
    closed = answered(pulse, at, 5, SETTINGS)
    assert (closed.circuit, closed.failures, state_of(closed, at, SETTINGS)) == ("closed", 0, "ok")


def test_one_that_falls_again_at_once_is_left_alone_for_longer_and_a_quiet_time_forgives() -> None:
    again = after("+-----", after("-----"))
    assert again.probe_at == AT + timedelta(seconds=30)
    calm = after("+" * 12, after("-----"))
    assert after("-----", calm).probe_at == AT + timedelta(seconds=15)


@pytest.mark.parametrize(
    ("state", "lasted_s", "queue", "expected_s"),
    [
        ("ok", 0, 0, 0),
        ("ok", 9_999, 5, 0),
        ("ok", 0, 6_000, 600),
        ("slow", 300, 0, 60),
        ("down", 30, 0, 60),
        ("down", 600, 1_200, 720),
        ("down", 10**9, 0, 3 * 86_400),
    ],
)
def test_the_expected_delay_is_said_in_whole_minutes(
    state: Any, lasted_s: int, queue: int, expected_s: int
) -> None:
    since = AT - timedelta(seconds=lasted_s)
    assert expected_delay(state, since, AT, queue, 600) == timedelta(seconds=expected_s)
