"""Which line of a statement is the payment that a notice told of before, when the notice names no order."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from guitai.rails.types import LineKey, NamelessPayment

# A bank books what was paid on a day off on its next working day; its calendar may be a day ahead of ours.
_EARLIER, _LATER = timedelta(days=1), timedelta(days=10)


def joined(
    payments: Iterable[NamelessPayment], lines: Sequence[LineKey]
) -> list[tuple[NamelessPayment, LineKey]]:
    """Pairs of a notice's payment and its line; a line is one payment's only.

    takes    payments, oldest first; lines of money that came
    gives    those with the same name, amount and currency: first by the bank's own reference, then by the day
    """
    free = {line.id: line for line in lines}
    pairs: list[tuple[NamelessPayment, LineKey]] = []
    left = []
    for payment in payments:
        found = next((line for line in free.values() if _same(payment, line, by_reference=True)), None)
        if found is None:
            left.append(payment)
        else:
            pairs.append((payment, free.pop(found.id)))
    for payment in left:
        found = next((line for line in free.values() if _same(payment, line, by_reference=False)), None)
        if found is not None:
            pairs.append((payment, free.pop(found.id)))
    return pairs


def _same(payment: NamelessPayment, line: LineKey, *, by_reference: bool) -> bool:
    if (line.payment_reference, line.amount, line.currency) != (
        payment.named,
        payment.amount,
        payment.currency,
    ):
        return False
    if by_reference:
        return bool(line.reference) and line.reference == payment.bank_reference
    day = payment.paid_at.date()
    return line.booked_on is not None and day - _EARLIER <= line.booked_on <= day + _LATER
