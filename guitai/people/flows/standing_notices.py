"""What a person is told when their standing changes, as far as the cause's class allows."""

from uuid import UUID

from guitai.base.clock import now
from guitai.notify import api as notify
from guitai.people.types import Cause, Standing

_IMPOSED = {
    "by_customer": "people.frozen_by_self",
    "provisional": "people.frozen_provisionally",
    "wrong_password": "people.sign_in_locked",
    "wrong_pin": "people.locked_by_pin",
    "unusual_place": "people.locked",
    "security_check": "people.locked",
    "inactivity": "people.asleep",
    "closing": "people.closing_asked",
    "closed": "people.closed",
}


def tell_imposed(person: UUID, cause: Cause) -> None:
    """Tell somebody what has just been stopped; nothing where the class is silent."""
    if cause.disclosure == "silent":
        return
    # A lock with a limited class reads like any other check: the words would name the reason.
    kind = _IMPOSED.get(cause.reason, "people.frozen") if cause.disclosure == "open" else "people.frozen"
    until = (cause.until or now()).isoformat()
    notify.send(person, kind, {"at": now().isoformat(), "until": until}, key=f"standing:{cause.id}:imposed")


def tell_lifted(person: UUID, cause: Cause, after: Standing, how: str) -> None:
    """Tell somebody that one cause is over, and whether another remains that they may know of."""
    if cause.disclosure == "silent":
        return
    remains = [other for other in after.causes if other.disclosure != "silent"]
    kind = "people.released_partly" if remains else _lifted(cause, how)
    notify.send(person, kind, {"at": now().isoformat()}, key=f"standing:{cause.id}:ended")


def _lifted(cause: Cause, how: str) -> str:
    if cause.reason == "closing":
        return "people.closing_cancelled"
    if cause.reason == "wrong_password":
        return "people.sign_in_unlocked"
    if cause.reason == "provisional" and how == "expired":
        return "people.provisional_over"
    return "people.woken" if cause.reason == "inactivity" else "people.released"
