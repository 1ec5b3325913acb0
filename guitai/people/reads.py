"""Reading persons: by id, by phone, masked, and their standing."""

from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

from django.db import transaction

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import NotFound
from guitai.kit import crypto, sql
from guitai.kit.environment import environment
from guitai.kit.operator import operator
from guitai.notify.types import Address
from guitai.people import standing_reads, webauthn
from guitai.people.models import EmailContact, Pin, StandingRow, User
from guitai.people.rules import phone as phones
from guitai.people.rules.name import masked_name
from guitai.people.rules.staff import PERMISSIONS, permissions
from guitai.people.types import (
    MaskedProfile,
    Permission,
    Profile,
    Role,
    StaffMember,
)

EMAIL = "people.email"
_BY_INDEX = """
SELECT phone_index, id FROM people_user
WHERE phone_index = ANY(%b::bytea[]) AND phone_verified AND kind = 'customer'
"""

# Standing has a file of its own and is read from here by the whole room.
history, lock_standing, standing = (
    standing_reads.history,
    standing_reads.lock_standing,
    standing_reads.standing,
)


def normal_phone(text: str) -> str:
    return phones.normal_phone(text, operator().phone_region, fictional=environment().developer_pages)


def phone_index(phone: str) -> bytes:
    return crypto.blind(phone, purpose="people.phone")


def find_by_phone(numbers: Iterable[str]) -> dict[str, UUID]:
    wanted = {phone_index(number): number for number in numbers}
    return {wanted[index]: person for index, person in find_by_index(list(wanted)).items()}


def find_by_index(indexes: Sequence[bytes]) -> dict[bytes, UUID]:
    return dict(sql.fetch(_BY_INDEX, [list(set(indexes))])) if indexes else {}


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
        tier=_tier(person),
        time_zone=user.time_zone,
    )


def _tier(person: UUID) -> int:
    return StandingRow.objects.filter(person_id=person).values_list("tier", flat=True).first() or 0


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
    return (
        Address(user.phone, user.email or email_of(person), user.language, user.time_zone) if user else None
    )


def email_of(person: UUID) -> str:
    """The mail address a person has proved, or nothing."""
    row = EmailContact.objects.filter(person_id=person, verified_at__isnull=False).first()
    return crypto.unseal(bytes(row.address_sealed), purpose=EMAIL, row=person) if row else ""


def customers_after(last: UUID | None, limit: int) -> list[UUID]:
    customers = User.objects.filter(kind=User.Kind.CUSTOMER, is_active=True, registered_at__isnull=False)
    if last is not None:
        customers = customers.filter(id__gt=last)
    return list(customers.order_by("id").values_list("id", flat=True)[:limit])


def staff_member(person: UUID) -> StaffMember:
    user = User.objects.filter(id=person, kind=User.Kind.STAFF).first()
    if user is None:
        raise NotFound()
    return StaffMember(user.id, user.name, user.email, cast(Role, user.role), permissions(user.role))


def staff_with(permission: Permission) -> list[StaffMember]:
    roles = [role for role, held in PERMISSIONS.items() if permission in held]
    rows = User.objects.filter(kind=User.Kind.STAFF, is_active=True, role__in=roles).order_by("id")
    return [
        StaffMember(one.id, one.name, one.email, cast(Role, one.role), permissions(one.role)) for one in rows
    ]


def has_passkey(person: UUID) -> bool:
    return bool(webauthn.passkeys_of([person]).get(person))


def has_pin(person: UUID) -> bool:
    return Pin.objects.filter(person_id=person).exists()
