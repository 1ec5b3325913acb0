"""The worker: jobs, topics, the audit sealer, and jobs that a dead worker left behind.

Jobs run in the queue's own worker on the main thread's event loop. Topics and seals run on one thread; of
several workers only the one that holds an advisory lock does them, so that no two seal the same chain.
"""

import asyncio
import gc
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import DatabaseError, close_old_connections, connections
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from guitai.audit.api import seal
from guitai.kit.jobs import app
from guitai.kit.topics import CHANNEL, relay
from guitai.site import metrics

logger = logging.getLogger("guitai.worker")

_TICK_S, _HEARTBEAT_S, _STALLED_S, _REQUEUE_S, _GRACE_S = 1.0, 2.0, 10.0, 5.0, 10.0
_LEADER_LOCK = 7_203_118_002


def run(concurrency: int = 4) -> None:
    """Work until SIGTERM or SIGINT; running jobs may finish first."""
    # What is loaded by now stays: looking through it again and again costs more than most jobs.
    gc.collect()
    gc.freeze()
    stop = threading.Event()
    ticker = threading.Thread(target=_tick, args=(stop,), name="ticker", daemon=True)
    ticker.start()
    try:
        asyncio.run(_work(concurrency, ticker))
    finally:
        stop.set()
        ticker.join(_GRACE_S)
        connections.close_all()


async def _work(concurrency: int, ticker: threading.Thread) -> None:
    # Not `replace_connector`: jobs and topics that defer further jobs must do so in Django's transaction.
    connector: Any = app.connector  # Django's, which knows its counterpart for workers
    with_pool = app.with_connector(connector.get_worker_connector())
    async with with_pool.open_async():
        watch = asyncio.create_task(_watch(with_pool.job_manager, ticker))
        try:
            await with_pool.run_worker_async(
                concurrency=concurrency,
                delete_jobs="successful",
                update_heartbeat_interval=_HEARTBEAT_S,
                stalled_worker_timeout=_STALLED_S,
                shutdown_graceful_timeout=_GRACE_S,
            )
        finally:
            watch.cancel()


async def _requeue(manager: JobManager) -> None:
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_S):
        logger.warning("job %s (%s) was left by a worker that died: queued again", job.id, job.task_name)
        try:
            await manager.retry_job(job)
        except UniqueViolation:
            # The same work was queued meanwhile, and waits for the lock that the dead worker's still holds.
            await manager.finish_job(job, Status.FAILED, delete_job=True)
        metrics.REQUEUED.inc()


async def _watch(manager: JobManager, ticker: threading.Thread) -> None:
    """Take back the jobs of dead workers; end this process when its ticker died, so that it is restarted."""
    while ticker.is_alive():
        try:
            await _requeue(manager)
        except ConnectorException:
            logger.warning("looking for jobs of dead workers failed; trying again")
        await asyncio.sleep(_REQUEUE_S)
    os.kill(os.getpid(), signal.SIGTERM)


def _tick(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with psycopg.connect(**_own_parameters(), autocommit=True) as own:
                _lead(own, stop)
        except (psycopg.Error, DatabaseError) as error:
            logger.warning("the ticker lost the database: %s", type(error).__name__)
        stop.wait(_TICK_S)


def _own_parameters() -> dict[str, Any]:
    """The same database by a connection outside Django's pool: it holds the lock and listens."""
    parameters = connections["default"].get_connection_params()
    for of_django in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(of_django, None)
    return dict(parameters)


def _lead(own: psycopg.Connection, stop: threading.Event) -> None:
    """While the lock is ours: relay on each notice and at least once a second, and seal."""
    row = own.execute("SELECT pg_try_advisory_lock(%s)", [_LEADER_LOCK]).fetchone()
    if row is None or not row[0]:
        return
    own.execute(f"LISTEN {CHANNEL}")
    sealed_at = 0.0
    while not stop.is_set():
        _tell(_relay_all)
        if time.monotonic() - sealed_at >= _TICK_S:
            _tell(_seal)
            sealed_at = time.monotonic()
        for _notice in own.notifies(timeout=_TICK_S, stop_after=1):
            pass


def _tell(work: Callable[[], None]) -> None:
    """One piece of work on a connection of Django's, which is given back after it."""
    try:
        work()
    except DatabaseError:
        raise
    except Exception:  # one bad topic or row must not end the other work of this thread
        logger.exception("the ticker's work failed")
    finally:
        close_old_connections()


def _relay_all() -> None:
    while count := relay():
        metrics.TOPICS.inc(count)


def _seal() -> None:
    metrics.SEALED.inc(seal())
