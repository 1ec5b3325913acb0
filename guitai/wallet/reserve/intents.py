"""The intents behind what the reserve moves; a key names the request, so that it is released once."""

from uuid import UUID

from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.base.money import Money, checked_amount
from guitai.wallet.reserve.kinds import MOVE
from guitai.wallet.reserve.purposes import purpose_of
from guitai.wallet.till.types import Intent, Json

RELEASER = Actor("system", "reserve")


def release(request: UUID, amount: Money) -> Intent:
    """What several keys have signed."""
    body: dict[str, Json] = {
        "amount": amount.minor,
        "currency": amount.currency,
        "into": False,
        "request": str(request),
    }
    return Intent(MOVE, RELEASER, f"reserve:{request}", body, new_id())


def fill(amount: Money, key: str, actor: Actor) -> Intent:
    """Into the reserve."""
    checked_amount(amount.minor, amount.currency)
    body: dict[str, Json] = {"amount": amount.minor, "currency": amount.currency, "into": True}
    purpose = purpose_of(actor, amount.currency)
    return Intent(MOVE, actor, key, body, new_id(), purpose=purpose)
