"""The part of the door for proofs of identity in a case."""

from typing import Any
from uuid import UUID

from guitai.base.actor import Actor
from guitai.care import proof_reads
from guitai.care.flows import note_action as _note
from guitai.care.flows import proof as _proof
from guitai.care.proof_types import Method, ProofLevel, ProofView
from guitai.care.rules.masking import mask_secrets
from guitai.people import api as people


def ask_proof(reference: str, method: Method, staff: Actor) -> UUID:
    """Ask a case's customer to prove that it is them; a request of the same way that waits is replaced.

    takes    the case's reference; sms (level 1), phrase (1, on a call), app (2, with the PIN), passkey (3); who asks
    gives    the request's id; the customer is told in the app, or by SMS for a code that only they type in
    refuses  not_found, proof_over for a case that has ended, proof_method_missing, proof_too_often
    source   NIST SP 800-63B, out-of-band authenticators
    """
    return _proof.ask(reference, method, staff)


def proof_level(customer: UUID, case: UUID) -> int:
    """How well a customer has shown in a case that it is them.

    takes    the customer, the case's id
    gives    0 not at all, 1 knows what was sent to them, 2 approved with the PIN, 3 used a passkey
    """
    return proof_reads.level(customer, case).level


def proof_standing(customer: UUID, case: UUID) -> ProofLevel:
    """`proof_level` with the moment until which it counts."""
    return proof_reads.level(customer, case)


def proofs_of(case: UUID) -> list[ProofView]:
    """What was asked for in a case, newest first, for staff; of a phrase only the half that staff say."""
    return proof_reads.of_case(case)


def proof_for_customer(customer: UUID, proof: UUID) -> ProofView:
    """A request as its customer may see it; refuses not_found."""
    return proof_reads.for_customer(customer, proof)


def proofs_waiting(customer: UUID) -> list[ProofView]:
    """What a customer is asked for in the app now."""
    return proof_reads.waiting(customer)


def give_proof_code(reference: str, code: str, *, source: str) -> None:
    """Type the code that an SMS brought: by the customer, never by staff.

    takes    the case's reference, the code as typed, who asks (for the limits)
    gives    nothing; level 1 for half an hour
    refuses  proof_code_wrong (wrong, used, expired, no such case: all alike), proof_too_often
    """
    _proof.give_code(reference, code, source=source)


def give_proof_pin(customer: UUID, proof: UUID, pin: str) -> None:
    """Approve a request in the app with the payment PIN.

    takes    the customer, the request's id, the PIN
    gives    nothing; level 2 for half an hour
    refuses  not_found, proof_over, proof_pin_wrong, proof_pin_locked
    """
    _proof.give_pin(customer, proof, pin)


def proof_passkey_options(customer: UUID, proof: UUID) -> dict[str, Any] | None:
    """Ask for a passkey for one request only.

    takes    the customer, the request's id
    gives    WebAuthn request options bound to the request, its case and its member of staff; None without a passkey
    refuses  not_found, proof_over, too_many_attempts
    source   WebAuthn Level 3
    """
    return people.payment_options(customer, _proof.binding(_proof.own(customer, proof)))


def give_proof_passkey(customer: UUID, proof: UUID, answer: str) -> None:
    """Approve a request in the app with a passkey.

    takes    the customer, the request's id, the assertion as JSON
    gives    nothing; level 3 for half an hour
    refuses  not_found, proof_over, proof_passkey_refused
    """
    _proof.give_passkey(customer, proof, answer)


def check_proof_phrase(reference: str, staff: Actor, words: str) -> None:
    """Say whether a caller answered with the words that our customer sees.

    takes    the case's reference, the member of staff, what the caller said
    gives    nothing; level 1 for half an hour
    refuses  not_found, proof_over, proof_phrase_wrong
    """
    _proof.check_phrase(reference, staff, words)


def deny_proof(customer: UUID, proof: UUID, *, alone: bool = False) -> None:
    """Say no to a request; `alone`: the customer speaks to nobody, and somebody else pretends to be them.

    takes    the customer, the request's id, which of the two
    gives    nothing; when alone, earlier proofs of the case count no more and `care.proof_denied` is emitted
    refuses  not_found, proof_over
    """
    _proof.deny(customer, proof, alone=alone)


def note_action(
    reference: str,
    actor: Actor,
    action: str,
    step: str,
    facts: dict[str, Any],
    *,
    tell: bool = False,
    internal: bool = False,
) -> UUID:
    """Write a service action into its case's timeline and the record, in the caller's transaction.

    takes    the case's reference, who acts, the action's name, done | asked | approved | declined | expired | refused,
             plain facts that the customer may read, whether the customer is told that something was done, whether the
             line and its facts are only for staff
    gives    the event's id
    refuses  not_found
    """
    return _note.note_action(reference, actor, action, step, facts, tell=tell, internal=internal)


def customer_of_case(reference: str) -> UUID | None:
    """Whose case it is: of whom a proof could be asked; None for a reference of nobody."""
    return proof_reads.customer_of(reference)


def without_secrets(text: str) -> str:
    """Words of staff or customers with what looks like a PIN, a code, a password, a card or an identity number masked.

    takes    plain text
    gives    the text as it may be stored
    """
    return mask_secrets(text)[0]
