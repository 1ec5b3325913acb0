"""The operator's clocks: what a case owes its customer, by which calendar, and when the time stands still."""

from typing import Literal

import msgspec

from guitai.care.promises import CarePromises
from guitai.care.rules.clocks import Metric, Target
from guitai.care.types import Turn
from guitai.kit import policies
from guitai.kit.calendars import COUNTER


class ClockRule(msgspec.Struct, frozen=True):
    """One clock for the cases it names (empty: for all). `source` says which law or promise it is."""

    metric: Metric
    minutes: int | None = None
    days: int | None = None
    calendar: str = COUNTER
    categories: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    # A statutory clock stands still only where its law says so.
    pauses_for: tuple[Literal["customer", "third_party"], ...] = ("customer", "third_party")
    # Whether the customer is told the moment: then it is a promise.
    told: bool = False
    source: str = ""

    def __post_init__(self) -> None:
        if (self.minutes is None) == (self.days is None):
            raise ValueError("a clock counts either minutes or days")
        if (self.minutes or self.days or 0) <= 0:
            raise ValueError("a clock counts at least one minute or day")

    @property
    def target(self) -> Target:
        return Target(self.minutes, self.days)

    def pauses(self, turn: Turn) -> bool:
        """Whether the time stands still while it is somebody's turn."""
        return turn in self.pauses_for


class ClockPolicy(msgspec.Struct, frozen=True):
    """The rules in force; for each metric the first rule that fits a case counts."""

    rules: tuple[ClockRule, ...] = (
        ClockRule("resolve", days=1, priorities=(1,), told=True, source="our own promise"),
        ClockRule("resolve", days=3, priorities=(2,), told=True, source="our own promise"),
        ClockRule("statutory", days=15, categories=("complaint",), pauses_for=(), told=True,
                  source="15 days for a complaint (China, banks and insurers, 2020)"),
        ClockRule("resolve", days=5, told=True, source="our own promise"),
    )  # fmt: skip


policies.declare("care.clocks", ClockPolicy, ClockPolicy())


def rules_for(category: str, priority: int) -> tuple[list[ClockRule], str]:
    """The clocks of a case, one a metric, and the policies they come from.

    takes    its category and priority
    gives    rules: replies by the policy `care.promises`, everything else by `care.clocks`
    """
    promises, clocks = policies.current(CarePromises), policies.current(ClockPolicy)
    minutes = {1: promises.value.reply_minutes_urgent, 2: promises.value.reply_minutes_high}.get(
        priority, promises.value.reply_minutes_normal
    )
    found = {
        metric: ClockRule(metric, minutes=minutes, told=True, source="our own promise")
        for metric in ("first_reply", "next_reply")
    }
    for rule in clocks.value.rules:
        fits = (not rule.categories or category in rule.categories) and (
            not rule.priorities or priority in rule.priorities
        )
        if fits and (rule.metric not in found):
            found[rule.metric] = rule
    return list(found.values()), f"{promises.pin} {clocks.pin}"
