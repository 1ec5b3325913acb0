"""Background work of the desk."""

from guitai.desk import api
from guitai.kit.jobs import app


@app.periodic(cron="*/5 * * * *")
@app.task(name="desk.expire_approvals", queue="default", pass_context=False)
def expire_approvals(timestamp: int) -> None:
    """End wishes that nobody decided in time."""
    while api.expire_approvals():
        pass


@app.periodic(cron="* * * * *")
@app.task(
    name="desk.resume_actions", queue="default", pass_context=False, queueing_lock="desk.resume_actions"
)
def resume_actions(timestamp: int) -> None:
    """Finish what a crash left between a call outside and its answer."""
    while api.resume_actions():
        pass
