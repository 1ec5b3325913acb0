"""Write a message and its deliveries, once a key, in the caller's transaction."""

from uuid import UUID

from django.db import transaction

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import crypto
from guitai.notify import jobs
from guitai.notify.kinds import kind_named
from guitai.notify.models import Delivery, Message
from guitai.notify.types import AddressChannel, Facts
from guitai.notify.words import ADDRESS, address_index, seal_facts


def send(owner: UUID, kind: str, facts: Facts, *, key: str) -> None:
    """Tell a person something, on the channels of its kind."""
    channels = kind_named(kind).channels
    message = _row(kind, facts, key, in_app="in_app" in channels)
    message.owner = owner
    _write(
        message,
        [Delivery(message=message, channel=c, next_at=message.at) for c in sorted(channels - {"in_app"})],
    )


def send_to_address(
    channel: AddressChannel, address: str, kind: str, facts: Facts, *, language: str, key: str
) -> None:
    """Write to an address that may belong to nobody yet."""
    kind_named(kind)
    message = _row(kind, facts, key, in_app=False)
    message.language = language
    delivery = Delivery(message=message, channel=channel, next_at=message.at)
    delivery.address_sealed = crypto.seal(address, purpose=ADDRESS, row=delivery.id)
    delivery.address_index = address_index(address)
    _write(message, [delivery])


def _row(kind: str, facts: Facts, key: str, *, in_app: bool) -> Message:
    message = Message(id=new_id(), kind=kind, key=key, at=now(), in_app=in_app)
    message.facts_sealed = seal_facts(facts, message.id)
    return message


def _write(message: Message, deliveries: list[Delivery]) -> None:
    with transaction.atomic():
        Message.objects.bulk_create([message], ignore_conflicts=True)
        if not Message.objects.filter(id=message.id).exists():
            return  # the key was used before: that message stands
        Delivery.objects.bulk_create(deliveries)
        for delivery in deliveries:
            jobs.deliver.defer(delivery=str(delivery.id))
