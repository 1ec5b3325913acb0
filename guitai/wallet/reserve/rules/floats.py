"""How much belongs into the reserve, and how much must stay at hand."""

from typing import Annotated

from msgspec import Meta, Struct

from guitai.base.money import MINOR_MAX

_WHOLE = 10_000
_Minor = Annotated[int, Meta(ge=0, le=MINOR_MAX)]


class Float(Struct, frozen=True):
    """What must stay at hand in one currency, in minor units. No ceiling: 0."""

    floor: _Minor = 0
    ceiling: _Minor = 0
    # A smaller move than this is not worth anybody's time.
    step: _Minor = 1

    def __post_init__(self) -> None:
        if self.ceiling and self.ceiling < self.floor:
            raise ValueError("the ceiling is below the floor")


class Position(Struct, frozen=True):
    """Where money of one currency stands, in minor units."""

    # What customers may spend and what is on its way to somebody.
    owed: int
    at_hand: int
    in_reserve: int


class Advice(Struct, frozen=True):
    """What to move into the reserve; a negative amount is to be released from it."""

    target: int
    move: int


def advise(position: Position, share: int, bounds: Float) -> Advice:
    """What should be moved today.

    takes    a position, the share of what is owed that belongs into the reserve (hundredths of a per cent), bounds
    gives    Advice: the share rounded down, so that a doubt stays at hand; what is at hand stays within its bounds
             before the share is kept; no more is moved than there is
    source   the operator's policy `reserve`
    """
    target = max(0, position.owed) * share // _WHOLE
    move = target - position.in_reserve
    if bounds.ceiling:
        move = max(move, position.at_hand - bounds.ceiling)
    move = min(move, position.at_hand - bounds.floor)
    move = max(-position.in_reserve, min(move, position.at_hand))
    return Advice(target, 0 if abs(move) < max(1, bounds.step) else move)
