"""The part of the door for limits: what may still move."""

from datetime import datetime
from uuid import UUID

from guitai.wallet import limit_reads
from guitai.wallet.types import Limited, LimitView


def limits_of(owner: UUID, kinds: tuple[Limited, ...] = ("transfer", "top_up")) -> list[LimitView]:
    """What a customer may still move.

    takes    whose, and which kinds of movement
    gives    one LimitView a kind, currency of the operator and window (once, day, month), with what is used, what
             remains and what the next identity tier would allow; what is not limited is left out
    refuses  not_found
    source   the operator's policy `limits`
    """
    return limit_reads.limits_of(owner, kinds)


def new_pin_until(owner: UUID) -> datetime | None:
    """Until when little may leave because a forgotten payment PIN was replaced; None: nothing is lowered by that.

    takes    whose
    gives    the moment
    source   the operator's policy `new_pin`
    """
    return limit_reads.new_pin_until(owner)
