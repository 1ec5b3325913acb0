"""The operator's promise for first replies: a policy with history, counted in open minutes."""

from collections.abc import Sequence

import msgspec

from guitai.care.rules.hours import parse_clock
from guitai.care.types import OpenInterval
from guitai.kit import policies
from guitai.kit.operator import Hours, Operator, Region


class CarePromises(msgspec.Struct, frozen=True):
    """Open minutes within which a person answers, by priority (1 urgent, 2 money in doubt, 3 normal)."""

    reply_minutes_urgent: int = 30
    reply_minutes_high: int = 120
    reply_minutes_normal: int = 480
    open_cases_max: int = 20


policies.declare("care.promises", CarePromises, CarePromises())


def intervals(region: Region) -> tuple[OpenInterval, ...]:
    """A region's hours in the shape the rules work on."""
    return intervals_of(region.hours)


def intervals_of(hours: Sequence[Hours]) -> tuple[OpenInterval, ...]:
    """Hours as an operator writes them, in the shape the rules work on."""
    return tuple(
        OpenInterval(frozenset(span.days), parse_clock(span.opens), parse_clock(span.closes))
        for span in hours
    )


def open_cases_max() -> int:
    """How many cases one customer may have open at a time."""
    return policies.current(CarePromises).value.open_cases_max


def reply_minutes(priority: str) -> int | None:
    """Open minutes within which a person answers cases of a priority: urgent, high or normal; None without hours."""
    if not any(region.hours for region in policies.current(Operator).value.regions):
        return None
    return int(getattr(policies.current(CarePromises).value, f"reply_minutes_{priority}"))
