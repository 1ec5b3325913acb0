"""Outcomes that were promised by a moment and are still unknown: each is marked, once a promise."""

from guitai.base.clock import now
from guitai.wallet.flows import intents
from guitai.wallet.flows.apart import BATCH, submit_apart
from guitai.wallet.models import Operation


def mark_overdue() -> int:
    """Mark what is unknown past its deadline, whatever its kind, and say so upward (`wallet.outcome_overdue`).

    gives    how many operations were looked at
    """
    due = Operation.objects.filter(state="unknown", resolves_by__lte=now())
    ids = list(due.order_by("resolves_by", "id").values_list("id", flat=True))
    for start in range(0, len(ids), BATCH):
        submit_apart([intents.mark_overdue(operation_id) for operation_id in ids[start : start + BATCH]])
    return len(ids)
