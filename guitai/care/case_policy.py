"""The operator's ways on: call-backs, what happens when a customer does not answer, how an escalation counts."""

import msgspec

from guitai.care.rules.categories import HIGH, PRIORITIES
from guitai.kit import policies
from guitai.kit.calendars import COUNTER

_DAY_MINUTES = 24 * 60


class CallbackPolicy(msgspec.Struct, frozen=True):
    """Slots in which somebody calls: how long, how many calls at once, how soon and how far ahead, how many tries."""

    slot_minutes: int = 15
    capacity: int = 2
    lead_minutes: int = 30
    days_ahead: int = 7
    tries: int = 3
    calendar: str = COUNTER
    # One of our published hotlines; empty: the first region's.
    number: str = ""

    def __post_init__(self) -> None:
        if not 5 <= self.slot_minutes <= _DAY_MINUTES or min(self.capacity, self.tries, self.days_ahead) < 1:
            raise ValueError(
                "a slot has at least five minutes; capacity, tries and days ahead are at least one"
            )


class FollowThrough(msgspec.Struct, frozen=True):
    """When a customer who was asked is reminded, and the case ends; how urgent an escalation is at least."""

    remind_days: int = 3
    give_up_days: int = 10
    escalation_priority: int = HIGH

    def __post_init__(self) -> None:
        if not 0 < self.remind_days < self.give_up_days:
            raise ValueError("a reminder comes before the end")
        if self.escalation_priority not in PRIORITIES:
            raise ValueError("a priority is 1, 2 or 3")


policies.declare("care.callbacks", CallbackPolicy, CallbackPolicy())
policies.declare("care.follow_through", FollowThrough, FollowThrough())


def callback_policy() -> CallbackPolicy:
    """What counts for calls now."""
    return policies.current(CallbackPolicy).value


def follow_through() -> FollowThrough:
    """What counts for unanswered questions and escalations now."""
    return policies.current(FollowThrough).value
