"""A new password for somebody who forgot it: the number's code proves who is asking."""

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.notify import api as notify
from guitai.people.errors import Frozen, PasswordTooWeak
from guitai.people.flows.end_sessions import end_sessions
from guitai.people.flows.send_code import check_code
from guitai.people.models import User
from guitai.people.reads import standing


def reset_password(phone: str, code: str, password: str, sent: UUID) -> None:
    """Set a new password and sign out everywhere; refused while the wallet is frozen."""
    try:
        validate_password(password, User(phone_sealed=None))
    except ValidationError as error:
        raise PasswordTooWeak() from error
    person = check_code("reset", phone, code, sent=sent)
    current = standing(person)
    if current.state != "active":
        # A stolen phone must not be able to undo the freeze that was meant against it.
        raise Frozen(since=current.since.isoformat() if current.since else "")
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=person)
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sessions(person)
        audit.record(Actor("customer", str(person)), "person.password_reset", ("person", str(person)))
        moment = now().isoformat()
        notify.send(person, "people.password_changed", {"at": moment}, key=f"password:{person}:{moment}")
