"""Closing: agreed, cooling off, then carried out by a job. Signing in takes it back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import personal
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.errors import ClosingOpen, ClosingStopped, Frozen
from guitai.people.flows.check_may_act import since_of
from guitai.people.flows.end_sessions import end_sessions
from guitai.people.flows.standing import Held, hold, impose, lift
from guitai.people.models import Closing
from guitai.people.policies import agreement
from guitai.people.rules import standing as rules
from guitai.people.standing_policy import policy_pin, standing_policy
from guitai.people.types import ClosingState

# What still keeps an account open, as codes for the record; the rooms above say it, people knows no balances.
Remains = Callable[[UUID], tuple[str, ...]]
_checks: list[Remains] = []
_AT_ONCE = 100


def set_closing_check(check: Remains) -> None:
    """A room above says what keeps an account open; `site.wiring` names it."""
    if check not in _checks:
        _checks.append(check)


def remains(person: UUID) -> tuple[str, ...]:
    """What still keeps an account open: `balance`, `operations`, ... nothing when it can be closed."""
    return tuple(code for check in _checks for code in check(person))


def ask_to_close(person: UUID) -> ClosingState:
    """Begin the cooling-off after the caller has asked for agreement and proof.

    gives    ClosingState; payments in and out are stopped, and every device is signed out
    refuses  closing_stopped with what remains, closing_open, frozen while anything else stops the account
    """
    actor = Actor("customer", str(person))
    with outermost():
        held, moment = hold(person), now()
        if _cooling(person) is not None:
            raise ClosingOpen()
        if held.causes:
            raise Frozen(since=since_of(held.standing))
        left = remains(person)
        if left:
            raise ClosingStopped(remains=list(left))
        due = moment + timedelta(days=standing_policy().closing_days)
        row = Closing.objects.create(
            id=new_id(), person_id=person, agreement_version=agreement().version, asked_at=moment, due_at=due
        )
        evidence = {"closing": str(row.id), "due": due.isoformat(), "policy": policy_pin()}
        impose(person, actor, replace(rules.order_of("closing"), evidence=evidence))
        return ClosingState(person, moment, due)


def cancel_closing(person: UUID, *, why: str) -> bool:
    """Take a closing back, for a person who has come back; gives whether there was one."""
    with transaction.atomic():
        held = hold(person)
        row = _cooling(person)
        if row is None:
            return False
        _end(row, "cancelled", why)
        _lift_closing(held, Actor("customer", str(person)), "cancelled")
    return True


def came_back(person: UUID) -> None:
    """Somebody has signed in: what was to be closed stays open."""
    # Looked at first without a lock: nearly nobody who signs in is closing anything.
    if _cooling(person) is not None:
        cancel_closing(person, why="signed_in")


def carry_out_due() -> int:
    """Close what has cooled off; gives how many accounts. Each in a transaction of its own."""
    due = Closing.objects.filter(state="cooling", due_at__lte=now()).order_by("due_at")
    return sum(_carry_out(person) for person in list(due.values_list("person_id", flat=True)[:_AT_ONCE]))


def _carry_out(person: UUID) -> bool:
    with outermost():
        held = hold(person)
        row = _cooling(person)
        if row is None or row.due_at > now():
            return False
        if any(cause.reason != "closing" for cause in held.causes):
            # A freeze or a hold came in between: nothing may be erased while somebody looks into it.
            row.due_at = now() + timedelta(days=1)
            row.save(update_fields=["due_at"])
            return False
        left = remains(person)
        if left:
            _end(row, "blocked", ",".join(left)[:32])
            _lift_closing(held, SYSTEM, "cancelled")
            notify.send(person, "people.closing_blocked", {}, key=f"closing-blocked:{row.id}")
            return False
        _close(held, row)
    return True


def _close(held: Held, row: Closing) -> None:
    """The last words go out first: what is needed to reach the person is erased with the rest."""
    person = row.person_id
    _end(row, "closed", "")
    _lift_closing(held, SYSTEM, "replaced", quietly=True)
    impose(person, SYSTEM, replace(rules.order_of("closed"), evidence={"closing": str(row.id)}))
    end_sessions(person)
    emit("person.erasure_due", {"person": str(person), "closing": str(row.id)})


def erase(person: UUID) -> dict[str, int]:
    """Handler of `person.erasure_due`, in the relay's transaction: every room erases what it may.

    gives    how many records each room erased
    """
    erased = {room: outcome.erased for room, outcome in personal.erase(person).items()}
    audit.record(SYSTEM, "person.erased", ("person", str(person)), details={"erased": erased})
    return erased


def closing(person: UUID) -> ClosingState | None:
    """The closing that is cooling off, if one is."""
    row = _cooling(person)
    return ClosingState(person, row.asked_at, row.due_at) if row else None


def _cooling(person: UUID) -> Closing | None:
    return Closing.objects.filter(person_id=person, state="cooling").first()


def _end(row: Closing, state: str, why: str) -> None:
    row.state, row.why, row.ended_at = state, why, now()
    row.save(update_fields=["state", "why", "ended_at"])


def _lift_closing(
    held: Held, actor: Actor, how: str, *, quietly: bool = False, purpose: Purpose | None = None
) -> None:
    for cause in held.causes:
        if cause.reason == "closing":
            lift(cause.person_id, cause.id, actor, how=how, purpose=purpose, quietly=quietly)
