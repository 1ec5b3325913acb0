"""Give a file up that has not been renamed into the outbox: nobody has seen it, and its payouts wait again."""

from pathlib import Path

from guitai.audit.api import record
from guitai.base.actor import SYSTEM
from guitai.kit.transactions import required
from guitai.rails.models import PayoutFile, PayoutRow
from guitai.rails.policies import payout_settings

DRAFTS = ".drafts"


def draft_of(file: PayoutFile, folder: Path) -> Path:
    """Where a file lies until it is renamed into the outbox; nobody else looks there."""
    return folder / DRAFTS / f"{file.message_id}.xml"


def is_here(file: PayoutFile) -> bool:
    """Whether a file, locked, has certainly not been renamed: it is not drafted yet, or its draft is still there."""
    if file.state == "made":
        return True
    folder = payout_settings().folder
    return file.state == "drafted" and bool(folder) and draft_of(file, Path(folder)).exists()


def drop(file: PayoutFile, why: str) -> None:
    """Put its payouts back into the queue, in the caller's transaction with the file locked.

    The draft is taken away only when this is durable: a drafted file without a draft counts as renamed.
    """
    required()
    file.state = "dropping"
    file.save(update_fields=["state"])
    rows = PayoutRow.objects.select_for_update().filter(file_id=file.id, state="filed").order_by("id")
    ids = [row.id for row in rows]
    PayoutRow.objects.filter(id__in=ids).update(state="queued", file_id=None)
    details = {"message_id": file.message_id, "count": len(ids), "why": why}
    record(SYSTEM, "rails.payouts_unfiled", ("rails.payout_file", str(file.id)), details=details)


def take_away(file: PayoutFile, folder: Path) -> None:
    """What is left of a dropped file, in the caller's transaction with the file locked."""
    required()
    draft_of(file, folder).unlink(missing_ok=True)
    file.state = "dropped"
    file.save(update_fields=["state"])
