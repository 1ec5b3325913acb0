"""Reading where a person is signed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.models import Session

from guitai.base.clock import now
from guitai.kit.keysets import Before, newest
from guitai.people.models import Device, SignIn, User
from guitai.people.types import KnownDevice

_PAST_MAX = 20


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A device of a person."""

    id: UUID
    name: str
    label: str
    kind: str
    first_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """A sign-in, and the session it opened when that still runs."""

    id: UUID
    device: DeviceView | None
    at: datetime
    seen_at: datetime
    methods: tuple[str, ...]
    place: str
    current: bool
    running: bool
    denied: bool
    unusual: bool


def devices_of(person: UUID, limit: int) -> list[KnownDevice]:
    """The devices somebody has signed in from lately, the latest sign-in first."""
    found: dict[UUID, KnownDevice] = {}
    for view in past_sign_ins(person):
        if view.device is not None and view.device.id not in found:
            found[view.device.id] = KnownDevice(
                view.device.name or view.device.label, view.device.kind, view.at, view.place, view.unusual,
                view.denied, view.device.first_at,
            )  # fmt: skip
    return list(found.values())[:limit]


def sessions(person: UUID, current_key: str) -> list[SessionView]:
    """Where the person is signed in now, this session first, then by last use."""
    generation = User.objects.values_list("session_generation", flat=True).get(id=person)
    rows = SignIn.objects.filter(person_id=person, ended_at=None, generation=generation)
    found = list(rows.select_related("device").order_by("-seen_at"))
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in found], expire_date__gt=now()
        ).values_list("session_key", flat=True)
    )
    views = [_view(row, current_key, running=True) for row in found if row.session_key in alive]
    return sorted(views, key=lambda view: not view.current)


def past_sign_ins(person: UUID, *, device: UUID | None = None) -> list[SessionView]:
    """The latest sign-ins, newest first."""
    rows = SignIn.objects.filter(person_id=person).select_related("device").order_by("-at", "-id")
    if device is not None:
        rows = rows.filter(device_id=device)
    return [_view(row, "", running=False) for row in rows[:_PAST_MAX]]


def sign_ins_before(
    person: UUID, before: Before | None, limit: int, since: datetime | None
) -> list[SessionView]:
    """Sign-ins before a place in a timeline, newest first."""
    rows = SignIn.objects.filter(person_id=person).select_related("device")
    rows = rows if since is None else rows.filter(at__gte=since)
    return [_view(row, "", running=False) for row in newest(rows, before, limit)]


def idle_devices(person: UUID) -> list[DeviceView]:
    """Devices that are remembered, with nobody signed in on them."""
    running = SignIn.objects.filter(person_id=person, ended_at=None, device__isnull=False).values("device_id")
    rows = Device.objects.filter(person_id=person).exclude(id__in=running).order_by("-seen_at")
    return [_device(row) for row in rows[:_PAST_MAX]]


def device(person: UUID, device_id: UUID) -> DeviceView | None:
    row = Device.objects.filter(person_id=person, id=device_id).first()
    return _device(row) if row else None


def is_own(person: UUID, sign_in: UUID) -> bool:
    return SignIn.objects.filter(person_id=person, id=sign_in).exists()


def _view(row: SignIn, current_key: str, *, running: bool) -> SessionView:
    return SessionView(
        id=row.id,
        device=_device(row.device) if row.device else None,
        at=row.at,
        seen_at=row.seen_at,
        methods=tuple(method for method in row.methods.split(",") if method),
        place=row.place or row.network,
        current=row.session_key == current_key,
        running=running,
        denied=row.denied_at is not None,
        unusual=row.unusual,
    )


def _device(row: Device) -> DeviceView:
    return DeviceView(row.id, row.name, row.label, row.kind, row.first_at, row.seen_at)
