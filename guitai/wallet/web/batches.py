"""Many transfers of one customer in one request: each by itself, or all or none."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from guitai.base.money import checked_amount
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import BATCH_MAX
from guitai.wallet.till.types import Intent

ITEMS_MAX = BATCH_MAX
Item = tuple[str, int, str, str]


def batch_intents(
    owner: UUID, items: Sequence[Item], pin: str, key: str | None, atomic: bool
) -> list[Intent]:
    """One intent an item, each under a key of its own that follows from the request's.

    takes    whose, (phone as typed, minor units, currency, note) each, one PIN for all, the request's key
    gives    intents in the items' order; another list under the same key is refused as reused, item by item
    refuses  idempotency_key_missing, phone_invalid, note_too_long, amount_*, currency_unknown: for the whole request
    """
    key = intents.checked_key(key, room=len(f":{ITEMS_MAX}"))
    return [
        _of_batch(
            intents.send_transfer(
                owner, phone, checked_amount(minor, currency), note, pin, f"{key}:{position}"
            ),
            key,
            len(items),
            atomic,
        )
        for position, (phone, minor, currency, note) in enumerate(items)
    ]


def _of_batch(intent: Intent, key: str, size: int, atomic: bool) -> Intent:
    return replace(intent, body={**intent.body, "batch": size, "atomic": atomic}, request=key)
