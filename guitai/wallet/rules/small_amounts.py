"""Two small amounts that show that an account is there and somebody's own."""

from typing import Annotated

from msgspec import Meta, Struct

from guitai.rails.types import PayoutState

_Count = Annotated[int, Meta(ge=1, le=20)]


class SmallAmountPolicy(Struct, frozen=True):
    """How the house pays for showing it, and how often somebody may try."""

    enabled: bool = True
    least_minor: Annotated[int, Meta(ge=1, le=999)] = 1
    most_minor: Annotated[int, Meta(ge=2, le=999)] = 99
    # Wrong answers to one pair, and pairs that one account is sent within so many days.
    tries: _Count = 3
    pairs: _Count = 2
    pairs_days: _Count = 20
    # Until when a pair may be told.
    days: Annotated[int, Meta(ge=1, le=60)] = 10

    def __post_init__(self) -> None:
        if self.most_minor - self.least_minor < 1:
            raise ValueError("the largest amount is above the smallest")


def drawn(policy: SmallAmountPolicy, first: int, second: int) -> tuple[int, int]:
    """Two different amounts out of two random numbers.

    takes    the policy, a number below the count of amounts, one below that count less one
    gives    both in minor units
    """
    low = policy.least_minor + first
    other = policy.least_minor + second
    return low, other + 1 if other >= low else other


def chances(policy: SmallAmountPolicy) -> tuple[int, int]:
    """How many amounts there are to draw the first from, and the second."""
    count = policy.most_minor - policy.least_minor + 1
    return count, count - 1


def agree(sent: tuple[int, int], told: tuple[int, int]) -> bool:
    """Whether somebody has read both on their statement; in whichever order."""
    return sorted(sent) == sorted(told)


def worst(states: tuple[PayoutState, PayoutState]) -> PayoutState:
    """How far the later of two payouts has come."""
    order: tuple[PayoutState, ...] = (
        "returned", "rejected", "cancelled", "queued", "filed", "sent", "accepted", "settled",
    )  # fmt: skip
    return min(states, key=order.index)
