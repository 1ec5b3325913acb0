"""End sessions: one, those of a device, all others, all. And give a device a name."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.kit.transactions import outermost
from guitai.people.models import Device, SignIn
from guitai.people.rules.device import device_name


def sign_out_one(person: UUID, sign_in: UUID) -> None:
    """End one session of one's own; refuses not_found."""
    with outermost():
        if not _end(SignIn.objects.filter(person_id=person, id=sign_in, ended_at=None)):
            raise NotFound()
        _record(person, "person.session_ended", {"sign_in": str(sign_in)})


def sign_out_others(person: UUID, kept: str) -> int:
    """End all sessions but one; gives how many."""
    with outermost():
        ended = _end(SignIn.objects.filter(person_id=person, ended_at=None).exclude(session_key=kept))
        _record(person, "person.sessions_ended", {"sessions": ended})
    return ended


def forget_device(person: UUID, device: UUID) -> None:
    """End the sessions of a device and forget it: it is a new one next time; refuses not_found."""
    with outermost():
        row = Device.objects.select_for_update().filter(person_id=person, id=device).first()
        if row is None:
            raise NotFound()
        _end(SignIn.objects.filter(device=row, ended_at=None))
        row.delete()
        _record(person, "person.device_forgotten", {"device": row.label})


def name_device(person: UUID, device: UUID, name: str) -> None:
    """Give a device of one's own a name; an empty one takes the name away; refuses not_found."""
    if not Device.objects.filter(person_id=person, id=device).update(name=device_name(name)):
        raise NotFound()


def note_sign_out(session_key: str | None) -> None:
    """A session was ended by whoever held it."""
    if session_key:
        SignIn.objects.filter(session_key=session_key, ended_at=None).update(ended_at=now())


def _end(rows: "QuerySet[SignIn]") -> int:
    keys: Iterable[str] = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return int(rows.update(ended_at=now()))


def _record(person: UUID, action: str, details: dict[str, object]) -> None:
    audit.record(Actor("customer", str(person)), action, ("person", str(person)), details=details)
