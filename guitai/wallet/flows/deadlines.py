"""What happens by itself: deadlines that pass, payees who can be given their money now."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from guitai.base.clock import now
from guitai.kit.crypto import unseal
from guitai.people.api import find_by_phone
from guitai.wallet.flows import intents
from guitai.wallet.flows.apart import BATCH as _BATCH
from guitai.wallet.flows.apart import submit_apart
from guitai.wallet.flows.close_top_ups import doubtful
from guitai.wallet.models import Operation
from guitai.wallet.till import pipeline

# A transfer and its payee's registration may pass each other; whatever did is found within this time.
_MISSED_WITHIN = timedelta(minutes=10)


def close_due() -> int:
    """Close operations whose deadline has passed, a batch at a time; gives how many were looked at."""
    due = Operation.objects.filter(
        Q(state__in=("sent", "held", "awaiting_payment")) | Q(state="processing", kind="top_up"),
        resolves_by__lte=now(),
    )
    # A withdrawal that nobody decided gives back what it has set aside in its own way: `watch_withdrawals`.
    due = due.exclude(kind="withdrawal")
    # Listed once: what cannot be closed now is looked at again in a minute, not again and again in this run.
    ids = list(due.order_by("resolves_by", "id").values_list("id", flat=True))
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        unsure = doubtful(batch)
        submit_apart([intents.close(i, doubtful=i in unsure) for i in batch])
    return len(ids)


def deliver_waiting(phone_index: bytes) -> None:
    """Give somebody what has been waiting for them, in the caller's transaction."""
    rows = Operation.objects.filter(payee_index=phone_index, state="sent", delivered=False).order_by("id")
    waiting: list[UUID] = list(rows.values_list("id", flat=True))
    for start in range(0, len(waiting), _BATCH):
        pipeline.run([intents.deliver(operation_id) for operation_id in waiting[start : start + _BATCH]])


def deliver_missed() -> int:
    """Deliver what was sent to a number in the very moment in which it was registered; gives how many."""
    rows = Operation.objects.filter(state="sent", delivered=False, changed_at__gt=now() - _MISSED_WITHIN)
    phones = {
        row.id: unseal(row.payee_phone, purpose="operation.payee_phone", row=row.id)
        for row in rows.only("id", "payee_phone").order_by("id")
        if row.payee_phone
    }
    found = find_by_phone(set(phones.values()))
    missed = [operation_id for operation_id, phone in phones.items() if phone in found]
    for start in range(0, len(missed), _BATCH):
        submit_apart([intents.deliver(i, "missed") for i in missed[start : start + _BATCH]])
    return len(missed)
