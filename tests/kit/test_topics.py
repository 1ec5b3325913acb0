"""Topics: with their cause or not at all, exactly once, in order, never lost."""

import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction

from guitai.base import clock
from guitai.kit import throttle, topics
from guitai.kit.models import ThrottleCount, Topic
from tests.kit.conftest import at_once

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def handlers(monkeypatch):
    monkeypatch.setattr(topics, "_handlers", {})


def emit(*names: str) -> None:
    with transaction.atomic():
        topics.emit_many([(name, {"n": number}) for number, name in enumerate(names)])


@pytest.mark.django_db(transaction=True)
def test_is_told_only_if_its_cause_commits():
    with pytest.raises(transaction.TransactionManagementError):
        topics.emit("a", {})
    with transaction.atomic():
        topics.emit("undone", {})
        transaction.set_rollback(True)
    emit("done")
    assert list(Topic.objects.values_list("name", flat=True)) == ["done"]


@pytest.mark.django_db
def test_every_handler_sees_every_topic_in_order_and_once():
    seen = []
    topics.on("a", lambda payload: seen.append(("first", payload["n"])))
    topics.on("a", lambda payload: seen.append(("second", payload["n"])))
    emit("a", "unheard", "a")
    assert topics.relay() == 3 and topics.relay() == 0
    assert seen == [("first", 0), ("second", 0), ("first", 2), ("second", 2)]
    assert not Topic.objects.filter(handled_at=None).exists()
    emit()
    assert topics.relay() == 0


@pytest.mark.django_db
def test_takes_no_more_than_asked():
    emit("a", "a", "a")
    assert [topics.relay(2), topics.relay(2)] == [2, 1]


def _break_the_database(payload):
    ThrottleCount.objects.create(bucket="x", key=b"x", window_start=NOON)
    ThrottleCount.objects.create(bucket="x", key=b"x", window_start=NOON)


@pytest.mark.django_db
@pytest.mark.parametrize("failure", ["a bug", "the database"])
def test_a_failing_handler_leaves_no_effects_and_harms_nobody(failure):
    seen = []

    def failing(payload):
        throttle.allow("effect", "1", limit=1, window_s=60)
        if failure == "a bug":
            raise KeyError("personal data")
        _break_the_database(payload)

    topics.on("bad", failing)
    topics.on("good", lambda payload: seen.append(payload["n"]))
    emit("bad", "good")
    assert topics.relay() == 2
    assert seen == [1] and not ThrottleCount.objects.exists()
    bad = Topic.objects.get(name="bad")
    expected = KeyError if failure == "a bug" else IntegrityError
    assert bad.attempts == 1 and bad.handled_at is None and expected.__name__ in bad.error


@pytest.mark.django_db
def test_is_retried_at_growing_intervals_and_never_given_up():
    moments, broken = [], [True]

    def failing(payload):
        moments.append(clock.now())
        if broken[0]:
            raise RuntimeError

    topics.on("bad", failing)
    with clock.stopped(NOON):
        emit("bad")
        topics.relay()
    for _ in range(40):
        due = Topic.objects.get().due_at
        with clock.stopped(due - timedelta(seconds=1)):
            assert topics.relay() == 0
        with clock.stopped(due):
            assert topics.relay() == 1
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(moments)]
    assert pauses == sorted(pauses) and pauses[:4] == [2, 4, 8, 16] and max(pauses) == pauses[-1] == 600
    broken[0] = False
    with clock.stopped(Topic.objects.get().due_at):
        assert topics.relay() == 1
    topic = Topic.objects.get()
    assert topic.handled_at is not None and topic.attempts == 41 and topic.error == ""


@pytest.mark.django_db(transaction=True)
def test_two_relays_handle_each_topic_once():
    seen, lock = [], threading.Lock()

    def slow(payload):
        with lock:
            seen.append(payload["n"])
        time.sleep(0.005)

    topics.on("a", slow)
    emit(*["a"] * 40)
    taken = at_once(3, topics.relay)
    assert sum(taken) == 40 and sorted(seen) == list(range(40))


@pytest.mark.django_db(transaction=True)
def test_a_crash_in_the_middle_undoes_effects_and_mark_together():
    class Crash(BaseException):
        """What no handler of errors sees: the process is gone."""

    def crash(payload):
        throttle.allow("effect", "1", limit=1, window_s=60)
        raise Crash

    topics.on("a", crash)
    emit("a")
    with pytest.raises(Crash):
        topics.relay()
    assert not connection.in_atomic_block and not ThrottleCount.objects.exists()
    assert Topic.objects.get().handled_at is None and Topic.objects.get().attempts == 0


@pytest.mark.django_db
def test_throttle_counts_within_a_window_for_each_key():
    def allow(key="a", bucket="x"):
        return throttle.allow(bucket, key, limit=2, window_s=60)

    with clock.stopped(NOON):
        assert [allow(), allow(), allow()] == [True, True, False]
        assert allow("b") and allow(bucket="y")
    with clock.stopped(NOON + timedelta(seconds=59)):
        assert not allow()
    with clock.stopped(NOON + timedelta(seconds=60)):
        assert allow()
    throttle.forget_old(NOON + timedelta(seconds=60))
    assert ThrottleCount.objects.count() == 1
    assert b"a" not in [bytes(row.key) for row in ThrottleCount.objects.all()]


@pytest.mark.django_db(transaction=True)
def test_throttle_counts_over_all_processes_together():
    with clock.stopped(NOON):
        allowed = at_once(8, lambda: [throttle.allow("x", "a", limit=5, window_s=60) for _ in range(3)])
    assert sum(sum(part) for part in allowed) == 5
    assert ThrottleCount.objects.get().count == 24
