"""Every operation that a case is about, and what happened to them, for staff. Set-based."""

from collections.abc import Collection, Iterable
from uuid import UUID

from guitai.kit.keysets import Before, newest
from guitai.wallet.flows.wrong_person import note_of_return
from guitai.wallet.models import Operation, OperationEvent, ParkedPayment, Party
from guitai.wallet.models.adjustment import Adjustment
from guitai.wallet.models.disputed import DisputedPayment
from guitai.wallet.reads import note_of, views_of
from guitai.wallet.types import OperationMoment, OperationView

_GIVEN_BACK_MAX = 20


def around(linked: Iterable[UUID], case: UUID) -> list[UUID]:
    """The linked operations with what was claimed, credited, put right or given back because of them."""
    ids = list(dict.fromkeys(linked))
    held = DisputedPayment.objects.filter(operation_id__in=ids).values_list("hold_id", flat=True)
    credited = ParkedPayment.objects.filter(operation_id__in=ids, credited_as__isnull=False)
    given = Adjustment.objects.filter(case_id=case).values_list("operation_id", flat=True)
    found = [*ids, *held, *credited.values_list("credited_as", flat=True), *given, *_given_back(ids)]
    return list(dict.fromkeys(UUID(str(one)) for one in found))


def _given_back(ids: Collection[UUID]) -> list[UUID]:
    """Transfers by which a payee gave one of these back: what they are for stands in their sealed note."""
    paid = list(Operation.objects.filter(id__in=ids, kind="transfer", delivered=True))
    notes = {note_of_return(row.reference) for row in paid}
    payees, senders = {row.payee for row in paid if row.payee}, {row.owner for row in paid}
    if not payees:
        return []
    back = Operation.objects.filter(owner__in=payees, payee__in=senders, kind="transfer", note__isnull=False)
    back = back.filter(created_at__gt=min(row.created_at for row in paid)).order_by("id")[:_GIVEN_BACK_MAX]
    return [row.id for row in back if note_of(row) in notes]


def views(owner: UUID, operations: Iterable[UUID]) -> dict[UUID, OperationView]:
    """A customer's bills by their ids."""
    parties = Party.objects.filter(owner=owner, operation_id__in=list(operations))
    return {view.id: view for view in views_of(list(parties))}


def moments(operations: Collection[UUID], before: Before | None, limit: int) -> list[OperationMoment]:
    """What happened to these operations, newest first, each as its own owner's bill names it."""
    rows = OperationEvent.objects.filter(operation_id__in=operations).exclude(event="")
    found = newest(rows, before, limit)
    ids = {row.operation_id for row in found}
    owners = dict(Operation.objects.filter(id__in=ids).values_list("id", "owner"))
    parties = [
        party
        for party in Party.objects.filter(operation_id__in=ids)
        if party.owner == owners[party.operation_id]
    ]
    views = {view.id: view for view in views_of(parties)}
    return [
        OperationMoment(
            row.id,
            row.at,
            view.reference,
            view.kind,
            view.direction,
            view.rail or "bank",
            view.amount,
            row.event,
        )
        for row in found
        if (view := views.get(row.operation_id)) is not None
    ]
