"""Show that it is still them: the password or the payment PIN, asked again before something that matters."""

from uuid import UUID

from guitai.kit.transactions import outermost
from guitai.people.errors import PinLocked, PinNotSet, PinWrong, ProofNeeded
from guitai.people.flows.check_pins import pin_checks, record_pin_outcomes
from guitai.people.flows.set_pin import check_own_password
from guitai.people.identity_types import Proof
from guitai.people.models import User


def prove(person: UUID, proof: Proof) -> str:
    """Check a proof; the try counts whatever happens next.

    takes    whose, the password or the payment PIN
    gives    password | pin, for the record
    refuses  proof_needed, password_wrong, too_many_attempts, pin_wrong, pin_locked, pin_not_set
    """
    if proof.pin:
        _check_pin(person, proof.pin)
        return "pin"
    if not proof.password:
        raise ProofNeeded()
    check_own_password(User.objects.get(id=person, kind=User.Kind.CUSTOMER), proof.password)
    return "password"


def _check_pin(person: UUID, pin: str) -> None:
    with outermost():
        check = pin_checks([(person, pin)])[0]
        if check.is_set:
            record_pin_outcomes([(person, check.ok)])
    if not check.is_set:
        raise PinNotSet()
    if check.locked_until is not None and not check.ok:
        raise PinLocked(until=check.locked_until.isoformat())
    if not check.ok:
        raise PinWrong(attempts_left=check.attempts_left)
