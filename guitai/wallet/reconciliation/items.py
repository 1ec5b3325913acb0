"""Open items: lines that are not simply the movement they name."""

from typing import Any
from uuid import UUID

from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.rails.types import LineKey
from guitai.wallet.flows import parked_back, top_up_intents
from guitai.wallet.models import OpenItem, Operation, ParkedPayment
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
        _close_parked(line)
        return
    item.state, item.settled_by, item.changed_at = "reversed", operation_id, now()
    item.save(update_fields=["state", "settled_by", "changed_at"])


def _close_parked(line: Line) -> None:
    """The same of a payment that had named a top-up: its bill says that it has gone back."""
    row = (
        ParkedPayment.objects.select_for_update()
        .filter(
            bank_reference=line.reference,
            rail=line.rail,
            amount_minor=line.amount,
            currency=line.currency,
            state="open",
        )
        .order_by("id")
        .first()
    )
    if row is None:
        raise RuntimeError("what a bank takes back stands in suspense, under lock")
    parked_back.run(top_up_intents.follow_parked(row, "returned", Actor("rail", row.rail), paid_out=True))
    row.state, row.changed_at = "returned", now()
    parked_back.forget_proposal(row)
    row.save()
