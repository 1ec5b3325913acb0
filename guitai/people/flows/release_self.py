"""Lifting one's own freeze: every proof the person has, because low proof freezes and high proof releases."""

from uuid import UUID

from guitai.base.actor import Actor
from guitai.kit.transactions import outermost
from guitai.people.errors import PinLocked, PinWrong
from guitai.people.flows.check_pins import pin_checks, record_pin_outcomes
from guitai.people.flows.send_code import check_code
from guitai.people.flows.set_pin import check_own_password
from guitai.people.flows.standing import release
from guitai.people.models import User
from guitai.people.reads import has_pin, standing
from guitai.people.rules.standing import check_release
from guitai.people.types import PinCheck


def release_self(person: UUID, *, password: str, code: str, pin: str) -> None:
    """Check password, PIN and SMS code, in this order, then release."""
    user = User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    actor = Actor("customer", str(person))
    if standing(person).state == "active":
        return
    check_release(standing(person), actor)
    check_own_password(user, password)
    if has_pin(person):
        refuse_wrong_pin(_try_pin(person, pin))
    # Last, so that a slip in the others does not use up the code.
    check_code("release", user.phone, code)
    with outermost():
        release(person, actor)


def _try_pin(person: UUID, pin: str) -> PinCheck:
    """One try, committed by itself: a refusal must not undo the count."""
    with outermost():
        check = pin_checks([(person, pin)])[0]
        record_pin_outcomes([(person, check.ok)])
    return check


def refuse_wrong_pin(check: PinCheck) -> None:
    """Raise what a failed try means; nothing when it was right."""
    if check.ok:
        return
    if check.locked_until:
        raise PinLocked(until=check.locked_until.isoformat())
    raise PinWrong(attempts_left=check.attempts_left)
