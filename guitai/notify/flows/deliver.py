"""Bring one delivery to its address. Taking it, sending it and noting the result are three steps:
nothing is sent inside a transaction, and a process that dies in between leaves a row that is taken again."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from guitai.base.clock import now
from guitai.kit import crypto
from guitai.notify import book, senders
from guitai.notify.errors import DeliveryFailed
from guitai.notify.kinds import kind_named
from guitai.notify.models import Delivery
from guitai.notify.types import Address
from guitai.notify.words import (
    ADDRESS,
    BODY,
    TITLE,
    address_index,
    open_facts,
    reader,
    rendered,
    signed_by_brand,
)

_TRIES_MAX = 8
_STUCK = timedelta(minutes=2)
_log = logging.getLogger(__name__)


def deliver(delivery_id: UUID) -> bool:
    """Send one delivery if it is due.

    takes    its id
    gives    whether it went out in this turn
    """
    delivery = _take(delivery_id)
    if delivery is None:
        return False
    trouble, final = "", False
    try:
        address, title, body = _said(delivery)
        if address:
            senders.send(delivery.channel, address, title, body, delivery.id)
        else:
            trouble, final = "no address", True
    except DeliveryFailed as error:
        trouble, final = str(error.facts.get("trouble", error.code)), False
    _note(delivery, trouble, final)
    return not trouble


def deliver_due(limit: int = 200) -> int:
    """Send whatever is due: what a lost job or a dead process left behind.

    gives    how many went out
    """
    waiting = Delivery.objects.filter(_due()).order_by("next_at").values_list("id", flat=True)[:limit]
    return sum(deliver(delivery) for delivery in list(waiting))


def _due() -> Q:
    moment = now()
    return Q(state="queued", next_at__lte=moment) | Q(state="sending", next_at__lte=moment)


def _take(delivery_id: UUID) -> Delivery | None:
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("message")
        delivery = rows.filter(_due(), id=delivery_id).first()
        if delivery is not None:
            delivery.state, delivery.tries = Delivery.State.SENDING, delivery.tries + 1
            delivery.next_at = now() + _STUCK
            delivery.save(update_fields=["state", "tries", "next_at"])
    return delivery


def _said(delivery: Delivery) -> tuple[str, str, str]:
    """Address, title and body, made now and kept sealed."""
    address, language, time_zone = _destination(delivery)
    message = delivery.message
    with reader(language, time_zone):
        title, body, _ = rendered(kind_named(message.kind), open_facts(message.facts_sealed, message.id))
        if delivery.channel == "sms":
            body = signed_by_brand(body)
    delivery.title_sealed = crypto.seal(title, purpose=TITLE, row=delivery.id)
    delivery.body_sealed = crypto.seal(body, purpose=BODY, row=delivery.id)
    if address:
        delivery.address_sealed = crypto.seal(address, purpose=ADDRESS, row=delivery.id)
        delivery.address_index = address_index(address)
    return address, title, body


def _destination(delivery: Delivery) -> tuple[str, str, str]:
    if delivery.message.owner is None:
        sealed = bytes(delivery.address_sealed or b"")
        return crypto.unseal(sealed, purpose=ADDRESS, row=delivery.id), delivery.message.language, "UTC"
    owner = book.look_up(delivery.message.owner) or Address("", "", "")
    address = owner.phone if delivery.channel == "sms" else owner.email
    return address, owner.language, owner.time_zone


def _note(delivery: Delivery, trouble: str, final: bool) -> None:
    if not trouble:
        delivery.state, delivery.sent_at, delivery.trouble = Delivery.State.SENT, now(), ""
    elif final or delivery.tries >= _TRIES_MAX:
        delivery.state, delivery.trouble = Delivery.State.FAILED, trouble[:200]
        _log.error("delivery %s given up: %s", delivery.id, trouble)
    else:
        delivery.state, delivery.trouble = Delivery.State.QUEUED, trouble[:200]
        delivery.next_at = now() + timedelta(seconds=min(5 * 3 ** (delivery.tries - 1), 1800))
    delivery.save()
