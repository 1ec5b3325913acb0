"""Open items: lines that are not simply the movement they name."""

from typing import Any
from uuid import UUID

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.rails.types import LineKey
from guitai.wallet.models import OpenItem, Operation
from guitai.wallet.reconciliation.rules.matching import Line, Verdict


def row(
    key: LineKey, line: Line, verdict: Verdict, held_by: UUID | None, problem: str = ""
) -> tuple[Any, ...]:
    """A new item, in the order of `store.write_items`; interest and charges come with their proposal."""
    moment = now()
    named = verdict.operation.reference if verdict.operation else next(iter(line.names), "")
    return (
        new_id(), line.id, line.rail, key.account, line.credit, line.reversal, line.amount, line.currency,
        key.booked_on, line.reference, verdict.code or "not_payable", named, held_by, "open", "", "", "", "", "",
        problem, moment, moment,
    )  # fmt: skip


def close_matched(item: OpenItem, reference: str) -> None:
    """The movement of its line was found after all."""
    found = Operation.objects.filter(reference=reference).first()
    item.state, item.settled_by, item.changed_at = "matched", found.id if found else None, now()
    item.save(update_fields=["state", "settled_by", "changed_at"])


def close_reversed(line: Line, operation_id: UUID) -> None:
    """The bank has taken back what stood in suspense."""
    item = (
        OpenItem.objects.select_for_update()
        .filter(
            bank_reference=line.reference, rail=line.rail, amount_minor=line.amount, credit=True, state="open",
            held_by__isnull=False,
        )
        .order_by("id")
        .first()
    )  # fmt: skip
    if item is None:
        raise RuntimeError("what a bank takes back stands in suspense, under lock")
    item.state, item.settled_by, item.changed_at = "reversed", operation_id, now()
    item.save(update_fields=["state", "settled_by", "changed_at"])
