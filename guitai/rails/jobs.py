"""Background work of rails."""

from uuid import UUID

from procrastinate import RetryStrategy

from guitai.kit.jobs import app
from guitai.rails.flows.file_payouts import file_payouts
from guitai.rails.flows.import_statement import import_statement
from guitai.rails.flows.settle_notice import settle_notice
from guitai.rails.flows.sweep_inbox import sweep_inbox
from guitai.rails.flows.sweep_statements import sweep_statements
from guitai.rails.flows.watch_folder import watch_folder
from guitai.rails.queue import IMPORT, SETTLE


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


@app.periodic(cron="* * * * *")
@app.task(name="rails.watch_statements", queue="default", queueing_lock="rails.watch_statements")
def watch_statements(timestamp: int) -> None:
    """Each minute: what lies in the drop folder is taken in, and no kept file stays unread."""
    watch_folder()
    sweep_statements()


@app.periodic(cron="* * * * *")
@app.task(name="rails.file_payouts", queue="default", queueing_lock="rails.file_payouts")
def send_payouts(timestamp: int) -> None:
    """Each minute: payouts that are due leave for the bank, and what a crash left half-way is brought to its end."""
    file_payouts()
