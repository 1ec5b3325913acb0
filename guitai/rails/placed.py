"""When a wish of ours began: for protocols that know a transaction by its number and its time."""

from collections.abc import Callable
from datetime import datetime

from guitai.rails.models import Order, PayoutRow, Refund


def placed_at(rail: str) -> Callable[[str], datetime | None]:
    """What an adapter asks by the reference of an order, a refund or a payout; None for one that never began.

    A payout begins when it is first asked for: it may have waited long, and the time of a wish must be a fresh one.
    """

    def find(reference: str) -> datetime | None:
        orders = Order.objects.filter(rail=rail, order_reference=reference).values_list(
            "created_at", flat=True
        )
        refunds = Refund.objects.filter(rail=rail, refund_reference=reference).values_list(
            "queued_at", flat=True
        )
        payouts = PayoutRow.objects.filter(rail=rail, order_reference=reference).values_list(
            "asked_at", flat=True
        )
        return orders.first() or refunds.first() or payouts.first()

    return find


def paid_as(rail: str) -> Callable[[str], str | None]:
    """What an adapter asks by a payout's reference, of a rail that pays back to payments: the rail's own number of the
    payment; None for a payout that there is not."""

    def find(reference: str) -> str | None:
        payouts = PayoutRow.objects.filter(rail=rail, order_reference=reference)
        orders = Order.objects.filter(rail=rail, order_reference__in=payouts.values("back_to"))
        return orders.values_list("bank_reference", flat=True).first()

    return find
