"""A sign-in that succeeded: its device, its place, its record, and the notice when something is new."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import crypto
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.links import link, path
from guitai.people.models import Device, SignIn, User
from guitai.people.places import place_of
from guitai.people.policies import sign_in_policy
from guitai.people.rules.device import device_kind, device_label, neighbourhood
from guitai.people.rules.sign_in import Asking, Past, Why, reasons

_PLACES_FOR = timedelta(days=90)
SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from. The token is what the device itself keeps; empty when it has none."""

    token: str
    address: str
    user_agent: str
    app: bool = False
    label: str = ""


def why_second_step(user: User, visitor: Visitor) -> tuple[Why, ...]:
    """Why this sign-in needs a second step; nothing when it does not."""
    policy = sign_in_policy()
    rows = SignIn.objects.filter(person=user, denied_at=None)
    places = rows.filter(at__gt=now() - _PLACES_FOR).exclude(place="").values_list("place", flat=True)
    device = _known(user.id, visitor)
    past = Past(
        any_sign_in=rows.exists(),
        device_seen_at=device.seen_at if device else None,
        places=frozenset(places.distinct()),
    )
    asking = Asking(policy.ask_on_new_device, policy.ask_on_unusual_place, policy.device_known_days)
    return reasons(past, place_of(visitor.address), asking, now(), chosen=user.always_second_step)


def note_sign_in(
    user: User, visitor: Visitor, session_key: str, methods: list[str], *, signed_up: bool
) -> UUID:
    """Write the sign-in down and say so when its device or place is new.

    takes    who, from where, the session that was opened, what was shown (password, code, passkey, …), whether this
             is the end of signing up
    gives    the id of the sign-in
    """
    moment, why = now(), why_second_step(user, visitor)
    first = not SignIn.objects.filter(person=user).exists()
    with outermost():
        device = _remembered(user.id, visitor, moment)
        row = SignIn(
            id=new_id(),
            person=user,
            device=device,
            session_key=session_key,
            generation=user.session_generation,
            at=moment,
            seen_at=moment,
            methods=",".join(dict.fromkeys(methods))[:60],
            network=neighbourhood(visitor.address),
            place=place_of(visitor.address),
            unusual="unusual_place" in why,
        )
        row.save(force_insert=True)
        details = {"methods": row.methods, "device": device.label if device else "", "place": row.place}
        audit.record(
            Actor("customer", str(user.id)), "person.signed_in", ("person", str(user.id)), details=details
        )
        if not signed_up and not first and set(why) & {"new_device", "unusual_place"}:
            _tell(row, device)
    return row.id


def note_use(session_key: str, address: str, moment: datetime) -> None:
    """A session was used just now, and from where."""
    rows = SignIn.objects.filter(session_key=session_key)
    rows.update(seen_at=moment, network=neighbourhood(address), place=place_of(address))
    Device.objects.filter(id__in=rows.exclude(device=None).values("device_id")).update(seen_at=moment)


def keep_session(before: str, key: str, generation: int) -> None:
    """A session goes on under a new key, although all others are over."""
    SignIn.objects.filter(session_key=before).update(session_key=key, generation=generation)


def device_code(person: UUID, token: str) -> bytes:
    """What is kept of a device's token: of no use elsewhere, and different for each person who shares the device."""
    return crypto.mac("people.device", str(person), token)


def _known(person: UUID, visitor: Visitor) -> Device | None:
    if not visitor.token:
        return None
    return Device.objects.filter(person_id=person, token=device_code(person, visitor.token)).first()


def _remembered(person: UUID, visitor: Visitor, moment: datetime) -> Device | None:
    """The device of this visitor, made when it is new; an app that does not name itself is none."""
    if not visitor.token:
        return None
    label = visitor.label or device_label(visitor.user_agent)
    device, _ = Device.objects.update_or_create(
        person_id=person,
        token=device_code(person, visitor.token),
        defaults={
            "kind": device_kind(visitor.user_agent, app=visitor.app),
            "label": label,
            "seen_at": moment,
        },
        create_defaults={
            "id": new_id(),
            "kind": device_kind(visitor.user_agent, app=visitor.app),
            "label": label,
            "first_at": moment,
            "seen_at": moment,
        },
    )
    return device


def _tell(row: SignIn, device: Device | None) -> None:
    facts = {
        "at": row.at.isoformat(),
        "device": (device.label if device else "") or "–",
        "place": row.place or row.network or "–",
        "link": link("not_me", row.id),
        "path": path("not_me", row.id),
    }
    notify.send(row.person_id, "people.new_sign_in", facts, key=f"sign-in:{row.id}")
