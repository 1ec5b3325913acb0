"""Background work of the room care."""

from guitai.care import api
from guitai.kit.jobs import app


@app.periodic(cron="*/10 * * * *")
@app.task(name="care.close_resolved", queue="default", pass_context=False)
def close_resolved(timestamp: int) -> None:
    """Close cases whose time for reopening is over."""
    while api.close_resolved():
        pass
