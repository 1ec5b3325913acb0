"""What happens by itself: deadlines that pass, payees who can be given their money now."""

from uuid import UUID

from guitai.base.clock import now
from guitai.wallet.flows import intents
from guitai.wallet.models import Operation
from guitai.wallet.till import pipeline
from guitai.wallet.till.submit import submit_all

_BATCH = 200


def close_due() -> int:
    """Close operations whose deadline has passed, a batch at a time; gives how many were looked at."""
    looked_at = 0
    while rows := list(_due()):
        answers = submit_all([intents.close(row.id, row.resolves_by.isoformat()) for row in rows])
        looked_at += len(answers)
        if len(rows) < _BATCH:
            break
    return looked_at


def deliver_waiting(phone_index: bytes) -> None:
    """Give somebody what has been waiting for them, in the caller's transaction."""
    rows = Operation.objects.filter(payee_index=phone_index, state="sent", delivered=False).order_by("id")
    waiting: list[UUID] = list(rows.values_list("id", flat=True)[:_BATCH])
    if waiting:
        pipeline.run([intents.deliver(operation_id) for operation_id in waiting])


def _due() -> list[Operation]:
    rows = Operation.objects.filter(
        resolves_by__lte=now(), state__in=("sent", "held", "awaiting_payment")
    ).order_by("resolves_by")
    return list(rows.only("id", "resolves_by")[:_BATCH])
