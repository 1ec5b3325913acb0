"""The door of people: who somebody is, whether they may, and whether their PIN is right."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.kit.operator import operator
from guitai.notify.types import Address
from guitai.people import reads
from guitai.people.access import customer_auth, customer_required, signed_in_customer, staff_required
from guitai.people.flows import check_pins, register
from guitai.people.flows import create_staff as _create_staff
from guitai.people.flows import set_language as _set_language
from guitai.people.flows import set_pin as _set_pin
from guitai.people.flows import standing as _standing
from guitai.people.flows.end_sessions import end_sessions as _end_sessions
from guitai.people.flows.freeze_now import freeze_self as _freeze_self
from guitai.people.rules import phone as masks
from guitai.people.rules.phone import written_phone
from guitai.people.rules.standing import disclosure_of
from guitai.people.types import (
    Disclosure,
    FreezeOrder,
    MaskedProfile,
    PinCheck,
    Profile,
    Reason,
    Role,
    Scope,
    StaffMember,
    Standing,
    StandingChange,
)

__all__ = [
    "address_of",
    "create_staff",
    "customer_auth",
    "customer_required",
    "end_sessions",
    "find_by_phone",
    "freeze",
    "freeze_self",
    "has_pin",
    "history",
    "lock_standing",
    "masked",
    "masked_phone",
    "normal_phone",
    "phone_index",
    "pin_checks",
    "profile",
    "record_pin_outcomes",
    "register_customer",
    "release",
    "set_language",
    "set_pin",
    "signed_in_customer",
    "staff_member",
    "staff_required",
    "standing",
    "written_phone",
]


def profile(person: UUID, *, purpose: Purpose | None, reader: Actor = SYSTEM) -> Profile:
    """A customer in full.

    takes    whose, the purpose (None only when a person's own request shows their own data), who reads
    gives    Profile; with a purpose, the look is recorded and the customer can see it
    refuses  not_found
    """
    return reads.profile(person, purpose, reader)


def masked(persons: Iterable[UUID]) -> dict[UUID, MaskedProfile]:
    """Persons as others may see them, in one read.

    takes    ids of customers or staff (staff show their names)
    gives    by id; ids of nobody are left out
    """
    return reads.masked(persons)


def staff_member(person: UUID) -> StaffMember:
    """A member of staff with role and permissions; refuses not_found."""
    return reads.staff_member(person)


def address_of(person: UUID) -> Address | None:
    """Where a person is reached and in which language: notify's address book."""
    return reads.address_of(person)


def normal_phone(text: str) -> str:
    """A number as people type it, in E.164.

    takes    text with spaces, full-width digits, 0086 or without a country code
    gives    `+8613800138000`
    refuses  phone_invalid
    source   ITU-T E.164
    """
    return reads.normal_phone(text)


def masked_phone(phone: str) -> str:
    """A number as others may see it: `138****8000`; takes E.164."""
    return masks.masked_phone(phone, operator().phone_region)


def phone_index(phone: str) -> bytes:
    """The keyed index of an E.164 number: what other rooms may store instead of the number."""
    return reads.phone_index(phone)


def find_by_phone(phones: Iterable[str]) -> dict[str, UUID]:
    """Who holds these numbers; numbers of nobody are left out. Never tell a customer the difference.

    takes    E.164 numbers
    gives    customers by number
    """
    return reads.find_by_phone(phones)


def has_pin(person: UUID) -> bool:
    """Whether a payment PIN is set."""
    return reads.has_pin(person)


def pin_checks(tries: Sequence[tuple[UUID, str]]) -> list[PinCheck]:
    """Judge payment PINs under lock, without noting the outcome.

    takes    (person, PIN as typed), inside the till's transaction; rows are locked FOR UPDATE in order
    gives    a PinCheck for each try, in the same order; earlier tries of the batch count for later ones
    """
    return check_pins.pin_checks(tries)


def record_pin_outcomes(outcomes: Iterable[tuple[UUID, bool]]) -> None:
    """Note how the tries of `pin_checks` ended, in the same transaction and order."""
    check_pins.record_pin_outcomes(outcomes)


def set_pin(person: UUID, pin: str, password: str) -> None:
    """Set or change the payment PIN.

    takes    whose, six digits, the account's password
    gives    nothing
    refuses  pin_too_simple, password_wrong, frozen, too_many_attempts
    """
    _set_pin.set_pin(person, pin, password)


def standing(person: UUID) -> Standing:
    """What a person may do now, why, and how to get out; refuses not_found."""
    return reads.standing(person)


def history(person: UUID) -> list[StandingChange]:
    """The latest changes of a standing, newest first."""
    return reads.history(person)


def lock_standing(persons: Sequence[UUID]) -> dict[UUID, Standing]:
    """Standings, locked FOR SHARE in order of id until the caller's transaction ends.

    takes    ids; must be called inside a transaction
    gives    by id; ids of nobody are left out
    """
    return reads.lock_standing(persons)


def freeze(
    person: UUID,
    actor: Actor,
    reason: Reason,
    *,
    scope: frozenset[Scope] = frozenset({"spending", "withdrawal"}),
    disclosure: Disclosure | None = None,
    purpose: Purpose | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Standing:
    """Stop what the scope names, sign the person out everywhere, and tell them as far as the class allows.

    takes    whom, who acts, by_customer | by_staff | by_risk | by_law, scope, disclosure (that of the reason
             unless given), the purpose (required of staff), plain evidence
    gives    the standing after; a freeze adds to an earlier one and never loosens it
    refuses  not_found, purpose_missing
    """
    order = FreezeOrder(reason, scope, disclosure or disclosure_of(reason), dict(evidence or {}))
    with transaction.atomic():
        return _standing.freeze(person, actor, order, purpose=purpose)


def freeze_self(person: UUID, *, proof: str) -> None:
    """Freeze on the person's own word; `proof` names what they showed (session, sms_code)."""
    _freeze_self(person, proof=proof)


def release(person: UUID, actor: Actor, *, purpose: Purpose | None = None) -> Standing:
    """Lift a freeze after the caller has asked for the proofs.

    takes    whom, who acts, the purpose (required of staff)
    gives    the standing after
    refuses  not_found, release_needs_staff, purpose_missing
    """
    with transaction.atomic():
        return _standing.release(person, actor, purpose=purpose)


def end_sessions(person: UUID) -> None:
    """Sign a person out everywhere."""
    _end_sessions(person)


def register_customer(phone: str, name: str, password: str, pin: str | None, *, language: str = "en") -> UUID:
    """A customer whose number somebody else has verified: for migrations and tests, never for a page.

    takes    E.164 number, name, password (not judged), PIN or None, language
    gives    the person's id; `person.registered` is emitted
    refuses  already_registered, name_missing, pin_too_simple
    """
    return register.register_customer(phone, name, password, pin, language)


def create_staff(email: str, name: str, role: Role, password: str, totp_secret: str | None = None) -> UUID:
    """A member of staff; without a secret the authenticator is set up at the first sign-in.

    takes    mail address, name, agent | supervisor, password, base32 secret or None
    gives    the id
    refuses  email_taken, password_too_weak, name_missing
    source   RFC 6238
    """
    return _create_staff.create_staff(email, name, role, password, totp_secret)


def set_language(person: UUID, language: str) -> None:
    """Remember the language a person chose; one that is not offered is ignored."""
    _set_language.set_language(person, language)
