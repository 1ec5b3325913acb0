"""Send money back to the payer of an order."""

from typing import Any

from django.db.models import Q

from guitai.audit.api import record
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.money import EXPONENTS, Money
from guitai.kit.topics import emit
from guitai.kit.transactions import required
from guitai.rails.adapters import rail_named, supports
from guitai.rails.errors import RailUnsupported, RefundConflict
from guitai.rails.flows import pay_back
from guitai.rails.flows.errands import Work
from guitai.rails.models import InboxMessage, Order, Refund, Statement, StatementEntry, StatementFile
from guitai.rails.queue import nudge_errands
from guitai.rails.rules.payment_reasons import UNSPECIFIED
from guitai.rails.types import PayoutAnswer, Rail, RefundOrder

_FOLLOWS = {
    "queued": frozenset({"accepted", "done", "rejected"}),
    "asked": frozenset({"accepted", "done", "rejected"}),
    "accepted": frozenset({"done", "rejected"}),
}


def start_refund(
    order_reference: str, refund_reference: str, amount: Money, bank_reference: str, rail: str, priority: int
) -> None:
    """Queue a refund in the caller's transaction: it commits with the movement that it carries out."""
    required()
    if not supports(rail_named(rail), "refund"):
        raise RailUnsupported(rail=rail, verb="refund")
    pay_back.lock(rail, order_reference)
    paid = _paid(rail, order_reference, bank_reference)
    if paid is None or paid.currency != amount.currency or paid.minor < amount.minor:
        raise RefundConflict(refund_reference=refund_reference)
    wanted = {
        "order_reference": order_reference,
        "payment_bank_reference": bank_reference,
        "paid_minor": paid.minor,
        "amount_minor": amount.minor,
        "currency": amount.currency,
    }
    row, created = Refund.objects.get_or_create(
        rail=rail, refund_reference=refund_reference, defaults={**wanted, "priority": priority}
    )
    if any(getattr(row, name) != value for name, value in wanted.items()):
        raise RefundConflict(refund_reference=refund_reference)
    if created:
        if pay_back.sent_back(rail, order_reference, bank_reference) > paid.minor:
            raise RefundConflict(refund_reference=refund_reference)
        nudge_errands(rail)


def _paid(rail: str, order_reference: str, bank_reference: str) -> Money | None:
    """What was paid under that number of the rail's, as a genuine message or the rail's bill said; it may not be what
    was ordered."""
    order = Order.objects.filter(rail=rail, order_reference=order_reference).first()
    if order is None:
        return None
    if order.bank_reference == bank_reference:
        return Money(order.amount_minor, order.currency)
    said = InboxMessage.objects.filter(rail=rail, order_id=order.id, bank_reference=bank_reference)
    message = said.exclude(state="refused").order_by("id").first()
    if message is None or message.amount_minor is None or message.currency is None:
        return _billed(rail, order_reference, bank_reference)
    return Money(message.amount_minor, message.currency)


def _billed(rail: str, order_reference: str, bank_reference: str) -> Money | None:
    """What a bill told of a payment whose notice was lost."""
    named = StatementEntry.objects.filter(
        Q(end_to_end_id=order_reference) | Q(payment_reference=order_reference)
    )
    line = named.filter(reference=bank_reference, credit=True, repeat_of=None, currency__in=EXPONENTS).first()
    if line is None:
        return None
    file_id = Statement.objects.values_list("file_id", flat=True).get(id=line.statement_id)
    return (
        Money(line.amount_minor, line.currency)
        if StatementFile.objects.filter(id=file_id, rail=rail).exists()
        else None
    )


def _order_of(row: Refund) -> RefundOrder:
    return RefundOrder(
        order_reference=row.order_reference,
        bank_reference=row.payment_bank_reference,
        refund_reference=row.refund_reference,
        paid=Money(row.paid_minor, row.currency),
        amount=Money(row.amount_minor, row.currency),
    )


def _ask(rail: Rail, row: Refund) -> PayoutAnswer:
    return rail.refund(_order_of(row))


def _query(rail: Rail, row: Refund) -> PayoutAnswer:
    return rail.query_refund(_order_of(row))


def _take(row: Refund, answer: PayoutAnswer) -> None:
    row.bank_reference = answer.bank_reference or row.bank_reference
    row.rail_code = answer.rail_code or row.rail_code
    moment, before = now(), row.state
    if answer.outcome in _FOLLOWS.get(before, ()):
        row.state, row.answered_at = answer.outcome, moment
        if answer.outcome != "accepted":
            row.ended_at, row.next_query_at = moment, None
        if answer.outcome == "rejected":
            row.code = answer.code or UNSPECIFIED
    row.save()
    if row.state != before and answer.outcome != "accepted":
        _tell(row)


def _tell(row: Refund) -> None:
    said: dict[str, Any] = {
        "refund_reference": row.refund_reference,
        "order_reference": row.order_reference,
        "amount": row.amount_minor,
        "currency": row.currency,
        "rail": row.rail,
    }
    if row.state == "rejected":
        said["code"] = row.code
    emit(f"rails.refund_{row.state}", said)
    details = {"code": row.code, "rail_code": row.rail_code, "bank_reference": row.bank_reference}
    record(
        Actor("rail", row.rail), f"rails.refund_{row.state}", ("rails.refund", str(row.id)), details=details
    )


REFUNDS = Work(
    name="refund",
    model=Refund,
    verb="refund",
    query_verb="query_refund",
    begun="asked",
    open_states=("asked", "accepted"),
    ask=_ask,
    query=_query,
    take=_take,
    # What goes back goes to whoever paid: no stop of the payee's holds it.
    free=lambda queued, limit: list(queued.values_list("id", flat=True)[:limit]),
    may_go_again=lambda row: True,
)
