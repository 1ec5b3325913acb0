"""Each day: say what should be moved into the reserve or released from it."""

from guitai.base.clock import now
from guitai.kit.topics import emit_many
from guitai.kit.transactions import outermost
from guitai.wallet.reserve.reads import reserve

TOPIC = "wallet.reserve_advised"


def advise_today() -> int:
    """Tell the rooms above, for every currency in which something should be moved; gives how many.

    gives    `wallet.reserve_advised {day, currency, move, target, in_reserve, at_hand}`: minor units, a negative
             move is to be released
    """
    day = now().date().isoformat()
    wanted = [one for one in reserve().positions if one.move.minor]
    with outermost():
        emit_many([
            (TOPIC, {
                "day": day, "currency": one.currency, "move": one.move.minor, "target": one.target.minor,
                "in_reserve": one.in_reserve.minor, "at_hand": one.at_hand.minor,
            })
            for one in wanted
        ])  # fmt: skip
    return len(wanted)
