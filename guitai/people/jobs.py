"""Background work of people."""

from guitai.kit.jobs import app
from guitai.people.flows.forget_unfinished import forget_unfinished


@app.periodic(cron="17 * * * *")
@app.task(name="people.forget_unfinished", queue="default", queueing_lock="people.forget_unfinished")
def forget(timestamp: int) -> None:
    """Each hour: sign-ups that were never finished, and codes that are over."""
    forget_unfinished()
