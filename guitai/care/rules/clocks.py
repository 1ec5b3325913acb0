"""Clocks of a case: what each counts, when it runs and pauses, and how its events explain it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

Metric = Literal["acknowledge", "first_reply", "next_reply", "resolve", "statutory"]
ClockState = Literal["pending", "running", "paused", "met", "cancelled"]
ClockEventKind = Literal["activate", "pause", "resume", "fulfil", "breach", "cancel", "reattach"]
METRICS: tuple[Metric, ...] = ("acknowledge", "first_reply", "next_reply", "resolve", "statutory")


class Hours(Protocol):
    """A calendar as a clock needs it; `base.openhours.OpenHours` is one."""

    def after(self, start: datetime, open_time: timedelta) -> datetime | None: ...

    def between(self, start: datetime, end: datetime) -> timedelta: ...

    def end_of_workday(self, start: datetime, days: int) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Target:
    """How long something may take: open minutes, or whole days on which somebody works."""

    minutes: int | None = None
    days: int | None = None

    def end(self, hours: Hours, start: datetime, used: timedelta = timedelta()) -> datetime | None:
        """The moment it is due, when so much of it has been used before."""
        if self.minutes is not None:
            return hours.after(start, max(timedelta(), timedelta(minutes=self.minutes) - used))
        return hours.end_of_workday(start, self.days or 0)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as it stands: since when it runs, how much it has used, when it is due."""

    metric: Metric
    target: Target
    state: ClockState = "pending"
    since: datetime | None = None
    used: timedelta = timedelta()
    due_at: datetime | None = None
    breached_at: datetime | None = None
    ended_at: datetime | None = None


def activate(clock: Clock, hours: Hours, at: datetime) -> Clock:
    """Begin to count; one that counts already is left alone."""
    if clock.state != "pending":
        return clock
    return replace(clock, state="running", since=at, due_at=clock.target.end(hours, at))


def pause(clock: Clock, hours: Hours, at: datetime) -> Clock:
    """Stop counting while it is somebody else's turn; what was used stays used."""
    if clock.state != "running" or clock.since is None:
        return clock
    used = clock.used + hours.between(clock.since, at)
    return replace(clock, state="paused", since=None, used=used, due_at=None)


def resume(clock: Clock, hours: Hours, at: datetime) -> Clock:
    """Go on counting with what is left; whole days begin again from here only by what they have lost."""
    if clock.state != "paused":
        return clock
    return replace(clock, state="running", since=at, due_at=clock.target.end(hours, at, clock.used))


def fulfil(clock: Clock, hours: Hours, at: datetime) -> Clock:
    """What was promised has happened."""
    if clock.state in ("met", "cancelled"):
        return clock
    used = clock.used + (hours.between(clock.since, at) if clock.since else timedelta())
    return replace(clock, state="met", since=None, used=used, ended_at=at)


def cancel(clock: Clock, at: datetime) -> Clock:
    """It does not count any more, such as when a case is withdrawn."""
    if clock.state in ("met", "cancelled"):
        return clock
    return replace(clock, state="cancelled", since=None, due_at=None, ended_at=at)


def breach(clock: Clock, at: datetime) -> Clock:
    """It is past due: an event, not an end, for what was promised is still owed. Once only."""
    if clock.state != "running" or clock.due_at is None or clock.due_at > at or clock.breached_at:
        return clock
    return replace(clock, breached_at=clock.due_at)


def reattach(clock: Clock, target: Target, hours: Hours, at: datetime) -> Clock:
    """Count by another policy or calendar from now; what was used before stays used."""
    stopped = pause(clock, hours, at) if clock.state == "running" else clock
    moved = replace(stopped, target=target)
    return resume(moved, hours, at) if clock.state == "running" else moved


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """One thing that happened to a clock; `target` where it was changed."""

    kind: ClockEventKind
    at: datetime
    target: Target | None = None


def replay(metric: Metric, target: Target, hours: Hours, events: Iterable[ClockEvent]) -> Clock:
    """The clock that its events explain: the same as the one that is stored."""
    clock = Clock(metric, target)
    for event in events:
        if event.kind == "activate":
            clock = activate(clock, hours, event.at)
        elif event.kind == "pause":
            clock = pause(clock, hours, event.at)
        elif event.kind == "resume":
            clock = resume(clock, hours, event.at)
        elif event.kind == "fulfil":
            clock = fulfil(clock, hours, event.at)
        elif event.kind == "cancel":
            clock = cancel(clock, event.at)
        elif event.kind == "breach":
            clock = breach(clock, event.at)
        else:
            clock = reattach(clock, event.target or clock.target, hours, event.at)
    return clock
