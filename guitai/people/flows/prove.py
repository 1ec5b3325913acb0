"""Show that it is still them: the password or the payment PIN, asked again before something that matters."""

from uuid import UUID

from guitai.people.errors import ProofNeeded
from guitai.people.flows.proofs import check_own_pin
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
        check_own_pin(person, proof.pin)
        return "pin"
    if not proof.password:
        raise ProofNeeded()
    check_own_password(User.objects.get(id=person, kind=User.Kind.CUSTOMER), proof.password)
    return "password"
