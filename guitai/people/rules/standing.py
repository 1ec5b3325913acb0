"""Standing: what each cause stops and tells, what several causes make together, and what leads out of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from guitai.base.actor import Actor
from guitai.people.errors import ReleaseNeedsStaff
from guitai.people.types import (
    Cause,
    Disclosure,
    FreezeOrder,
    Means,
    Reason,
    Scope,
    Standing,
    State,
    Step,
    StepCode,
)

ALL: frozenset[Scope] = frozenset({"sign_in", "spending", "receiving", "withdrawal"})
_OUT: frozenset[Scope] = frozenset({"spending", "withdrawal"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What a reason makes of a standing unless the order says otherwise."""

    state: State
    scope: frozenset[Scope]
    disclosure: Disclosure
    # May the person lift it with proofs of their own?
    own: bool
    # Do the devices stay signed in?
    signs_out: bool = True


KINDS: Mapping[Reason, Kind] = {
    "wrong_password": Kind("locked", frozenset({"sign_in"}), "open", own=True, signs_out=False),
    "wrong_pin": Kind("locked", _OUT, "open", own=True, signs_out=False),
    "unusual_place": Kind("locked", _OUT, "open", own=True),
    "security_check": Kind("locked", _OUT, "open", own=True, signs_out=False),
    "inactivity": Kind("dormant", _OUT, "open", own=True, signs_out=False),
    "provisional": Kind("frozen", _OUT, "open", own=True),
    "by_customer": Kind("frozen", _OUT, "open", own=True),
    "closing": Kind("locked", _OUT | {"receiving"}, "open", own=True),
    "by_staff": Kind("frozen", _OUT, "open", own=False),
    "by_risk": Kind("frozen", _OUT, "limited", own=False),
    "by_law": Kind("frozen", _OUT, "limited", own=False),
    "closed": Kind("closed", ALL, "open", own=False),
}
_STATES: Mapping[State, int] = {"active": 0, "dormant": 1, "locked": 2, "frozen": 3, "closed": 4}
_OPENNESS: Mapping[Disclosure, int] = {"silent": 0, "limited": 1, "open": 2}
_WEIGHTS: Mapping[Reason, int] = {reason: weight for weight, reason in enumerate(KINDS)}


def disclosure_of(reason: Reason) -> Disclosure:
    """What the customer may be told unless the order says less."""
    return KINDS[reason].disclosure if reason in KINDS else "open"


def order_of(reason: Reason) -> FreezeOrder:
    """An order as the reason's kind has it."""
    kind = KINDS[reason]
    return FreezeOrder(reason, kind.scope, kind.disclosure)


def union(standing: Standing, causes: Iterable[Cause]) -> Standing:
    """What the open causes make together.

    takes    whose standing (person, tier, and since when it was in order), and every open cause
    gives    the strongest state and everything that any cause stops; reason, disclosure and since are those of the
             most open cause, of several the weightiest, so that telling them gives nothing else away
    """
    causes = tuple(sorted(causes, key=_rank, reverse=True))
    if not causes:
        return Standing(standing.person, since=standing.since, tier=standing.tier)
    first = causes[0]
    scope: frozenset[Scope] = frozenset().union(*(cause.scope for cause in causes))
    since = min(cause.since for cause in causes if cause.disclosure == first.disclosure)
    state = max((cause.state for cause in causes), key=lambda state: _STATES[state])
    release = tuple(step for cause in causes if cause.disclosure != "silent" for step in cause.release)
    return Standing(
        standing.person, state, scope, first.reason, first.disclosure, since, release, standing.tier, causes
    )


def told(standing: Standing) -> Standing:
    """A standing as its person may see it: silent causes left out, the reason of limited ones too."""
    if not standing.causes and standing.state != "active":
        # One that the till locked, without its causes: the row says only what may be told.
        bare = replace(standing, reason=standing.reason if standing.disclosure == "open" else "")
        return bare if standing.disclosure != "silent" else Standing(standing.person, tier=standing.tier)
    seen = [
        cause if cause.disclosure == "open" else replace(cause, reason="", evidence={}, actor="", basis="")
        for cause in standing.causes
        if cause.disclosure != "silent"
    ]
    return union(replace(standing, since=standing.since if not standing.causes else None), seen)


def steps(cause: Cause, means: Means) -> tuple[Step, ...]:
    """What leads out of one cause: every step is needed, and any of a step's choices will do.

    takes    the cause, and what its person has to prove who they are
    gives    steps in the order in which they are best done; none where nothing leads out
    """
    knows = _choices("password", means, "passkey", "recovery_code", "identity_document")
    holds = _choices("sms_code", means, "identity_document")
    match cause.reason:
        case "wrong_password":
            return (
                _step("sms_code", means, "passkey", "recovery_code", "identity_document", by=cause.until),
            )
        case "wrong_pin":
            return (knows, holds, Step("new_pin", "customer"))
        case "unusual_place":
            return (_step("sms_code", means, "passkey", "recovery_code", "identity_document"),)
        case "security_check":
            return (Step("identity_document", "customer"),)
        case "inactivity":
            # A number that slept for a year may be somebody else's by now: the code alone proves nothing.
            return (knows, _choices("sms_code", means, "passkey", "identity_document"))
        case "provisional":
            return (knows, holds)
        case "by_customer":
            pin = (_choices("pin", means, "identity_document"),) if means.pin else ()
            return (knows, holds, *pin, Step("new_password", "customer"))
        case "by_staff" | "by_risk" | "by_law":
            return (Step("staff_review", "staff", cause.review_by),)
    return ()


def remaining(cause: Cause, proved: frozenset[StepCode]) -> tuple[Step, ...]:
    """The steps of a cause that are not done yet; an accepted document satisfies whatever takes one."""
    done = proved | ({"identity_document"} if cause.document_at else frozenset())
    return tuple(step for step in cause.release if not done & set(step.choices))


def check_release(cause: Cause, person: str, actor: Actor) -> None:
    """Refuse release_needs_staff unless this actor may lift this cause."""
    if actor.kind in ("staff", "system") and cause.reason != "closed":
        return
    if not KINDS[cause.reason].own or actor.id != person:
        raise ReleaseNeedsStaff()


def lock_lasts_hours(base_hours: int, locks_before: int, most_hours: int) -> int:
    """How long a lock lasts that has come before: twice as long each time, up to a bound."""
    return min(base_hours * 2 ** min(locks_before, 10), most_hours)


def dormant_from(active_at: datetime, months: int) -> datetime:
    """When somebody who was last here at a moment has been away for so many months (of the calendar)."""
    month = active_at.month - 1 + months
    year, month = active_at.year + month // 12, month % 12 + 1
    # The 31st of a short month is its first missing day less one: the 28th suits every month.
    return active_at.replace(year=year, month=month, day=min(active_at.day, 28))


def _rank(cause: Cause) -> tuple[int, int, int]:
    return _OPENNESS[cause.disclosure], _STATES[cause.state], _WEIGHTS.get(cause.reason, 0)


def _step(code: StepCode, means: Means, *instead: StepCode, by: datetime | None = None) -> Step:
    step = _choices(code, means, *instead)
    return replace(step, by=by) if by else step


def _choices(code: StepCode, means: Means, *instead: StepCode) -> Step:
    """A step with those of its choices that this person has."""
    missing: set[StepCode] = set()
    if not means.passkey:
        missing.add("passkey")
    if not means.recovery_code:
        missing.add("recovery_code")
    return Step(code, "customer", None, tuple(choice for choice in instead if choice not in missing))
