"""Payments that did not fit their top-up, as staff see them. Set-based."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.kit.cursors import Page, encode
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet.errors import ParkedNotFound
from guitai.wallet.flows.parked_back import line_of
from guitai.wallet.models import Operation, ParkedPayment
from guitai.wallet.reads import before
from guitai.wallet.types import ParkedDetail, ParkedView

_LIMIT_MAX = 100


def parked_payments(cursor: str | None, limit: int, states: frozenset[str]) -> Page[ParkedView]:
    """Oldest first: whoever has waited longest is seen first."""
    rows = ParkedPayment.objects.filter(state__in=states).order_by("came_at", "id")
    if cursor:
        moment, last = before(cursor)
        rows = rows.filter(Q(came_at__gt=moment) | Q(came_at=moment, id__gt=last))
    size = max(1, min(limit, _LIMIT_MAX))
    found = list(rows[: size + 1])
    more = found[size - 1] if len(found) > size else None
    return Page(_views(found[:size]), encode(more.came_at.isoformat(), str(more.id)) if more else None)


def parked_payment(parked_id: UUID) -> ParkedView:
    row = ParkedPayment.objects.filter(id=parked_id).first()
    if row is None:
        raise ParkedNotFound()
    return _views([row])[0]


def parked_detail(parked_id: UUID, actor: Actor) -> ParkedDetail:
    """One payment with its payer, for whoever settles it; the look is recorded."""
    row = ParkedPayment.objects.filter(id=parked_id).first()
    if row is None:
        raise ParkedNotFound()
    view, line = _views([row])[0], line_of(row)
    if line is not None:
        purpose = Purpose("reconciliation", str(row.id), "settling a payment that did not fit")
        with outermost():
            record(actor, "reconciliation.parked_read", ("operation", str(row.operation_id)), purpose=purpose)
    return ParkedDetail(
        view=view,
        payer=(line.counterparty if line else "") or "",
        payer_account=(line.counterparty_account if line else "") or "",
        words=(line.remittance if line else "") or "",
        line_id=line.id if line else None,
        named=_named(view),
    )


def _named(view: ParkedView) -> str:
    bound = [one for one in people.bindings(view.owner) if one.id == view.return_account]
    return f"{bound[0].bank} {bound[0].masked}, {bound[0].holder}" if bound else ""


def parked_of(operation_id: UUID) -> list[ParkedView]:
    """Every payment that named a top-up and did not fit, oldest first."""
    return _views(list(ParkedPayment.objects.filter(operation_id=operation_id).order_by("came_at", "id")))


def _views(rows: Sequence[ParkedPayment]) -> list[ParkedView]:
    operations = {o.id: o for o in Operation.objects.filter(id__in={row.operation_id for row in rows})}
    return [_view(row, operations[row.operation_id]) for row in rows]


def _view(row: ParkedPayment, operation: Operation) -> ParkedView:
    return ParkedView(
        id=row.id,
        operation_id=row.operation_id,
        reference=operation.reference,
        owner=operation.owner,
        rail=row.rail,
        code=row.code,
        amount=None if row.amount_minor is None else Money(row.amount_minor, row.currency),
        expected=Money(operation.amount_minor, operation.currency),
        bank_reference=row.bank_reference,
        inbox_id=row.inbox_id,
        state=row.state,
        came_at=row.came_at,
        proposed_action=row.proposed_action,
        proposed_by=row.proposed_by,
        proposed_reason=row.proposed_reason,
        proposed_at=row.proposed_at,
        decided_by=row.decided_by,
        refund_reference=row.refund_reference,
        refused_code=row.refused_code,
        asked_at=row.asked_at,
        return_account=row.return_account,
    )
