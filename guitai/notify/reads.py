"""Reading messages and deliveries."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db.models import Q

from guitai.base.clock import now
from guitai.kit import crypto, cursors
from guitai.kit.cursors import CursorInvalid, Page
from guitai.notify.kinds import kind_named
from guitai.notify.models import Delivery, Message
from guitai.notify.types import AddressChannel, InboxItem, OutboxItem
from guitai.notify.words import ADDRESS, BODY, TITLE, address_index, open_facts, rendered

_INBOX_MAX, _OUTBOX_MAX, _UNREAD_MAX = 50, 500, 100


def inbox(owner: UUID, cursor: str | None, limit: int) -> Page[InboxItem]:
    limit = max(1, min(limit, _INBOX_MAX))
    rows = Message.objects.filter(owner=owner, in_app=True).order_by("-at", "-id")
    if cursor:
        at, last = _position(cursor)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=last))
    found = list(rows[: limit + 1])
    following = (
        cursors.encode(found[limit - 1].at.isoformat(), str(found[limit - 1].id))
        if len(found) > limit
        else None
    )
    return Page([_item(message) for message in found[:limit]], following)


def unread_count(owner: UUID) -> int:
    waiting = Message.objects.filter(owner=owner, in_app=True, read_at=None)
    return waiting[:_UNREAD_MAX].count()


def outbox(address: str | None, limit: int) -> Sequence[OutboxItem]:
    rows = Delivery.objects.select_related("message").exclude(body_sealed=None).order_by("-id")
    if address:
        rows = rows.filter(address_index=address_index(address))
    return [_shown(delivery) for delivery in rows[: max(1, min(limit, _OUTBOX_MAX))]]


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, last = cursors.decode(cursor)
        return datetime.fromisoformat(str(at)), UUID(str(last))
    except ValueError as error:
        raise CursorInvalid() from error


def _item(message: Message) -> InboxItem:
    title, body, url = rendered(kind_named(message.kind), open_facts(message.facts_sealed, message.id))
    return InboxItem(message.id, message.at, message.kind, title, body, url, message.read_at is not None)


def _shown(delivery: Delivery) -> OutboxItem:
    return OutboxItem(
        id=delivery.id,
        at=delivery.sent_at or delivery.message.at,
        channel=cast(AddressChannel, delivery.channel),
        address=_opened(delivery.address_sealed, ADDRESS, delivery.id),
        kind=delivery.message.kind,
        title=_opened(delivery.title_sealed, TITLE, delivery.id),
        body=_opened(delivery.body_sealed, BODY, delivery.id),
        state=delivery.state,
    )


def _opened(blob: bytes | None, purpose: str, row: UUID) -> str:
    return crypto.unseal(bytes(blob), purpose=purpose, row=row) if blob else ""


def oldest_waiting() -> datetime | None:
    """When the delivery that is due the longest was due."""
    waiting = Delivery.objects.filter(state__in=("queued", "sending"), next_at__lte=now())
    return waiting.order_by("next_at").values_list("next_at", flat=True).first()
