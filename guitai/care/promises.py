"""The operator's promise for first replies: a policy with history, counted in open minutes."""

import msgspec

from guitai.kit import policies
from guitai.kit.operator import Operator


class CarePromises(msgspec.Struct, frozen=True):
    """Open minutes within which a person answers, by priority (1 urgent, 2 money in doubt, 3 normal)."""

    reply_minutes_urgent: int = 30
    reply_minutes_high: int = 120
    reply_minutes_normal: int = 480
    open_cases_max: int = 20


policies.declare("care.promises", CarePromises, CarePromises())


def open_cases_max() -> int:
    """How many cases one customer may have open at a time."""
    return policies.current(CarePromises).value.open_cases_max


def reply_minutes(priority: str) -> int | None:
    """Open minutes within which a person answers cases of a priority: urgent, high or normal; None without hours."""
    if not any(region.hours for region in policies.current(Operator).value.regions):
        return None
    return int(getattr(policies.current(CarePromises).value, f"reply_minutes_{priority}"))
