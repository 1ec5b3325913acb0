"""Background work of rails."""

from uuid import UUID

from procrastinate import RetryStrategy

from guitai.kit.jobs import app
from guitai.rails.flows.settle_notice import settle_notice
from guitai.rails.flows.sweep_inbox import sweep_inbox
from guitai.rails.queue import SETTLE


@app.task(name=SETTLE, queue="default", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def settle(inbox_id: str) -> None:
    """Judge one stored message."""
    settle_notice(UUID(inbox_id))


@app.periodic(cron="* * * * *")
@app.task(name="rails.sweep", queue="default", queueing_lock="rails.sweep")
def sweep(timestamp: int) -> None:
    """Each minute: nothing that was stored stays unjudged."""
    sweep_inbox()
