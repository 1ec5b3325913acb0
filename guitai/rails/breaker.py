"""Every call to a rail goes through here: counted, timed, and not made at all while the rail is down.

One row a rail, shared by all processes. Nothing here is part of the caller's transaction, and no call is made in one.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from guitai.audit.api import record
from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.rails.errors import RailUnavailable, RailUnsupported
from guitai.rails.models import RailState
from guitai.rails.rules import breaker as rules
from guitai.rails.rules.breaker import BreakerSettings, Pulse

T = TypeVar("T")
OPEN = "circuit_open"
# These say nothing about the rail's health: it was not asked, or a day's bill is simply not written yet.
_NO_SIGN = frozenset({"not_configured", "key_missing", "statement_not_ready", OPEN})
_PULSE = tuple(Pulse.__dataclass_fields__)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Leave to make one call."""

    rail: str
    began_ns: int


def through(
    rail: str,
    call: Callable[[], T],
    *,
    forced: bool = False,
    problem_of: Callable[[T], str | None] = lambda result: None,
) -> T:
    """Make one call to a rail.

    takes    the rail's name, the call; `forced` tries although the rail is down (a person asks for it); what is wrong
             with a result that is no answer
    gives    what the call gives
    refuses  rail_unavailable (problem `circuit_open`) at once while the rail is down; what the call refuses
    """
    ticket = admit(rail, forced=forced)
    try:
        result = call()
    except RailUnavailable as refusal:
        problem = str(refusal.facts.get("problem") or "unavailable")
        if problem not in _NO_SIGN:
            note(ticket, problem)
        raise
    except RailUnsupported:
        raise
    except Exception as error:
        # A refusal of any other kind is an answer. What is no refusal is a fault of ours or of a library.
        note(ticket, None if isinstance(error, Refusal) else type(error).__name__)
        raise
    note(ticket, problem_of(result))
    return result


def admit(rail: str, *, forced: bool = False) -> Ticket:
    """Leave to make one call; refuses rail_unavailable while the rail is down."""
    row = RailState.objects.filter(rail=rail).first()
    if row is not None and row.circuit != "closed":
        _admit_probe(rail, forced)
    return Ticket(rail, time.monotonic_ns())


def may_call(rail: str) -> bool:
    """Whether a call would be let through now: asked before work is taken up for it."""
    row = RailState.objects.filter(rail=rail).first()
    return row is None or rules.passage(_pulse(row), now()) != "refuse"


def not_called(refusal: RailUnavailable) -> bool:
    """Whether a refusal says that the rail has certainly not heard of it."""
    return refusal.facts.get("problem") in _NO_SIGN


def note(ticket: Ticket, problem: str | None) -> None:
    """Count a call that was made: None when the rail answered, otherwise what was wrong."""
    took_ms = (time.monotonic_ns() - ticket.began_ns) // 1_000_000
    settings, moment = _settings(), now()
    with outermost():
        row = _locked(ticket.rail)
        after = (rules.answered if problem is None else rules.failed)(_pulse(row), moment, took_ms, settings)
        _write(row, after)
        if problem is None:
            row.last_answer_at, row.problem = moment, None
        else:
            row.last_failure_at, row.problem = moment, problem[:120]
        _tell(row, moment, settings)
        row.save()


def watch(rail: str) -> None:
    """Tell the rooms above what time alone has changed: a rail that nobody calls is not slow any more."""
    with outermost():
        row = RailState.objects.select_for_update().filter(rail=rail).first()
        if row is not None:
            _tell(row, now(), _settings())
            row.save()


def pulse_of(rail: str) -> tuple[Pulse, RailState] | None:
    """What the last calls came to, or None for a rail that was never called."""
    row = RailState.objects.filter(rail=rail).first()
    return (_pulse(row), row) if row is not None else None


def _settings() -> BreakerSettings:
    return policies.current(BreakerSettings).value


def _admit_probe(rail: str, forced: bool) -> None:
    with outermost():
        row = _locked(rail)
        pulse, moment = _pulse(row), now()
        allowed = rules.passage(pulse, moment)
        if allowed == "refuse" and not forced:
            raise RailUnavailable(rail=rail, problem=OPEN, since=_text(row.told_since))
        if allowed != "pass":
            _write(row, rules.probing(pulse, moment, _settings()))
            row.save()


def _locked(rail: str) -> RailState:
    RailState.objects.get_or_create(rail=rail)
    return RailState.objects.select_for_update().get(rail=rail)


def _tell(row: RailState, moment: datetime, settings: BreakerSettings) -> None:
    state = rules.state_of(_pulse(row), moment, settings)
    row.told_since = row.told_since or moment
    if state == row.told:
        return
    _log.log(
        logging.WARNING if state == "down" else logging.INFO,
        "rail %s is %s (%s)",
        row.rail,
        state,
        row.problem,
    )
    details = {"state": state, "before": row.told, "problem": row.problem}
    row.told, row.told_since = state, moment
    emit("rails.health_changed", {"rail": row.rail, "state": state})
    record(SYSTEM, "rails.health_changed", ("rail", row.rail), details=details)


def _pulse(row: RailState) -> Pulse:
    return Pulse(**{name: getattr(row, name) for name in _PULSE})


def _write(row: RailState, pulse: Pulse) -> None:
    for name in _PULSE:
        setattr(row, name, getattr(pulse, name))


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


policies.declare("breaker", BreakerSettings, BreakerSettings())
