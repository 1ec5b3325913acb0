"""What happened to a customer's account as staff may see it, for a case: sign-ins, and changes of standing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.kit.keysets import Before, newest
from guitai.kit.transactions import outermost
from guitai.people.device_reads import sign_ins_before
from guitai.people.models import StandingEvent
from guitai.people.standing_reads import change_of
from guitai.people.types import StandingChange


@dataclass(frozen=True, slots=True)
class SeenSignIn:
    """One sign-in: never an address, only the place and the kind of device."""

    id: UUID
    at: datetime
    device: str
    place: str
    unusual: bool
    denied: bool


def sign_ins_for_staff(
    person: UUID,
    *,
    purpose: Purpose,
    reader: Actor,
    before: Before | None = None,
    limit: int = 20,
    since: datetime | None = None,
) -> list[SeenSignIn]:
    """Sign-ins of a person, newest first, for a stated purpose.

    takes    whose, the case it is for, who reads, where a page begins, the most wanted, from when on
    gives    SeenSignIn values; the look is recorded
    refuses  purpose_missing, purpose_not_real
    """
    with outermost():
        audit.record(reader, "person.sign_ins_read", ("person", str(person)), purpose=purpose)
    return [
        SeenSignIn(
            view.id, view.at, (view.device.name or view.device.label) if view.device else "", view.place,
            view.unusual, view.denied,
        )
        for view in sign_ins_before(person, before, limit, since)
    ]  # fmt: skip


def standing_changes_for_staff(
    person: UUID,
    *,
    purpose: Purpose,
    reader: Actor,
    before: Before | None = None,
    limit: int = 20,
    since: datetime | None = None,
) -> list[tuple[UUID, StandingChange]]:
    """Changes of a person's standing, newest first, for a stated purpose; takes and refuses like `sign_ins_for_staff`.

    gives    (id, StandingChange) pairs; the look is recorded
    """
    with outermost():
        audit.record(reader, "person.standing_read", ("person", str(person)), purpose=purpose)
    rows = StandingEvent.objects.filter(person_id=person)
    rows = rows if since is None else rows.filter(at__gte=since)
    return [(row.id, change_of(row)) for row in newest(rows, before, limit)]
