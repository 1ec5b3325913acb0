"""Background work of rails."""

from uuid import UUID

from procrastinate import RetryStrategy

from guitai.base.clock import now
from guitai.kit.jobs import app
from guitai.rails import breaker
from guitai.rails.adapters import RAILS
from guitai.rails.flows.errands import due, run_errands
from guitai.rails.flows.fetch_statements import fetch_statements
from guitai.rails.flows.file_payouts import file_payouts
from guitai.rails.flows.import_statement import import_statement
from guitai.rails.flows.query_orders import due_orders, run_queries
from guitai.rails.flows.settle_notice import settle_notice
from guitai.rails.flows.sweep_inbox import sweep_inbox
from guitai.rails.flows.sweep_statements import forget_half_received, sweep_statements
from guitai.rails.flows.watch_folder import watch_folder
from guitai.rails.queue import ERRANDS, IMPORT, QUERIES, SETTLE, defer_turn
from guitai.rails.rail_reads import WORKS

# A sixth field counts seconds. A listing and a query cost nothing; whoever waits for a withdrawal does.
_EVERY_FEW_SECONDS = "* * * * * */5"
# A long queue leaves in two rows beside each other; more would take the worker from everybody else.
_LANES, _LONG_QUEUE = 2, 20


@app.task(name=SETTLE, queue="default", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def settle(inbox_id: str) -> None:
    """Judge one stored message."""
    settle_notice(UUID(inbox_id))


@app.periodic(cron="* * * * *")
@app.task(name="rails.sweep", queue="default", queueing_lock="rails.sweep")
def sweep(timestamp: int) -> None:
    """Each minute: nothing that was stored stays unjudged."""
    sweep_inbox()


@app.task(name=IMPORT, queue="default", retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def read_statement(file_id: str) -> None:
    """Read one kept statement file."""
    import_statement(UUID(file_id))


@app.periodic(cron=_EVERY_FEW_SECONDS)
@app.task(
    name="rails.watch_statements", queue="default", queueing_lock="rails.watch_statements", lock="rails.watch"
)
def watch_statements(timestamp: int) -> None:
    """What lies in the drop folder is taken in."""
    watch_folder()


@app.periodic(cron="* * * * *")
@app.task(name="rails.sweep_statements", queue="default", queueing_lock="rails.sweep_statements")
def sweep_kept_statements(timestamp: int) -> None:
    """Each minute: no kept file stays unread, and none stays half taken in."""
    sweep_statements()
    forget_half_received()


@app.periodic(cron=_EVERY_FEW_SECONDS)
@app.task(name="rails.file_payouts", queue="default", queueing_lock="rails.file_payouts")
def send_payouts(timestamp: int) -> None:
    """Payouts that are due leave for the bank, and what a crash left half-way is brought to its end."""
    file_payouts()


@app.task(name=ERRANDS, queue="default")
def errands(rail: str) -> None:
    """One turn of a rail's payments out and refunds."""
    run_errands(rail, WORKS)


@app.task(name=QUERIES, queue="default")
def queries(rail: str) -> None:
    """One turn of asking a rail about orders."""
    run_queries(rail)


@app.periodic(cron=_EVERY_FEW_SECONDS)
@app.task(name="rails.turns", queue="default", queueing_lock="rails.turns")
def turns(timestamp: int) -> None:
    """Every rail that has something to do and is not left alone gets its turns."""
    moment = now()
    for rail in RAILS:
        length = due(rail, WORKS, moment)
        for lane in range(_LANES if length > _LONG_QUEUE else min(length, 1)):
            defer_turn(ERRANDS, rail, lane)
        if due_orders(rail, moment):
            defer_turn(QUERIES, rail)


@app.periodic(cron="* * * * *")
@app.task(name="rails.watch_health", queue="default", queueing_lock="rails.watch_health")
def watch_health(timestamp: int) -> None:
    """Each minute: a rail that is better, or that nobody calls, is not called slow any more."""
    for rail in RAILS:
        breaker.watch(rail)


@app.periodic(cron="20 * * * *")
@app.task(name="rails.fetch_statements", queue="default", queueing_lock="rails.fetch_statements")
def fetch_bills(timestamp: int) -> None:
    """Each hour: the bills of gateways that are not here yet; most are ready the next morning."""
    fetch_statements()
