"""When a rail is called and when it is left alone: a circuit breaker, and what it means for whoever waits.

closed: calls go through. open: they are refused at once, so that nobody waits for a rail that does not answer.
half_open: the pause is over and one call tries; its outcome closes the circuit or opens it for longer.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec

from guitai.rails.types import HealthState

Circuit = Literal["closed", "open", "half_open"]
Passage = Literal["pass", "probe", "refuse"]
_Count = Annotated[int, msgspec.Meta(ge=1, le=1_000)]
_Seconds = Annotated[int, msgspec.Meta(ge=1, le=86_400)]
_LONGEST_DELAY: Final = timedelta(days=3)


class BreakerSettings(msgspec.Struct, frozen=True):
    """When a rail counts as down or slow."""

    # So many failures in a row open it, or so many percent of at least so many calls within the window.
    failures_in_a_row: _Count = 5
    failures_percent: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    calls_min: _Count = 10
    window_s: _Seconds = 60
    # The first pause; it doubles with each opening that follows without a quiet time, up to the longest.
    pause_s: _Seconds = 15
    pause_max_s: _Seconds = 300
    # A probe that has not come back by then is nobody's any more: its process died.
    probe_s: _Seconds = 60
    # Slow: answers take so long on average, or so many percent of them fail.
    slow_ms: Annotated[int, msgspec.Meta(ge=1, le=600_000)] = 3_000
    slow_percent: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the last calls of a rail came to."""

    window_at: datetime
    circuit: Circuit = "closed"
    calls: int = 0
    failures: int = 0
    spent_ms: int = 0
    failures_in_a_row: int = 0
    trips: int = 0
    opened_at: datetime | None = None
    probe_at: datetime | None = None


def passage(pulse: Pulse, at: datetime) -> Passage:
    """Whether a call may go now: as any other, as the one that tries, or not at all."""
    if pulse.circuit == "closed":
        return "pass"
    return "probe" if pulse.probe_at is None or at >= pulse.probe_at else "refuse"


def probing(pulse: Pulse, at: datetime, settings: BreakerSettings) -> Pulse:
    """One call tries: until it is back, or too late, the others wait."""
    return replace(pulse, circuit="half_open", probe_at=at + timedelta(seconds=settings.probe_s))


def answered(pulse: Pulse, at: datetime, took_ms: int, settings: BreakerSettings) -> Pulse:
    """After an answer, a refusal by the other side included: the rail is there."""
    counted = _counted(pulse, at, took_ms, settings)
    if pulse.circuit != "closed":
        # The window begins anew: its failures were those of the outage.
        return Pulse(window_at=at, calls=1, spent_ms=took_ms, trips=pulse.trips)
    quiet = counted.failures == 0 and counted.calls >= settings.calls_min
    return replace(counted, failures_in_a_row=0, trips=0 if quiet else counted.trips)


def failed(pulse: Pulse, at: datetime, took_ms: int, settings: BreakerSettings) -> Pulse:
    """After no answer, or one that is not known to be genuine."""
    counted = _counted(pulse, at, took_ms, settings)
    counted = replace(counted, failures=counted.failures + 1, failures_in_a_row=counted.failures_in_a_row + 1)
    if pulse.circuit == "closed" and not _trips(counted, settings):
        return counted
    if pulse.circuit == "open":
        # A call that had begun before it opened: nothing new.
        return counted
    trips = counted.trips + 1
    return replace(
        counted,
        circuit="open",
        trips=trips,
        opened_at=pulse.opened_at if pulse.circuit == "half_open" else at,
        probe_at=at + pause(trips, settings),
    )


def pause(trips: int, settings: BreakerSettings) -> timedelta:
    """How long nobody calls after so many openings."""
    return timedelta(seconds=min(settings.pause_s * 2 ** min(trips - 1, 20), settings.pause_max_s))


def state_of(pulse: Pulse, at: datetime, settings: BreakerSettings) -> HealthState:
    """What people are told."""
    if pulse.circuit != "closed":
        return "down"
    if at - pulse.window_at >= 2 * timedelta(seconds=settings.window_s) or not pulse.calls:
        # Nobody has called for a while: what was once slow is not known to be.
        return "ok"
    slow = pulse.spent_ms >= settings.slow_ms * pulse.calls
    failing = pulse.failures >= 2 and pulse.failures * 100 >= settings.slow_percent * pulse.calls
    return "slow" if slow or failing else "ok"


def expected_delay(
    state: HealthState, since: datetime | None, at: datetime, queue_length: int, calls_a_minute: int
) -> timedelta:
    """How much later than usual something that is asked for now will leave: an honest guess, in whole minutes.

    An outage is expected to last as long again as it has lasted; the queue then leaves at the rate that is allowed.
    """
    drain = (
        timedelta(minutes=-(-queue_length // calls_a_minute))
        if queue_length > calls_a_minute
        else timedelta()
    )
    lasted = at - since if state == "down" and since is not None else timedelta()
    whole = timedelta(minutes=-(-max(lasted, timedelta()) // timedelta(minutes=1)))
    slow = timedelta(minutes=1) if state == "slow" else timedelta()
    return min(whole + drain + slow, _LONGEST_DELAY)


def _trips(pulse: Pulse, settings: BreakerSettings) -> bool:
    if pulse.failures_in_a_row >= settings.failures_in_a_row:
        return True
    enough = pulse.calls >= settings.calls_min
    return enough and pulse.failures * 100 >= settings.failures_percent * pulse.calls


def _counted(pulse: Pulse, at: datetime, took_ms: int, settings: BreakerSettings) -> Pulse:
    """One call more, in a new window when the old one is over."""
    if at - pulse.window_at >= timedelta(seconds=settings.window_s):
        return replace(pulse, window_at=at, calls=1, failures=0, spent_ms=took_ms)
    return replace(pulse, calls=pulse.calls + 1, spent_ms=pulse.spent_ms + took_ms)
