"""What the worker does, as steps of the simulation: topics, jobs, what happens each minute, the sealer.

The queue's own worker goes by the server's clock; here its table is read by the simulation's. A job whose process
died stays `doing` until it is queued again, as in earnest.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection

from guitai.audit import api as audit
from guitai.kit import topics
from guitai.kit.jobs import app
from guitai.notify import api as notify
from guitai.rails.flows.errands import run_errands
from guitai.rails.rail_reads import WORKS
from tests.machine.simulation.gateways import PAYING
from tests.machine.simulation.world import World

_JOBS_A_STEP = 6
# What moves money is what most of the faults are for.
_MONEY = ("rails.", "wallet.")
# A gateway gives bills of a month: a worker that was away for longer would be another story.
_HOURLY = ("rails.fetch_statements", "wallet.close_days")


def relay(world: World) -> None:
    """Topics are handed on, a few at a time."""
    limit = world.chance.randint(1, 8)
    answer = world.attempt("relay", lambda: topics.relay(limit))
    world.say(f"relays: {answer.how} {answer.value}")


def jobs(world: World) -> None:
    """Some of the jobs that are due, in any order."""
    due = _due(world)
    for job in world.chance.sample(due, min(len(due), world.chance.randint(1, _JOBS_A_STEP))):
        run_job(world, *job)


def turn(world: World) -> None:
    """What waits for a gateway that pays out leaves, and what it owes an answer about is asked about."""
    rail = world.chance.choice(tuple(PAYING))
    answer = world.attempt("turn", lambda: run_errands(rail, WORKS))
    world.say(f"a turn for {rail}: {answer.how} {answer.value}")


def each_minute(world: World) -> None:
    """One of the duties that the clock starts: deadlines, the inbox, messages that were left."""
    duties = periodic()
    if world.chance.random() < 0.7:
        duties = [duty for duty in duties if duty[0].startswith(_MONEY)]
    name, work = world.chance.choice(duties)
    world.machine.sms_fails = world.chance.random() < 0.3
    answer = world.attempt(name, lambda: work(int(world.now.timestamp())))
    world.machine.sms_fails = False
    world.say(f"{name}: {answer.how}")


def each_day(world: World) -> None:
    """What runs each hour has run at least once when a day is over, however far the clock has jumped."""
    for name, work in periodic():
        if name in _HOURLY:
            answer = world.attempt(name, lambda work=work: work(int(world.now.timestamp())))
            world.say(f"{name}: {answer.how}")


def seal(world: World) -> None:
    """A link of the audit chain."""
    answer = world.attempt("seal", audit.seal)
    world.say(f"seals: {answer.how}")


def take_back_jobs(world: World) -> None:
    """What dead workers left `doing` is queued again."""
    with connection.cursor() as cursor:
        # Of what was queued again meanwhile there is no need of two.
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status = 'doing' AND EXISTS (SELECT 1 FROM procrastinate_jobs w"
            " WHERE w.status = 'todo' AND w.queueing_lock = j.queueing_lock)"
        )
        dropped = cursor.rowcount
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")
        if cursor.rowcount or dropped:
            world.say(f"{cursor.rowcount} jobs of dead workers are queued again, {dropped} were")


def run_job(world: World, number: int, name: str, arguments: dict[str, Any], attempts: int) -> None:
    """One job, from its being taken to its being done; the worker may die in it or just after."""
    task = app.tasks[name]
    if not _take(number):
        return
    world.machine.sms_fails = world.faults and world.chance.random() < 0.2
    try:
        answer = world.attempt(name, lambda: task.func(**arguments))
    except Exception as error:
        world.say(f"job {name} failed: {type(error).__name__} {error}")
        raise
    finally:
        world.machine.sms_fails = False
    world.say(f"job {name}: {answer.how}")
    struck = world.wire.struck
    if answer.how == "told" and not (world.faults and world.chance.random() < 0.02):
        _remove(number)
    elif struck is not None and struck.kind == "cut":
        _fail(world, number, name, attempts + 1)


def periodic() -> list[tuple[str, Callable[[int], Any]]]:
    """Every duty that a room has registered, by name."""
    registered = app.periodic_registry.periodic_tasks.values()
    return sorted(((item.task.name, item.task.func) for item in registered), key=lambda item: item[0])


def drain(world: World, *, only_money: bool = False) -> None:
    """Everything that is due now, and what comes of it, without a fault."""
    take_back_jobs(world)
    _empty(world)
    for name, work in periodic():
        if only_money and (not name.startswith(_MONEY) or name == _HOURLY[1]):
            continue
        work(int(world.now.timestamp()))
    _empty(world)
    notify.deliver_due()


def _empty(world: World) -> None:
    """No topic and no job is left that is due."""
    busy = True
    while busy:
        busy = False
        while topics.relay():
            busy = True
        for job in _due(world):
            run_job(world, *job)
            busy = True


def open_jobs() -> list[tuple[Any, ...]]:
    """Jobs that have not ended well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status, args, scheduled_at FROM procrastinate_jobs ORDER BY id")
        return list(cursor.fetchall())


def _due(world: World) -> list[tuple[int, str, dict[str, Any], int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args, attempts FROM procrastinate_jobs j WHERE status = 'todo'"
            " AND (scheduled_at IS NULL OR scheduled_at <= %s) AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs d"
            " WHERE d.status = 'doing' AND d.lock = j.lock) ORDER BY id LIMIT 200",
            [world.now],
        )
        return [
            (number, name, json.loads(arguments) if isinstance(arguments, str) else arguments, attempts)
            for number, name, arguments, attempts in cursor.fetchall()
        ]


def _take(number: int) -> bool:
    """Begin a job, unless another one that must not run beside it is being done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs j SET status = 'doing', attempts = attempts + 1 WHERE id = %s AND NOT EXISTS"
            " (SELECT 1 FROM procrastinate_jobs d WHERE d.status = 'doing' AND d.lock = j.lock)",
            [number],
        )
        return cursor.rowcount == 1


def _remove(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])


def _fail(world: World, number: int, name: str, attempts: int) -> None:
    """As its retry strategy says; a job that has none is left to the duties that look for what was lost."""
    strategy: Any = app.tasks[name].retry_strategy
    if strategy is None or attempts >= strategy.max_attempts:
        _remove(number)
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'todo', scheduled_at = %s WHERE id = %s",
            [world.now + timedelta(seconds=2**attempts), number],
        )


DUTIES: dict[Callable[[World], None], int] = {
    relay: 16,
    jobs: 16,
    each_minute: 16,
    turn: 5,
    seal: 2,
    take_back_jobs: 1,
}
