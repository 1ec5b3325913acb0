"""The end of top-ups that nobody has paid, as far as their rail can be asked."""

from collections.abc import Collection
from uuid import UUID

from guitai.rails import api as rails
from guitai.wallet.flows import intents
from guitai.wallet.flows.apart import BATCH, submit_apart
from guitai.wallet.models import Operation, Party

# Money that is transferred late is credited or goes back; nothing at the bank has to be closed or asked for that.
_NEVER_IN_DOUBT = "bank"


def doubtful(ids: Collection[UUID]) -> set[UUID]:
    """Of due top-ups, those whose rail does not answer: whether they were paid, nobody can say."""
    labels = dict(
        Party.objects.filter(operation_id__in=ids, direction="in").values_list("operation_id", "label")
    )
    down = {rail for rail in set(labels.values()) - {_NEVER_IN_DOUBT, ""} if _is_down(rail)}
    return {operation_id for operation_id, rail in labels.items() if rail in down}


def expire_closed() -> int:
    """Top-ups in doubt whose rail has said meanwhile that nobody can pay them any more; gives how many."""
    unknown = Operation.objects.filter(kind="top_up", state="unknown", code=None).order_by("id")
    found = [
        row.id
        for row in unknown.only("id", "reference")
        if (told := rails.rail_record(row.reference)) is not None and told.state == "closed"
    ]
    for start in range(0, len(found), BATCH):
        submit_apart([intents.close(i, closed=True) for i in found[start : start + BATCH]])
    return len(found)


def close_at_rail(operation_id: UUID, event: str) -> None:
    """Have the rail close what nobody waits for any more, in the caller's transaction."""
    if event not in ("expired", "unknown"):
        return
    row = Operation.objects.filter(id=operation_id, kind="top_up").first()
    party = Party.objects.filter(operation_id=operation_id, direction="in").first() if row else None
    if row is not None and party is not None and party.label not in ("", _NEVER_IN_DOUBT):
        rails.close_order(row.reference, rail=party.label)


def _is_down(rail: str) -> bool:
    return rails.health_of(rail).state == "down"
