"""PINs of a batch: judged under lock inside the till's transaction, and noted there."""

import hmac
from collections.abc import Iterable, Sequence
from uuid import UUID

from guitai.base.clock import now
from guitai.kit import sql
from guitai.kit.topics import emit
from guitai.kit.transactions import required
from guitai.notify import api as notify
from guitai.people.flows.set_pin import pin_code
from guitai.people.rules.pin import PinState, clean_pin, tried
from guitai.people.types import PinCheck

_LOCK = """
SELECT person_id, code, failures, locks, locked_until FROM people_pin
WHERE person_id = ANY(%b::uuid[]) ORDER BY person_id FOR NO KEY UPDATE
"""
_STORE = """
UPDATE people_pin p SET failures = w.failures, locks = w.locks, locked_until = w.locked_until
FROM unnest(%b::uuid[], %b::int[], %b::int[], %b::timestamptz[]) AS w(person_id, failures, locks, locked_until)
WHERE p.person_id = w.person_id
"""


def pin_checks(tries: Sequence[tuple[UUID, str]]) -> list[PinCheck]:
    """Judge each try in order; a person's tries within one batch count against each other."""
    required()
    rows, moment = _locked({person for person, _ in tries}), now()
    states = {person: state for person, (_, state) in rows.items()}
    checks = []
    for person, pin in tries:
        if person not in rows:
            checks.append(PinCheck(ok=False, attempts_left=0, locked_until=None, is_set=False))
            continue
        before = states[person]
        right = hmac.compare_digest(rows[person][0], pin_code(person, clean_pin(pin)))
        ok = right and not before.locked(moment)
        states[person] = after = tried(before, ok, moment)
        until = after.locked_until if after.locked(moment) else None
        checks.append(PinCheck(ok, after.attempts_left(moment), until))
    return checks


def record_pin_outcomes(outcomes: Iterable[tuple[UUID, bool]]) -> None:
    """Note how the tries ended, in the same order and the same transaction as they were judged."""
    required()
    outcomes = list(outcomes)
    rows, moment = _locked({person for person, _ in outcomes}), now()
    after = {person: state for person, (_, state) in rows.items()}
    for person, ok in outcomes:
        if person in after:
            after[person] = tried(after[person], ok, moment)
    changed = [(person, state) for person, state in sorted(after.items()) if state != rows[person][1]]
    for person, state in changed:
        if state.locked(moment) and not rows[person][1].locked(moment):
            _tell_locked(person, state)
    if changed:
        sql.run(_STORE, sql.columns([(p, s.failures, s.locks, s.locked_until) for p, s in changed]))


def _locked(persons: set[UUID]) -> dict[UUID, tuple[bytes, PinState]]:
    return {row[0]: (row[1], PinState(*row[2:])) for row in sql.fetch(_LOCK, [sorted(persons)])}


def _tell_locked(person: UUID, state: PinState) -> None:
    until = state.locked_until.isoformat() if state.locked_until else ""
    notify.send(person, "people.pin_locked", {"until": until}, key=f"pin-locked:{person}:{until}")
    # Locked again and again is more than a slip: standing decides what follows from it.
    emit("people.pin_locked", {"person": str(person), "locks": state.locks})
