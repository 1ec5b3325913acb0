"""Background work of notify."""

from uuid import UUID

from guitai.kit.jobs import app
from guitai.notify.flows.deliver import deliver as deliver_one
from guitai.notify.flows.deliver import deliver_due as deliver_all_due


@app.task(name="notify.deliver", queue="default")
def deliver(delivery: str) -> None:
    """Bring one delivery out; when the gateway fails, the row says when to try again."""
    deliver_one(UUID(delivery))


@app.periodic(cron="* * * * *")
@app.task(name="notify.deliver_due", queue="default", queueing_lock="notify.deliver_due")
def deliver_due(timestamp: int) -> None:
    """Each minute: whatever is due and has not gone out."""
    deliver_all_due()
