"""The door of people: who somebody is, whether they may, and whether their PIN is right."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.kit.operator import operator
from guitai.notify.types import Address
from guitai.people import device_reads, reads
from guitai.people.access import (
    customer_auth,
    customer_required,
    may,
    proved_lately,
    signed_in_customer,
    staff_required,
)
from guitai.people.badges import badge_of, is_badge, plain_badge
from guitai.people.flows import change_pin as _change_pin
from guitai.people.flows import check_pins, passkey_payment, register
from guitai.people.flows import create_staff as _create_staff
from guitai.people.flows import set_language as _set_language
from guitai.people.flows.end_sessions import end_sessions as _end_sessions
from guitai.people.flows.forget_pin import forget_pin as _forget_pin
from guitai.people.identity_doors import (
    account_details,
    account_holders,
    account_kinds,
    ask_for_export,
    bind_account,
    binding,
    bindings,
    bindings_of,
    card_end_matches,
    claim_review,
    confirm_account,
    decide_review,
    declare_identity,
    document_end_matches,
    document_name,
    identity,
    is_identity_review,
    looks,
    name_of,
    open_export,
    release_review,
    review,
    review_photo,
    review_reasons,
    review_work,
    reviews,
    reviews_waiting,
    second_looks,
    send_photos,
    set_account_check,
    set_account_link,
    still_kept,
    unbind,
    withdraw_review,
)
from guitai.people.rules import phone as masks
from guitai.people.rules.phone import written_phone
from guitai.people.staff_looks import sign_ins_for_staff, standing_changes_for_staff
from guitai.people.standing_doors import (
    ask_to_close,
    cancel_closing,
    closing,
    closing_days,
    decide_document,
    erase_closed,
    freeze,
    freeze_claimed,
    freeze_self,
    history,
    is_document_purpose,
    is_policy_purpose,
    lock_after_failures,
    lock_standing,
    look_at_document,
    new_pin,
    number_locked,
    on_call,
    pin_locked,
    release,
    release_by_staff,
    set_closing_check,
    set_on_call,
    set_tier,
    standing,
    standing_for_staff,
    standings,
    told_history,
    told_standing,
    waiting_documents,
)
from guitai.people.tokens import customers_by_token as _customers_by_token
from guitai.people.types import (
    KnownDevice,
    MaskedProfile,
    PasskeyCheck,
    Permission,
    PinCheck,
    Profile,
    Role,
    StaffMember,
)

__all__ = [
    "account_details",
    "account_holders",
    "account_kinds",
    "address_of",
    "ask_for_export",
    "ask_to_close",
    "badge_of",
    "bind_account",
    "binding",
    "bindings",
    "bindings_of",
    "cancel_closing",
    "card_end_matches",
    "claim_review",
    "closing",
    "closing_days",
    "confirm_account",
    "create_staff",
    "customer_auth",
    "customer_required",
    "customers_by_token",
    "decide_document",
    "decide_review",
    "declare_identity",
    "devices_of",
    "document_end_matches",
    "document_name",
    "end_sessions",
    "erase_closed",
    "find_by_phone",
    "forget_pin",
    "freeze",
    "freeze_claimed",
    "freeze_self",
    "has_pin",
    "history",
    "identity",
    "is_badge",
    "is_document_purpose",
    "is_identity_review",
    "is_policy_purpose",
    "lock_after_failures",
    "lock_standing",
    "look_at_document",
    "looks",
    "masked",
    "masked_phone",
    "may",
    "name_of",
    "new_pin",
    "normal_phone",
    "number_locked",
    "on_call",
    "open_export",
    "payment_checks",
    "payment_options",
    "phone_index",
    "pin_checks",
    "pin_locked",
    "plain_badge",
    "profile",
    "proved_lately",
    "record_pin_outcomes",
    "register_customer",
    "release",
    "release_by_staff",
    "release_review",
    "review",
    "review_photo",
    "review_reasons",
    "review_work",
    "reviews",
    "reviews_waiting",
    "second_looks",
    "send_photos",
    "set_account_check",
    "set_account_link",
    "set_closing_check",
    "set_language",
    "set_on_call",
    "set_pin",
    "set_tier",
    "sign_ins_for_staff",
    "signed_in_customer",
    "staff_member",
    "staff_required",
    "staff_with",
    "standing",
    "standing_changes_for_staff",
    "standing_for_staff",
    "standings",
    "still_kept",
    "told_history",
    "told_standing",
    "unbind",
    "waiting_documents",
    "withdraw_review",
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


def staff_with(permission: Permission) -> list[StaffMember]:
    """Every active member of staff whose role may do something: whom to tell that it waits."""
    return reads.staff_with(permission)


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


def customers_after(last: UUID | None, limit: int) -> list[UUID]:
    """Registered customers in the order of their ids: for telling everybody something.

    takes    the last one seen before (None: from the beginning), how many
    gives    ids
    """
    return reads.customers_after(last, limit)


def customers_by_token(tokens: Sequence[str]) -> list[UUID | None]:
    """The customer behind each `X-Session-Token`, in two queries for any number of tokens.

    takes    tokens as they came, strange ones included
    gives    a person for each token, in the same order; None where `customer_auth` would find nobody. Nothing is
             written and nothing remembered, so that a sign-out counts at once
    """
    return _customers_by_token(tokens)


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


def find_by_index(indexes: Sequence[bytes]) -> dict[bytes, UUID]:
    """Customers by the keyed index of their number, for callers that keep it.

    takes    what `phone_index` gives
    gives    person by index; numbers nobody has verified are left out
    """
    return reads.find_by_index(indexes)


def devices_of(person: UUID, limit: int = 3) -> list[KnownDevice]:
    """The devices a person has signed in from lately, for that person's own request only.

    takes    whose, the most wanted
    gives    KnownDevice values, the latest sign-in first
    """
    return device_reads.devices_of(person, limit)


def has_passkey(person: UUID) -> bool:
    """Whether a passkey could approve a payment."""
    return reads.has_passkey(person)


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


def payment_options(person: UUID, binding: str) -> dict[str, Any] | None:
    """Ask for a passkey instead of the PIN, for one payment only.

    takes    who pays, the canonical text of what is approved (payee, amount, currency, and all that must not change)
    gives    `PublicKeyCredentialRequestOptionsJSON`; None when the person has no passkey. Its challenge is a keyed code
             over person, nonce and binding, good once within five minutes
    refuses  too_many_attempts
    source   WebAuthn Level 3
    """
    return passkey_payment.payment_options(person, binding)


def payment_checks(tries: Sequence[tuple[UUID, str, str | Mapping[str, Any]]]) -> list[PasskeyCheck]:
    """Judge passkeys that approve payments, inside the till's transaction, and use their challenges up.

    takes    (person, the binding of what is being paid now, the assertion as JSON text or object); challenges are
             locked FOR UPDATE in order
    gives    a PasskeyCheck for each, in the same order. Whatever is not ok refuses the payment as `passkey_refused`
             with `why`: unknown, used, expired, changed, not_verified
    source   WebAuthn Level 3, section 7.2
    """
    return passkey_payment.payment_checks(tries)


def set_pin(person: UUID, pin: str, password: str, *, current: str = "") -> None:
    """Set or change the payment PIN.

    takes    whose, six digits, the account's password, the present PIN when there is one
    gives    nothing
    refuses  pin_too_simple, password_wrong, proof_missing, pin_wrong, pin_locked, frozen, too_many_attempts
    """
    _change_pin.set_pin(person, pin, password, current=current)


def forget_pin(person: UUID, staff: Actor, *, purpose: Purpose) -> None:
    """End a payment PIN on staff's decision, in the caller's transaction: its owner chooses a new one.

    takes    whose, the member of staff, the case it is for
    gives    nothing; the person is told and sets a new one with the password
    refuses  pin_not_set, purpose_missing, purpose_not_real
    """
    _forget_pin(person, staff, purpose)


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
