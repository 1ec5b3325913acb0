"""The operator's promise for first replies: a policy with history, counted in open minutes."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from guitai.care.rules.hours import after_open_minutes, parse_clock
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


def reply_promise(priority: int, start: datetime) -> tuple[datetime | None, str]:
    """The moment by which we answer, and the policy versions it came from.

    Counted in the hours of the operator's first region, which runs the written counter. An operator
    that has published no hours promises nothing.
    """
    promises, operator = policies.current(CarePromises), policies.current(Operator)
    pins = f"{promises.pin} {operator.pin}"
    minutes = {
        1: promises.value.reply_minutes_urgent,
        2: promises.value.reply_minutes_high,
    }.get(priority, promises.value.reply_minutes_normal)
    region = next((region for region in operator.value.regions if region.hours), None)
    if region is None:
        return None, pins
    return after_open_minutes(intervals(region), region.time_zone, start, minutes), pins
