"""Notices without an order leave the list of exceptions once the line of their payment is settled."""

from collections.abc import Iterable

from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.wallet.models import LineMatch, OpenItem, Operation
from guitai.wallet.reconciliation.rules.told import joined

# How an item that stood in suspense ended with its money at somebody's.
_SETTLED = ("assigned", "returned", "written")


def note_told_before() -> int:
    """Join such notices to the lines that were credited or settled since; gives how many.

    Both may come first, and a line may wait in suspense for days: so this is looked at again and again, and only
    notices that nobody could join are read.
    """
    payments = rails.nameless_payments()
    lines = rails.credits_naming(payment.named for payment in payments)
    settled = _settled(line.id for line in lines)
    done = 0
    for payment, line in joined(payments, [line for line in lines if line.id in settled]):
        with outermost():
            done += rails.note_credited(payment.id, line.id, settled[line.id])
    return done


def _settled(ids: Iterable[int]) -> dict[int, str]:
    """Of some lines, those whose money is somebody's now, with the reference of the operation that says so."""
    wanted = list(ids)
    by = {row.line_id: row.operation_id for row in LineMatch.objects.filter(line_id__in=wanted)}
    items = {row.line_id: row for row in OpenItem.objects.filter(line_id__in=wanted)}
    for line_id, item in items.items():
        if item.held_by is not None:
            # Held in suspense: what settles it, not what holds it.
            by.pop(line_id, None)
            if item.state in _SETTLED and item.settled_by is not None:
                by[line_id] = item.settled_by
    found = Operation.objects.filter(id__in=by.values(), state__in=("succeeded", "returned"))
    references = dict(found.values_list("id", "reference"))
    return {line_id: references[operation] for line_id, operation in by.items() if operation in references}
