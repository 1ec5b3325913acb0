"""Becoming a customer: a person counts as registered when the phone number is verified."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import get_language

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit.operator import operator
from guitai.kit.topics import emit
from guitai.people.errors import AlreadyRegistered
from guitai.people.flows.set_pin import store_pin
from guitai.people.models import StandingRow, User
from guitai.people.policies import agreement
from guitai.people.reads import phone_index
from guitai.people.rules.name import clean_name
from guitai.people.rules.pin import check_new_pin, clean_pin


def begin_registration(user: User, phone: str, password: str) -> User:
    """Write a person whose number is not verified yet: it finds nobody and signs nobody in."""
    regions = operator().regions
    user.kind, user.created_at, user.language = User.Kind.CUSTOMER, now(), get_language() or "en"
    user.time_zone = regions[0].time_zone if regions else "UTC"
    user.agreement_version, user.agreement_at = agreement().version, user.created_at
    user.put_phone(phone, phone_index(phone))
    user.set_password(password)
    user.password_at = user.created_at
    user.save(force_insert=True)
    return user


def finish_registration(person: UUID, phone: str) -> None:
    """The number is verified: the person can now be found, paid and signed in."""
    try:
        with transaction.atomic():
            user = User.objects.select_for_update().get(id=person)
            if user.registered_at is None:
                _register(user, phone)
    except IntegrityError as error:
        # Two sign-ups for one number were verified at the same time; the first one has it.
        raise AlreadyRegistered() from error


def _register(user: User, phone: str) -> None:
    index, moment = phone_index(phone), now()
    user.put_phone(phone, index)
    user.phone_verified, user.registered_at = True, moment
    user.save(update_fields=["phone_sealed", "phone_index", "phone_verified", "registered_at"])
    StandingRow.objects.create(person=user, since=moment)
    actor, details = Actor("customer", str(user.id)), {"agreement": user.agreement_version}
    audit.record(actor, "person.registered", ("person", str(user.id)), details=details)
    emit("person.registered", {"person": str(user.id), "phone_index": index.hex()})


def name_person(person: UUID, name: str) -> None:
    """Take the name a person gives; it may be given once, later changes need proof."""
    cleaned = clean_name(name)
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=person, kind=User.Kind.CUSTOMER)
        if user.name_sealed:
            return
        user.put_name(cleaned)
        user.save(update_fields=["name_sealed"])
        audit.record(Actor("customer", str(person)), "person.named", ("person", str(person)))


def register_customer(phone: str, name: str, password: str, pin: str | None, language: str) -> UUID:
    """A whole registration at once, for numbers that somebody else has verified (a migration, a test)."""
    with transaction.atomic():
        user = begin_registration(User(id=new_id()), phone, password)
        User.objects.filter(id=user.id).update(language=language)
        finish_registration(user.id, phone)
        name_person(user.id, name)
        if pin is not None:
            pin = clean_pin(pin)
            check_new_pin(pin, phone)
            store_pin(user, pin)
    return user.id
