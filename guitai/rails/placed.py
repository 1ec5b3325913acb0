"""When a wish of ours was first written down: for protocols that know a transaction by its number and its time."""

from collections.abc import Callable
from datetime import datetime

from guitai.rails.models import Order, Refund


def placed_at(rail: str) -> Callable[[str], datetime | None]:
    """What an adapter asks by the reference of an order or a refund; None for one that was never written down."""

    def find(reference: str) -> datetime | None:
        orders = Order.objects.filter(rail=rail, order_reference=reference).values_list(
            "created_at", flat=True
        )
        refunds = Refund.objects.filter(rail=rail, refund_reference=reference).values_list(
            "queued_at", flat=True
        )
        return orders.first() or refunds.first()

    return find
