"""Background work of the desk."""

from guitai.desk import api
from guitai.kit.jobs import app


@app.periodic(cron="*/5 * * * *")
@app.task(name="desk.expire_approvals", queue="default", pass_context=False)
def expire_approvals(timestamp: int) -> None:
    """End wishes that nobody decided in time."""
    while api.expire_approvals():
        pass
