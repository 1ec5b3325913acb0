"""What a statement has told before a notice did: the same payment must not move anything twice."""

from uuid import UUID

from guitai.base.money import Money
from guitai.wallet.kinds.top_up import SETTLE
from guitai.wallet.models import LineMatch, OpenItem, OperationEvent, ParkedPayment
from guitai.wallet.reconciliation.kinds import ASSIGN


def credited_before(operation_id: UUID) -> bool:
    """Whether a top-up was credited from a line, or out of suspense: a notice of it that comes late is no news.

    Should it tell of another payment, that one has a line of its own, which stands in suspense.
    """
    return (
        LineMatch.objects.filter(operation_id=operation_id).exists()
        or OperationEvent.objects.filter(
            operation_id=operation_id, intent=ASSIGN, outcome="approved"
        ).exists()
    )


def settled_before(operation_id: UUID, bank_reference: str) -> bool:
    """Whether this very payment was settled by another word of it, and perhaps sent back since."""
    settled = OperationEvent.objects.filter(operation_id=operation_id, intent=SETTLE, outcome="approved")
    return bool(bank_reference) and settled.filter(facts__bank_reference=bank_reference).exists()


def held_before(rail: str, bank_reference: str, amount: Money | None) -> bool:
    """Whether a payment that does not fit stands, or stood, in suspense already by the line that told of it."""
    if not bank_reference or amount is None:
        return False
    same = {
        "rail": rail, "bank_reference": bank_reference, "amount_minor": amount.minor, "currency": amount.currency,
    }  # fmt: skip
    if OpenItem.objects.filter(**same, credit=True, held_by__isnull=False).exists():
        return True
    return ParkedPayment.objects.filter(**same, inbox_id__startswith="line:").exists()
