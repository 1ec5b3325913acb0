"""Money back to the payment that it came by: never more than was paid, however many ask at once.

Refunds and payouts back to a payment are counted together, under a lock of the order that was paid.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from django.db.models import Sum

from guitai.base.money import Money
from guitai.kit.crypto import seal_bytes, unseal_bytes
from guitai.kit.transactions import required
from guitai.rails.errors import PaymentUsedUp
from guitai.rails.models import Order, PayoutRow, Refund
from guitai.rails.types import PaidWith, PaymentBack, Payout

PURPOSE = "rails.paid_with"
# Of these nothing is gone, or it has come back.
_NOT_GONE = ("rejected", "cancelled", "returned")


def room_for(payout: Payout, rail: str) -> Order:
    """The payment that a payout goes back to, locked for the caller's transaction.

    takes    a payout whose payee is the order that was paid, by our reference
    refuses  payment_used_up: there is no such payment, or not so much is left of it
    """
    order = lock(rail, payout.payee_account)
    if order is None or order.state != "paid" or order.currency != payout.amount.currency:
        raise PaymentUsedUp(order_reference=payout.payee_account)
    others = sent_back(rail, order.order_reference, str(order.bank_reference), besides=payout.order_reference)
    if others + payout.amount.minor > order.amount_minor:
        raise PaymentUsedUp(order_reference=payout.payee_account)
    return order


def lock(rail: str, order_reference: str) -> Order | None:
    """Whoever sends money of an order back does so one after the other."""
    required()
    return Order.objects.select_for_update().filter(rail=rail, order_reference=order_reference).first()


def sent_back(rail: str, order_reference: str, bank_reference: str, *, besides: str = "") -> int:
    """What of a payment has gone back or is about to, without one payout.

    Payouts go back to the payment that paid the order; a second payment under its reference has refunds only.
    """
    total = _refunds(rail, [bank_reference]).get(bank_reference, 0)
    paid = Order.objects.filter(rail=rail, order_reference=order_reference, bank_reference=bank_reference)
    if paid.exists():
        payouts = PayoutRow.objects.filter(rail=rail, back_to=order_reference).exclude(state__in=_NOT_GONE)
        total += _total(payouts.exclude(order_reference=besides))
    return total


def payments(rail: str, order_references: Sequence[str]) -> dict[str, PaymentBack]:
    """See `rails.api.payments_made`."""
    orders = Order.objects.filter(rail=rail, order_reference__in=order_references, state="paid")
    paid = [order for order in orders if order.paid_at is not None]
    refunds = _refunds(rail, [str(order.bank_reference) for order in paid])
    return {
        order.order_reference: PaymentBack(
            order.order_reference,
            Money(order.amount_minor, order.currency),
            order.paid_at,
            Money(refunds.get(str(order.bank_reference), 0), order.currency),
            paid_with(order),
        )
        for order in paid
    }


def paid_with(order: Order) -> PaidWith | None:
    """What an order was paid with; None while its rail has not told, and once it was erased."""
    if not order.paid_with_sealed:
        return None
    text = unseal_bytes(order.paid_with_sealed, purpose=PURPOSE, row=order.id)
    return msgspec.json.decode(text, type=PaidWith)


def seal_paid_with(order: Order, told: PaidWith) -> bytes:
    """How it is kept."""
    return seal_bytes(msgspec.json.encode(told), purpose=PURPOSE, row=order.id)


def _refunds(rail: str, bank_references: Sequence[str]) -> dict[str, int]:
    rows = Refund.objects.filter(rail=rail, payment_bank_reference__in=bank_references)
    found = rows.exclude(state="rejected").values("payment_bank_reference")
    totals = found.annotate(total=Sum("amount_minor")).values_list("payment_bank_reference", "total")
    return {payment: int(total) for payment, total in totals}


def _total(rows: Any) -> int:
    return int(rows.aggregate(total=Sum("amount_minor"))["total"] or 0)
