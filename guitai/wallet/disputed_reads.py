"""Disputed payments, as staff and the case see them."""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from guitai.base.money import Money
from guitai.wallet.disputed_types import ClaimState, ClaimView
from guitai.wallet.models import Operation
from guitai.wallet.models.disputed import DisputedPayment


def views_of(rows: Iterable[DisputedPayment]) -> list[ClaimView]:
    """Claims with the references of both operations, in two reads."""
    found = list(rows)
    ids = {row.operation_id for row in found} | {row.hold_id for row in found}
    references = dict(Operation.objects.filter(id__in=ids).values_list("id", "reference"))
    return [
        ClaimView(
            row.id, row.operation_id, references[row.operation_id], references[row.hold_id], row.sender, row.payee,
            Money(row.amount_minor, row.currency), cast(ClaimState, row.state), row.held_at, row.decide_by,
            row.proposed_verdict, row.proposed_by, row.proposed_reason, row.decided_at,
        )
        for row in found
    ]  # fmt: skip


def view_of(row: DisputedPayment) -> ClaimView:
    """One claim."""
    return views_of([row])[0]


def claims_about(operations: Iterable[UUID]) -> dict[UUID, ClaimView]:
    """Claims to these payments, by payment."""
    rows = DisputedPayment.objects.filter(operation_id__in=list(operations))
    return {view.operation: view for view in views_of(rows)}
