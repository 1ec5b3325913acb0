"""Lines of an acquirer about disputed payments: which dispute they are about, and what was taken and comes back."""

from collections.abc import Iterable

from guitai.rails import api as rails
from guitai.wallet.models import Chargeback, OpenItem, Operation
from guitai.wallet.reconciliation.rules.matching import DISPUTED, Disputed, Line, Op


def disputes_of(lines: Iterable[Line]) -> dict[tuple[str, str], Disputed]:
    """Disputes by rail and the rail's number of the payment, or of the dispute itself; only where it is one alone."""
    wanted: dict[str, set[str]] = {}
    for line in lines:
        if line.payment and not line.names:
            wanted.setdefault(line.rail, set()).add(line.payment)
    found: dict[tuple[str, str], Disputed] = {}
    for rail, numbers in wanted.items():
        paid = rails.orders_paid_as(rail, numbers)
        by_reference = {reference: payment for payment, reference in paid.items()}
        operations = {
            row.id: row for row in Operation.objects.filter(reference__in=by_reference, kind="top_up")
        }
        rows = [
            *Chargeback.objects.filter(rail=rail, operation_id__in=operations),
            *Chargeback.objects.filter(rail=rail, dispute__in=numbers - paid.keys()),
        ]
        for row in _alone(rows):
            operation = operations.get(row.operation_id) or Operation.objects.get(id=row.operation_id)
            number = by_reference.get(operation.reference, row.dispute)
            found[rail, number] = _disputed(row, operation)
    return found


def _alone(rows: Iterable[Chargeback]) -> list[Chargeback]:
    """Disputes of payments that have one only: of several nobody can say which one a line is about."""
    own: dict[object, list[Chargeback]] = {}
    for row in rows:
        own.setdefault(row.operation_id, []).append(row)
    return [same[0] for same in own.values() if len({row.id for row in same}) == 1]


def _disputed(row: Chargeback, operation: Operation) -> Disputed:
    def named(one: Operation) -> Op:
        return Op(one.id, one.reference, one.kind, one.state, one.amount_minor, one.currency)

    left = Operation.objects.filter(id=row.left_id).first() if row.left_id is not None else None
    taken = _waiting(operation.reference, row.rail).exists()
    return Disputed(
        named(operation), row.state, row.amount_minor, row.currency, named(left) if left else None, taken
    )


def _waiting(reference: str, rail: str):  # type: ignore[no-untyped-def]
    return OpenItem.objects.filter(
        names=reference, rail=rail, code=DISPUTED, credit=False, state="open"
    ).order_by("id")
