"""A member of staff is made by the operator, never by signing up."""

from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from guitai.audit import api as audit
from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.kit.operator import operator
from guitai.people.errors import EmailTaken, PasswordTooWeak
from guitai.people.models import User
from guitai.people.rules.name import clean_name
from guitai.people.types import Role


def create_staff(email: str, name: str, role: Role, password: str, totp_secret: str | None) -> UUID:
    """Write the person, and the second step when its secret is given."""
    email, regions = email.strip().lower(), operator().regions
    user = User(kind=User.Kind.STAFF, email=email, role=role, created_at=now(), registered_at=now())
    user.time_zone = regions[0].time_zone if regions else "UTC"
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PasswordTooWeak() from error
    user.put_name(clean_name(name))
    user.set_password(password)
    with transaction.atomic():
        if User.objects.filter(email=email).exists():
            raise EmailTaken()
        user.save(force_insert=True)
        if totp_secret:
            TOTP.activate(user, totp_secret)
        audit.record(SYSTEM, "staff.created", ("staff", str(user.id)), details={"role": role})
    return user.id
