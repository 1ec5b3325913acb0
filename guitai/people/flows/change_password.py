"""A new password for somebody who knows the present one, or who has just proved themselves another way."""

from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit.transactions import outermost, required
from guitai.notify import api as notify
from guitai.people.errors import PasswordTooWeak, PasswordUnchanged
from guitai.people.flows.check_may_act import check_may_choose
from guitai.people.flows.end_sessions import end_sessions
from guitai.people.flows.set_pin import check_own_password
from guitai.people.models import User


def change_password(person: UUID, current: str, new: str) -> User:
    """Change it and sign out everywhere; the caller keeps its own session.

    takes    whose, the present password, the new one
    gives    the person as it is now
    refuses  password_wrong, password_too_weak, password_unchanged, frozen, too_many_attempts
    """
    user = User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    check_own_password(user, current)
    check_may_choose(person)
    check_new_password(user, new)
    with outermost():
        return store_password(person, new, "person.password_changed")


def check_new_password(user: User, password: str) -> None:
    """Refuse password_too_weak and password_unchanged."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak() from error
    if user.password and check_password(password, user.password):
        raise PasswordUnchanged()


def store_password(person: UUID, password: str, action: str) -> User:
    """Write an accepted password with its record and its notice, in the caller's transaction."""
    required()
    moment = now()
    user = User.objects.select_for_update().get(id=person)
    user.set_password(password)
    user.password_at = moment
    user.save(update_fields=["password", "password_at"])
    end_sessions(person)
    audit.record(Actor("customer", str(person)), action, ("person", str(person)))
    facts = {"at": moment.isoformat()}
    notify.send(person, "people.password_changed", facts, key=f"password:{person}:{moment.isoformat()}")
    user.refresh_from_db()
    return user
