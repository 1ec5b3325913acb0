"""PINs of a batch: judged under lock inside the till's transaction, and noted there."""

import hmac
from collections.abc import Iterable, Sequence
from uuid import UUID

from guitai.base.clock import now
from guitai.kit.transactions import required
from guitai.notify import api as notify
from guitai.people.flows.set_pin import pin_code
from guitai.people.models import Pin
from guitai.people.rules.pin import PinState, clean_pin, tried
from guitai.people.types import PinCheck


def pin_checks(tries: Sequence[tuple[UUID, str]]) -> list[PinCheck]:
    """Judge each try in order; a person's tries within one batch count against each other."""
    required()
    rows, moment = _locked({person for person, _ in tries}), now()
    states = {person: _state(row) for person, row in rows.items()}
    checks = []
    for person, pin in tries:
        row = rows.get(person)
        if row is None:
            checks.append(PinCheck(ok=False, attempts_left=0, locked_until=None, is_set=False))
            continue
        before = states[person]
        right = hmac.compare_digest(bytes(row.code), pin_code(person, clean_pin(pin)))
        ok = right and not before.locked(moment)
        states[person] = after = tried(before, ok, moment)
        checks.append(
            PinCheck(ok, after.attempts_left(moment), after.locked_until if after.locked(moment) else None)
        )
    return checks


def record_pin_outcomes(outcomes: Iterable[tuple[UUID, bool]]) -> None:
    """Note how the tries ended, in the same order and the same transaction as they were judged."""
    required()
    outcomes = list(outcomes)
    rows, moment = _locked({person for person, _ in outcomes}), now()
    before = {person: _state(row) for person, row in rows.items()}
    after = dict(before)
    for person, ok in outcomes:
        if person in after:
            after[person] = tried(after[person], ok, moment)
    changed = [row for person, row in rows.items() if after[person] != before[person]]
    for row in changed:
        state = after[row.person_id]
        row.failures, row.locks, row.locked_until = state.failures, state.locks, state.locked_until
        if state.locked(moment) and not before[row.person_id].locked(moment):
            _tell_locked(row.person_id, state)
    Pin.objects.bulk_update(changed, ["failures", "locks", "locked_until"])


def _locked(persons: set[UUID]) -> dict[UUID, Pin]:
    rows = Pin.objects.select_for_update().filter(person_id__in=persons).order_by("person_id")
    return {row.person_id: row for row in rows}


def _state(row: Pin) -> PinState:
    return PinState(row.failures, row.locks, row.locked_until)


def _tell_locked(person: UUID, state: PinState) -> None:
    until = state.locked_until.isoformat() if state.locked_until else ""
    notify.send(person, "people.pin_locked", {"until": until}, key=f"pin-locked:{person}:{until}")
