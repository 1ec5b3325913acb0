"""Putting work on the queue by name: flows and jobs both need it, and neither may import the other twice."""

from datetime import datetime
from uuid import UUID

from guitai.kit.jobs import app

SETTLE = "rails.settle"
IMPORT = "rails.import_statement"


def defer_settlement(inbox_id: UUID, at: datetime | None = None) -> None:
    """Have a stored message judged, now or at a moment; commits with the caller's transaction."""
    app.configure_task(SETTLE, queue="default", schedule_at=at).defer(inbox_id=str(inbox_id))


def defer_import(file_id: UUID) -> None:
    """Have a kept statement file read; commits with the caller's transaction."""
    app.configure_task(IMPORT, queue="default").defer(file_id=str(file_id))
