"""The clock, ids, actors and refusals."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound, Refusal

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_the_clock_is_aware_and_goes_on():
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_the_clock_can_be_stopped_and_goes_on_afterwards():
    with clock.stopped(NOON):
        assert clock.now() == NOON
        with clock.stopped(NOON + timedelta(days=1)):
            assert clock.now() == NOON + timedelta(days=1)
        assert clock.now() == NOON
    with pytest.raises(RuntimeError), clock.stopped(NOON):
        raise RuntimeError
    assert clock.now() != NOON


def test_the_clock_stops_only_at_aware_moments_and_shows_utc():
    with pytest.raises(ValueError, match="aware"), clock.stopped(datetime(2026, 11, 22)):  # noqa: DTZ001
        pass
    shanghai = timezone(timedelta(hours=8))
    with clock.stopped(datetime(2026, 11, 22, 20, tzinfo=shanghai)):
        assert clock.now() == NOON and clock.now().utcoffset() == timedelta(0)


def test_ids_are_version_seven_unique_and_in_order_of_time():
    before = time.time_ns() // 1_000_000
    ids = [new_id() for _ in range(2_000)]
    after = time.time_ns() // 1_000_000
    assert len(set(ids)) == len(ids)
    assert {id_.version for id_ in ids} == {7} and {id_.variant for id_ in ids} == {"specified in RFC 4122"}
    assert all(before <= id_.int >> 80 <= after for id_ in ids)
    milliseconds = [id_.int >> 80 for id_ in ids]
    assert milliseconds == sorted(milliseconds)
    # Both random parts are used to their full width.
    assert len({(id_.int >> 64) & 0xFFF for id_ in ids}) > 1_000


def test_actors_and_refusals_say_what_they_are():
    assert str(SYSTEM) == "system:guitai" and str(Actor("staff", "7")) == "staff:7"
    refusal = Refusal(amount={"amount": 1, "currency": "CNY"})
    assert str(refusal) == "refused" and refusal.facts == {"amount": {"amount": 1, "currency": "CNY"}}
    assert NotFound().code == "not_found" and isinstance(NotFound(), Refusal)
