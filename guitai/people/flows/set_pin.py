"""Set or change the payment PIN: the password proves who is asking."""

from uuid import UUID

from django.contrib.auth.hashers import check_password

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit import crypto
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost, required
from guitai.notify import api as notify
from guitai.people.errors import PasswordWrong, PinTooSimple, TooManyAttempts
from guitai.people.flows.check_may_act import check_may_choose
from guitai.people.models import Pin, User
from guitai.people.rules.pin import check_new_pin, clean_pin

PIN = "people.pin"


def pin_code(person: UUID, pin: str) -> bytes:
    """The keyed code of a PIN, bound to its person."""
    return crypto.mac(PIN, str(person), pin)


def choose_pin(person: UUID, pin: str) -> None:
    """Take a new PIN from somebody who has proved enough; refuses pin_too_simple, frozen."""
    pin, user = clean_pin(pin), User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    # Otherwise a stolen password would be enough to lift a freeze: its release asks for the PIN.
    check_may_choose(person)
    _check_choice(user, pin)
    with outermost():
        store_pin(user, pin)


def set_first_pin(person: UUID, pin: str) -> None:
    """The PIN chosen while signing up, when the password was given a moment ago; later it is asked for."""
    pin, user = clean_pin(pin), User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    if Pin.objects.filter(person=user).exists():
        raise PasswordWrong()
    _check_choice(user, pin)
    with outermost():
        store_pin(user, pin)


def _check_choice(user: User, pin: str) -> None:
    check_new_pin(pin, user.phone)
    if check_password(pin, user.password):
        raise PinTooSimple(why="password")


def check_own_password(user: User, password: str) -> None:
    """Refuse password_wrong, or too_many_attempts after ten tries a quarter of an hour."""
    if not allow("people.password", str(user.id), limit=10, window_s=900):
        raise TooManyAttempts()
    if not check_password(password, user.password):
        raise PasswordWrong()


def store_pin(user: User, pin: str) -> None:
    """Write an accepted PIN, with its record and its notice."""
    moment = now()
    required()
    _, created = Pin.objects.update_or_create(
        person=user,
        defaults={
            "code": pin_code(user.id, pin),
            "failures": 0,
            "locks": 0,
            "locked_until": None,
            "set_at": moment,
        },
    )
    action = "person.pin_set" if created else "person.pin_changed"
    audit.record(Actor("customer", str(user.id)), action, ("person", str(user.id)))
    if not created:
        notify.send(
            user.id,
            "people.pin_changed",
            {"at": moment.isoformat()},
            key=f"pin:{user.id}:{moment.isoformat()}",
        )
