"""Set or change the payment PIN: the password proves who is asking."""

import hmac
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import check_password

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit import crypto
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost, required
from guitai.notify import api as notify
from guitai.people.errors import PasswordWrong, PinInDocument, PinTooSimple, TooManyAttempts
from guitai.people.flows.check_may_act import check_may_choose
from guitai.people.identity_reads import current_document
from guitai.people.models import Pin, StandingRow, User
from guitai.people.rules.pin import check_new_pin, clean_pin, document_pins

PIN = "people.pin"
# In place of a proof: staff ended the PIN before, and its owner has chosen the next one.
ENDED_BY_STAFF = "staff"


def pin_code(person: UUID, pin: str) -> bytes:
    """The keyed code of a PIN, bound to its person."""
    return crypto.mac(PIN, str(person), pin)


def choose_pin(person: UUID, pin: str, *, replaced_with: str = "") -> None:
    """Take a new PIN from somebody who has proved enough; refuses pin_too_simple, frozen."""
    pin, user = clean_pin(pin), User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    # Otherwise a stolen password would be enough to lift a freeze: its release asks for the PIN.
    check_may_choose(person)
    check_choice(user, pin)
    with outermost():
        store_pin(user, pin, replaced_with=replaced_with)


def set_first_pin(person: UUID, pin: str) -> None:
    """The PIN chosen while signing up, when the password was given a moment ago; later it is asked for."""
    pin, user = clean_pin(pin), User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    if Pin.objects.filter(person=user).exists():
        raise PasswordWrong()
    check_choice(user, pin)
    with outermost():
        store_pin(user, pin)


def check_choice(user: User, pin: str) -> None:
    """Refuse a PIN that others would guess: from what people choose, or from what this person's papers say."""
    document, known = current_document(user.id), frozenset[str]()
    if document is not None:
        known = document_pins(document.number, date.fromisoformat(document.birth) if document.birth else None)
    check_new_pin(pin, user.phone, known)
    if check_password(pin, user.password):
        raise PinTooSimple(why="password")


def check_present_pin(person: UUID, number: str, birth: date) -> None:
    """Refuse pin_in_document when the PIN in use could be read off a document that is about to become known."""
    held = Pin.objects.filter(person_id=person).values_list("code", flat=True).first()
    if held is None:
        return
    guesses = [pin_code(person, guess) for guess in sorted(document_pins(number, birth))]
    if any(hmac.compare_digest(bytes(held), guess) for guess in guesses):
        raise PinInDocument()


def check_own_password(user: User, password: str) -> None:
    """Refuse password_wrong, or too_many_attempts after ten tries a quarter of an hour."""
    if not allow("people.password", str(user.id), limit=10, window_s=900):
        raise TooManyAttempts()
    if not check_password(password, user.password):
        raise PasswordWrong()


def store_pin(user: User, pin: str, *, replaced_with: str = "") -> None:
    """Write an accepted PIN, its record and its notice; `replaced_with`: which proof stood in for a forgotten one."""
    moment = now()
    required()
    # Whoever pays holds this row: no payment sees the new PIN and not that it is new.
    StandingRow.objects.select_for_update().filter(person_id=user.id).first()
    ended = User.objects.filter(id=user.id, pin_ended_at__isnull=False).update(pin_ended_at=None)
    replaced_with = replaced_with or (ENDED_BY_STAFF if ended else "")
    known: dict[str, object] = {
        "code": pin_code(user.id, pin),
        "failures": 0,
        "locks": 0,
        "locked_until": None,
        "set_at": moment,
    }
    if replaced_with:
        known |= {"replaced_at": moment, "replaced_with": replaced_with}
    _, created = Pin.objects.update_or_create(person=user, defaults=known)
    action = "pin_replaced" if replaced_with else "pin_set" if created else "pin_changed"
    details = {"with": replaced_with} if replaced_with else {}
    audit.record(
        Actor("customer", str(user.id)), f"person.{action}", ("person", str(user.id)), details=details
    )
    if replaced_with or not created:
        notify.send(
            user.id,
            f"people.{action}",
            {"at": moment.isoformat()},
            key=f"pin:{user.id}:{moment.isoformat()}",
        )
