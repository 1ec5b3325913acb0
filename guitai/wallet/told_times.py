"""By when somebody was told that money arrives, or that its outcome is known, as their own bill says it."""

from uuid import UUID

from guitai.wallet.models import Operation
from guitai.wallet.types import TimeTold

_WAITING = ("processing", "unknown")
# Of a top-up its outcome was promised, whatever it is; of a withdrawal that it arrives.
_KEPT = {"top_up": ("succeeded", "failed", "returned"), "withdrawal": ("succeeded",)}


def time_told(operation_id: UUID) -> TimeTold | None:
    """See `wallet.api.time_told`."""
    row = Operation.objects.filter(id=operation_id, kind__in=_KEPT).first()
    if row is None:
        return None
    if row.state in _WAITING and row.resolves_by is not None:
        return TimeTold(row.owner, "open", row.resolves_by)
    return TimeTold(row.owner, "kept" if row.state in _KEPT[row.kind] else "void", None)
