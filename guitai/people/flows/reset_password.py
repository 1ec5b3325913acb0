"""A new password for somebody who forgot it: the number's code, and a second proof when there is one."""

from uuid import UUID

from guitai.kit.transactions import outermost
from guitai.people.errors import ProofMissing
from guitai.people.flows.change_password import check_new_password, store_password
from guitai.people.flows.check_may_act import check_may_choose
from guitai.people.flows.proofs import check_proof, means_of
from guitai.people.flows.send_code import check_code
from guitai.people.models import User
from guitai.people.rules.sign_in import Way, reset_proofs


def begin_reset(phone: str, code: str, sent: UUID) -> UUID:
    """Prove the number; refuses code_wrong, frozen."""
    person = check_code("reset", phone, code, sent=sent)
    # A stolen phone must not be able to undo the freeze that was meant against it.
    check_may_choose(person)
    return person


def proofs_of(person: UUID) -> tuple[Way, ...]:
    """The second proofs that this person has; one of them is needed, or nothing when there is none."""
    return reset_proofs(means_of(User.objects.get(id=person)))


def prove_reset(
    person: UUID, way: Way, given: str, *, sent: UUID | None = None, challenge: bytes = b""
) -> None:
    """Check the second proof; refuses what the proof refuses, proof_missing."""
    if way not in proofs_of(person):
        raise ProofMissing()
    check_proof(User.objects.get(id=person), way, given, sent=sent, challenge=challenge)


def reset_password(person: UUID, password: str, *, proved: Way | None) -> None:
    """Set a new password and sign out everywhere.

    takes    who has proved the number, the new password, the second proof that was shown
    refuses  proof_missing, password_too_weak, password_unchanged, frozen
    """
    check_may_choose(person)
    ways = proofs_of(person)
    if ways and proved not in ways:
        raise ProofMissing()
    check_new_password(User.objects.get(id=person), password)
    with outermost():
        store_password(person, password, "person.password_reset")
