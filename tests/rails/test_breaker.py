"""Every call to a rail is counted by all processes together; a rail that is down is left alone and said to be."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from guitai.audit.api import entries_about
from guitai.base.clock import stopped
from guitai.rails import api, breaker
from guitai.rails.errors import RailUnavailable, RailUnsupported
from guitai.rails.models import RailState
from guitai.rails.types import Payout
from tests.rails.conftest import topics
from tests.rails.scripted import AMOUNT, CODE, DOWN, NOON, REFERENCE, ScriptedRail, declined
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def call(*steps: Any, at: datetime = NOON, forced: bool = False) -> None:
    """Calls that come to these outcomes."""

    def do(step: Any) -> Any:
        if isinstance(step, BaseException):
            raise step
        return step

    with stopped(at):
        for step in steps:
            try:
                breaker.through(CODE, lambda step=step: do(step), forced=forced)
            except (RailUnavailable, type(step)):
                pass


def health(at: datetime = NOON) -> Any:
    with stopped(at):
        return api.health_of(CODE)


def test_a_rail_that_does_not_answer_is_left_alone_and_comes_back(scripted: ScriptedRail) -> None:
    call(*[DOWN] * 5)
    found = health(NOON + timedelta(seconds=10))
    assert (found.state, found.since, found.problem) == ("down", NOON, "ReadTimeout")
    made: list[int] = []
    with stopped(NOON + timedelta(seconds=10)), pytest.raises(RailUnavailable) as refused:
        breaker.through(CODE, lambda: made.append(1))
    assert refused.value.facts["problem"] == "circuit_open" and made == []
    call("answer", at=NOON + timedelta(seconds=15))
    assert health(NOON + timedelta(seconds=15)).state == "ok"
    changes = [payload for name, payload in topics() if name == "rails.health_changed"]
    assert changes == [
        {"rail": CODE, "state": "slow"},
        {"rail": CODE, "state": "down"},
        {"rail": CODE, "state": "ok"},
    ]
    assert [entry.entry.action for entry in entries_about(("rail", CODE))] == ["rails.health_changed"] * 3


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [
        (declined(), (1, 0)),
        (DOWN, (1, 1)),
        (ValueError("a library's own"), (1, 1)),
        ("answer", (1, 0)),
        (RailUnavailable(rail=CODE, problem="not_configured"), None),
        (RailUnavailable(rail=CODE, problem="key_missing"), None),
        (RailUnsupported(rail=CODE, verb="query"), None),
    ],
)
def test_only_what_the_rail_did_counts(
    scripted: ScriptedRail, outcome: Any, counted: tuple[int, int] | None
) -> None:
    call(outcome)
    found = RailState.objects.filter(rail=CODE).values_list("calls", "failures").first()
    assert found == counted


def test_a_person_may_try_while_it_is_down(scripted: ScriptedRail) -> None:
    call(*[DOWN] * 5)
    call("answer", at=NOON + timedelta(seconds=1), forced=True)
    assert health().state == "ok"


def test_time_alone_ends_slow_and_it_is_told(scripted: ScriptedRail) -> None:
    call(DOWN, DOWN)
    later = NOON + timedelta(minutes=5)
    assert (health().state, health(later).state) == ("slow", "ok")
    with stopped(later):
        breaker.watch(CODE)
        breaker.watch(CODE)
    assert [payload["state"] for _, payload in topics()] == ["slow", "ok"]


def test_the_queue_and_an_honest_delay(scripted: ScriptedRail) -> None:
    with stopped(NOON - timedelta(minutes=1)), transaction.atomic():
        api.start_payout(Payout(REFERENCE, AMOUNT, "林月", "6222"), rail=CODE)
    call(*[DOWN] * 5, at=NOON - timedelta(minutes=7))
    found = health()
    assert (found.queue_length, found.oldest_waiting) == (1, NOON - timedelta(minutes=1))
    assert found.expected_delay == timedelta(minutes=7), "as long again as it has lasted"
    assert CODE in [one.rail for one in api.health()]


@pytest.mark.django_db(transaction=True)
def test_processes_count_together_and_one_tries(scripted: ScriptedRail) -> None:
    def fail() -> None:
        with pytest.raises(RailUnavailable):
            breaker.through(CODE, _down)

    with stopped(NOON):
        at_once([fail] * 5)
    assert RailState.objects.get(rail=CODE).failures == 5
    tried: list[int] = []
    with stopped(NOON + timedelta(seconds=20)):
        outcomes = at_once([_trying(tried)] * 4)
    assert len(tried) == 1, "one call tries, the others wait for it"
    assert sum(isinstance(one, RailUnavailable) for one in outcomes) == 3


def _down() -> None:
    raise DOWN


def _trying(tried: list[int]) -> Callable[[], object]:
    def work() -> object:
        breaker.admit(CODE)
        tried.append(1)
        return None

    return work
