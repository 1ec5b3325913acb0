"""The payment PIN: set for the first time, changed with the old one, or replaced when it is forgotten."""

from uuid import UUID

from guitai.people.errors import ProofMissing
from guitai.people.flows.check_may_act import check_may_choose
from guitai.people.flows.proofs import check_own_pin, check_proof, means_of
from guitai.people.flows.set_pin import check_choice, check_own_password, choose_pin
from guitai.people.models import User
from guitai.people.reads import has_pin
from guitai.people.rules.pin import clean_pin
from guitai.people.rules.sign_in import Way, pin_proofs


def set_pin(person: UUID, pin: str, password: str, *, current: str = "") -> None:
    """Set it with the password, change it with the password and the present PIN.

    refuses  password_wrong, proof_missing, pin_wrong, pin_locked, pin_too_simple, frozen, too_many_attempts
    """
    check_own_password(User.objects.get(id=person, kind=User.Kind.CUSTOMER), password)
    check_may_choose(person)
    if has_pin(person):
        if not current:
            raise ProofMissing()
        check_own_pin(person, current)
    choose_pin(person, pin)


def change_pin(person: UUID, pin: str, *, current: str) -> None:
    """Change it with the present one; a wrong one counts as a wrong try."""
    check_may_choose(person)
    check_own_pin(person, current)
    choose_pin(person, pin)


def replacing_ways(person: UUID, first: str = "password") -> tuple[Way, ...]:
    """What shows, besides what was shown a moment ago, that somebody who forgot the PIN is its owner."""
    return pin_proofs(means_of(User.objects.get(id=person)), first)


def replace_pin(
    person: UUID,
    pin: str,
    *,
    first: str,
    way: Way,
    given: str,
    sent: UUID | None = None,
    challenge: bytes = b"",
) -> None:
    """A new PIN for somebody who forgot it, after two different proofs; lifts the lock of wrong tries.

    `first`: what was just shown and checked (password, passkey, totp, recovery)
    refuses  proof_missing, what the proof refuses, pin_too_simple, frozen
    """
    if not first or way not in replacing_ways(person, first):
        raise ProofMissing()
    user = User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    # Before the proof, so that a PIN that cannot be taken does not use the code up.
    check_may_choose(person)
    check_choice(user, clean_pin(pin))
    check_proof(user, way, given, sent=sent, challenge=challenge)
    choose_pin(person, pin, replaced_with=way)
