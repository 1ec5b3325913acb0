"""Reading what rails knows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit import cursors
from guitai.rails.models import InboxMessage, Order
from guitai.rails.types import Instructions, NamelessPayment, NoticeRecord, RailRecord

_LIMIT_MAX = 100
# A line comes within days, and what it holds in suspense is settled within weeks.
_JOINED_WITHIN = timedelta(days=60)


def instructions_of(order: Order) -> Instructions | None:
    """What the rail answered, or None while it has not."""
    if order.payee_account is None or order.expires_at is None:  # the rail's answer sets both
        return None
    return Instructions(
        payee_name=order.payee_name,
        payee_account=order.payee_account,
        bank_name=order.bank_name,
        reference=order.payment_reference,
        pay_url=order.pay_url,
        expires_at=order.expires_at,
        method=order.method,
        form=order.form,
        qr=order.qr,
    )


def rail_record(order_reference: str) -> RailRecord | None:
    """An order with everything that was said about it, oldest first."""
    order = Order.objects.filter(order_reference=order_reference).order_by("created_at").first()
    if order is None:
        return None
    said = InboxMessage.objects.filter(order_id=order.id).order_by("id")
    return RailRecord(
        id=order.id,
        rail=order.rail,
        order_reference=order.order_reference,
        state=order.state,
        amount=Money(order.amount_minor, order.currency),
        instructions=instructions_of(order),
        created_at=order.created_at,
        instructed_at=order.instructed_at,
        paid_at=order.paid_at,
        bank_reference=order.bank_reference,
        notices=tuple(_record(message, order.order_reference) for message in said),
    )


def exceptions(cursor: str | None, limit: int, codes: frozenset[str] | None) -> cursors.Page[NoticeRecord]:
    """Messages that were judged and moved nothing, newest first."""
    rows = InboxMessage.objects.exclude(state__in=("received", "settled", "noted")).order_by(
        "-received_at", "-id"
    )
    if codes is not None:
        rows = rows.filter(code__in=codes)
    if cursor:
        rows = rows.filter(before(cursor))
    limit = max(1, min(limit, _LIMIT_MAX))
    found = list(rows[: limit + 1])
    names = dict(
        Order.objects.filter(id__in={row.order_id for row in found if row.order_id}).values_list(
            "id", "order_reference"
        )
    )
    items = [_record(row, names.get(row.order_id)) for row in found[:limit]]
    more = len(found) > limit
    return cursors.Page(
        items, cursors.encode(items[-1].received_at.isoformat(), str(items[-1].id)) if more else None
    )


def orders_paid_as(rail: str, payments: Iterable[str]) -> dict[str, str]:
    """Order references by the rail's own number of the payment."""
    found = Order.objects.filter(rail=rail, bank_reference__in=set(payments))
    return dict(found.values_list("bank_reference", "order_reference"))


def nameless_payments(limit: int) -> list[NamelessPayment]:
    """Genuine notices that name no order but something that a statement's line may name, the oldest first."""
    rows = InboxMessage.objects.filter(
        code="unknown_reference", state__in=("waiting", "exception"), received_at__gte=now() - _JOINED_WITHIN
    )
    return [
        NamelessPayment(
            row.id, row.named, row.bank_reference or "", row.amount_minor or 0, row.currency or "",
            row.paid_at or row.received_at,
        )
        for row in rows.exclude(named="").order_by("received_at", "id")[:limit]
    ]  # fmt: skip


def before(cursor: str) -> Q:
    """What an earlier page has not shown of rows with `received_at` and `id`; refuses cursor_invalid."""
    moment, last = moment_and_id(cursor)
    return Q(received_at__lt=moment) | Q(received_at=moment, id__lt=last)


def moment_and_id(cursor: str) -> tuple[datetime, UUID]:
    """Where an earlier page ended; refuses cursor_invalid."""
    parts = cursors.decode(cursor)
    try:
        return datetime.fromisoformat(str(parts[0])), UUID(str(parts[1]))
    except (ValueError, IndexError) as error:
        raise cursors.CursorInvalid() from error


def _record(message: InboxMessage, order_reference: str | None) -> NoticeRecord:
    return NoticeRecord(
        id=message.id,
        rail=message.rail,
        state=message.state,
        code=message.code,
        facts=message.facts,
        order_reference=order_reference,
        payment_reference=message.payment_reference,
        bank_reference=message.bank_reference,
        amount_minor=message.amount_minor,
        currency=message.currency,
        received_at=message.received_at,
        judged_at=message.judged_at,
        attempts=message.attempts,
        next_attempt_at=message.next_attempt_at,
    )
