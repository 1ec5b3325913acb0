"""The part of the door for notices that name no order: a line of a statement may credit what they tell of."""

from collections.abc import Iterable
from uuid import UUID

from guitai.rails import line_reads, reads
from guitai.rails.flows import note_credited as _crediting
from guitai.rails.types import LineKey, NamelessPayment


def nameless_payments(limit: int = 5_000) -> list[NamelessPayment]:
    """Payments that notices told of and that name no order, but a reference or virtual account as a line would.

    takes    how many
    gives    NamelessPayment values, the oldest first
    """
    return reads.nameless_payments(limit)


def credits_naming(names: Iterable[str]) -> list[LineKey]:
    """Lines by which money came that name one of these, and that no notice has been joined to.

    takes    references or virtual accounts
    gives    LineKey values by id
    """
    return line_reads.credits_naming(names)


def orders_paid_as(rail: str, payments: Iterable[str]) -> dict[str, str]:
    """Which orders were paid by a rail's own payments; a payment is one order's only.

    takes    the rail, its numbers of payments
    gives    the order's reference by payment; what no order was paid by is left out
    """
    return reads.orders_paid_as(rail, payments)


def note_credited(inbox_id: UUID, line_id: int, reference: str) -> bool:
    """A notice that names no order is done: a statement's line of its payment was settled. In the caller's transaction.

    takes    the notice's id, the line's, the operation that the line was settled by
    gives    whether it still waited; a line is joined to one notice only, and what told of the same payment again is
             a duplicate
    """
    return _crediting.note_credited(inbox_id, line_id, reference)
