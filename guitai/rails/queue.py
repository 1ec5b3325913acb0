"""Putting work on the queue by name: flows and jobs both need it, and neither may import the other twice."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from guitai.kit.jobs import app

SETTLE = "rails.settle"
IMPORT = "rails.import_statement"
ERRANDS = "rails.errands"
QUERIES = "rails.queries"


def defer_settlement(inbox_id: UUID, at: datetime | None = None) -> None:
    """Have a stored message judged, now or at a moment; commits with the caller's transaction."""
    app.configure_task(SETTLE, queue="default", schedule_at=at).defer(inbox_id=str(inbox_id))


def defer_import(file_id: UUID) -> None:
    """Have a kept statement file read; commits with the caller's transaction."""
    app.configure_task(IMPORT, queue="default").defer(file_id=str(file_id))


def nudge_errands(rail: str) -> None:
    """Have a rail's errands looked at once this transaction is durable; a periodic job looks anyway."""
    transaction.on_commit(lambda: defer_turn(ERRANDS, rail))


def nudge_queries(rail: str) -> None:
    """Have a rail's orders asked about once this transaction is durable; a periodic job does so anyway."""
    transaction.on_commit(lambda: defer_turn(QUERIES, rail))


def defer_turn(task: str, rail: str, lane: int = 0) -> bool:
    """Queue one turn for a rail unless one waits already; turns of one lane never run beside each other."""
    name = f"{task}:{rail}:{lane}"
    try:
        with transaction.atomic():
            app.configure_task(task, queue="default", lock=name, queueing_lock=name).defer(rail=rail)
    except AlreadyEnqueued:
        return False
    return True
