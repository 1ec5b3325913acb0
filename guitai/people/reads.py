"""Reading persons: by id, by phone, masked, and their standing."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection, transaction

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import NotFound
from guitai.kit import crypto
from guitai.kit.environment import environment
from guitai.kit.operator import operator
from guitai.kit.transactions import required
from guitai.notify.types import Address
from guitai.people.models import Pin, StandingEvent, StandingRow, User
from guitai.people.rules import phone as phones
from guitai.people.rules.name import masked_name
from guitai.people.rules.staff import permissions
from guitai.people.rules.standing import release_path
from guitai.people.types import (
    Disclosure,
    MaskedProfile,
    Profile,
    Reason,
    Role,
    Scope,
    StaffMember,
    Standing,
    StandingChange,
    State,
)

_HISTORY_MAX = 50
_LOCK_SHARED = """
SELECT person_id, state, scope, reason, disclosure, since FROM people_standing
WHERE person_id = ANY(%s) ORDER BY person_id FOR SHARE
"""


def normal_phone(text: str) -> str:
    return phones.normal_phone(text, operator().phone_region, fictional=environment().developer_pages)


def phone_index(phone: str) -> bytes:
    return crypto.blind(phone, purpose="people.phone")


def find_by_phone(numbers: Iterable[str]) -> dict[str, UUID]:
    wanted = {phone_index(number): number for number in numbers}
    rows = User.objects.filter(phone_index__in=wanted, phone_verified=True, kind=User.Kind.CUSTOMER)
    return {wanted[bytes(index)]: person for index, person in rows.values_list("phone_index", "id")}


def profile(person: UUID, purpose: Purpose | None, reader: Actor) -> Profile:
    user = User.objects.filter(id=person, kind=User.Kind.CUSTOMER).first()
    if user is None:
        raise NotFound()
    if purpose is not None:
        with transaction.atomic():
            audit.record(reader, "person.profile_read", ("person", str(person)), purpose=purpose)
    return Profile(
        id=user.id,
        name=user.name,
        phone=user.phone,
        language=user.language,
        registered_at=user.registered_at,
        tier=user.tier,
        time_zone=user.time_zone,
    )


def masked(persons: Iterable[UUID]) -> dict[UUID, MaskedProfile]:
    region = operator().phone_region
    found = {}
    for user in User.objects.filter(id__in=set(persons)).only(
        "id", "name_sealed", "phone_sealed", "kind", "email"
    ):
        phone = phones.masked_phone(user.phone, region) if user.phone else ""
        name = user.name if user.kind == User.Kind.STAFF else masked_name(user.name)
        found[user.id] = MaskedProfile(user.id, name or phone, phone)
    return found


def address_of(person: UUID) -> Address | None:
    user = User.objects.filter(id=person).first()
    return Address(user.phone, user.email, user.language, user.time_zone) if user else None


def staff_member(person: UUID) -> StaffMember:
    user = User.objects.filter(id=person, kind=User.Kind.STAFF).first()
    if user is None:
        raise NotFound()
    return StaffMember(user.id, user.name, user.email, cast(Role, user.role), permissions(user.role))


def has_pin(person: UUID) -> bool:
    return Pin.objects.filter(person_id=person).exists()


def standing(person: UUID) -> Standing:
    row = StandingRow.objects.filter(person_id=person).first()
    if row is None:
        raise NotFound()
    return standing_of_row(row, has_pin=has_pin(person))


def standing_of_row(row: StandingRow, *, has_pin: bool) -> Standing:
    return _standing(
        (row.person_id, row.state, row.scope, row.reason, row.disclosure, row.since), has_pin=has_pin
    )


def lock_standing(persons: Sequence[UUID]) -> dict[UUID, Standing]:
    required()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_SHARED, [sorted(set(persons))])
        # The till asks what is stopped, not how to get out: the PIN's row is not read for that.
        return {row[0]: _standing(row, has_pin=True) for row in cursor.fetchall()}


def history(person: UUID) -> list[StandingChange]:
    rows = StandingEvent.objects.filter(person_id=person).order_by("-at", "-id")[:_HISTORY_MAX]
    return [
        StandingChange(row.at, row.actor, row.action, cast(State, row.state_after), cast(Reason, row.reason))
        for row in rows
    ]


def _standing(row: tuple[UUID, str, Sequence[str], str, str, datetime], *, has_pin: bool) -> Standing:
    person, state, scope, reason, disclosure, since = cast(Any, row)
    return Standing(
        person=person,
        state=cast(State, state),
        scope=cast(frozenset[Scope], frozenset(scope)),
        reason=cast(Reason, reason),
        disclosure=cast(Disclosure, disclosure),
        since=since,
        release=release_path(state, reason, disclosure, has_pin),
    )
