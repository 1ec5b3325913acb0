"""End a PIN on staff's decision: nobody learns it, and only its owner chooses the next one."""

from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit.transactions import required
from guitai.notify import api as notify
from guitai.people.errors import PinNotSet
from guitai.people.models import Pin, User


def forget_pin(person: UUID, staff: Actor, purpose: Purpose) -> None:
    """See `people.api.forget_pin`."""
    required()
    if not Pin.objects.filter(person_id=person).delete()[0]:
        raise PinNotSet()
    User.objects.filter(id=person).update(pin_ended_at=now())
    audit.record(staff, "person.pin_ended", ("person", str(person)), purpose=purpose)
    notify.send(person, "people.pin_ended", {}, key=f"pin-ended:{person}:{now().isoformat()}")
