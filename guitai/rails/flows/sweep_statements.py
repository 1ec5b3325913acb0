"""Put kept statement files back on the queue whose job was lost: a file is always read in the end.

One of which only a part was kept, because whoever took it in died, is forgotten: whoever has it brings it again.
"""

from datetime import timedelta

from guitai.base.clock import now
from guitai.kit.transactions import outermost
from guitai.rails.models import StatementFile, StatementPiece
from guitai.rails.queue import defer_import

# Reading notes its progress every few seconds, even in the largest file.
_GRACE = timedelta(minutes=3)
# Keeping even the largest file is a matter of minutes.
_ABANDONED = timedelta(hours=6)
_LIMIT = 100


def sweep_statements() -> int:
    """Defer what should have moved some minutes ago; gives how many."""
    moment = now()
    with outermost():
        stuck = list(
            StatementFile.objects.select_for_update(skip_locked=True)
            .filter(state__in=("received", "importing"), moved_at__lt=moment - _GRACE)
            .order_by("moved_at")[:_LIMIT]
        )
        for row in stuck:
            # So that the next sweep gives this one its time.
            row.moved_at = moment
            row.save(update_fields=["moved_at"])
            defer_import(row.id)
    return len(stuck)


def forget_half_received() -> int:
    """Drop what nobody has gone on to take in; gives how many files."""
    with outermost():
        left = list(
            StatementFile.objects.select_for_update(skip_locked=True)
            .filter(state="receiving", moved_at__lt=now() - _ABANDONED)
            .values_list("id", flat=True)[:_LIMIT]
        )
        StatementPiece.objects.filter(file_id__in=left).delete()
        StatementFile.objects.filter(id__in=left).delete()
    return len(left)
