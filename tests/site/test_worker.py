"""The worker: one leads, and jobs of the dead are taken back."""

import asyncio
import threading
import time

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection, connections

from guitai.kit.jobs import app
from guitai.site import worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_jobs_of_others(transactional_db):
    """Tests that really commit leave jobs behind: the queue's tables are not among those that are flushed."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def ticks(monkeypatch):
    """What the ticker did, instead of doing it."""
    done = {"relay": 0, "seal": 0}

    def relay():
        done["relay"] += 1
        return 0

    def seal():
        done["seal"] += 1
        return 0

    monkeypatch.setattr(worker, "relay", relay)
    monkeypatch.setattr(worker, "seal", seal)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    return done


def own_connection():
    return psycopg.connect(**worker._own_parameters(), autocommit=True)


def test_only_one_worker_relays_and_seals(ticks):
    with own_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [worker._LEADER_LOCK])
        with own_connection() as own:
            worker._lead(own, threading.Event())  # comes back at once: somebody else leads
    assert ticks == {"relay": 0, "seal": 0}


def test_a_notice_wakes_the_ticker_at_once(ticks, monkeypatch):
    monkeypatch.setattr(worker, "_TICK_S", 30.0)
    stop = threading.Event()
    with own_connection() as own:
        thread = threading.Thread(target=worker._lead, args=(own, stop))
        thread.start()
        deadline = time.monotonic() + 5
        while ticks["relay"] == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.1)
        stop.set()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [worker.CHANNEL])
        thread.join(5)
        assert not thread.is_alive()
    assert ticks["seal"] == 1


def test_work_that_fails_does_not_end_the_ticker():
    def broken():
        raise ValueError("one bad row")

    worker._tell(broken)
    with pytest.raises(DatabaseError):
        worker._tell(lambda: connection.cursor().execute("SELECT nothing"))


def _requeue() -> None:
    """One look at what dead workers have left."""

    async def look():
        await worker._requeue(app.job_manager)
        await sync_to_async(connections.close_all)()

    asyncio.run(look())


def test_jobs_of_a_dead_worker_are_taken_back():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 minute'), (now()) RETURNING id"
        )
        dead, living = (row[0] for row in cursor.fetchall())
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, worker_id) VALUES "
            "('default', 'left', 0, '{}', 'doing', %s), ('default', 'running', 0, '{}', 'doing', %s)",
            [dead, living],
        )
    _requeue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status FROM procrastinate_jobs ORDER BY id")
        assert cursor.fetchall() == [("left", "todo"), ("running", "doing")]


def test_what_was_queued_again_meanwhile_does_not_wait_for_a_dead_worker():
    """Turns of one lane: the dead one holds the lane's lock, and another turn waits for it already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        )
        (dead,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, worker_id, lock,"
            " queueing_lock) VALUES ('default', 'turn', 0, '{}', 'doing', %s, 'lane', 'lane'),"
            " ('default', 'turn', 0, '{}', 'todo', NULL, 'lane', 'lane'),"
            " ('default', 'left', 0, '{}', 'doing', %s, NULL, NULL)",
            [dead, dead],
        )
    _requeue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status FROM procrastinate_jobs ORDER BY id")
        assert cursor.fetchall() == [("turn", "todo"), ("left", "todo")]
