"""Sign-ins of a customer as staff may see them, for a case: where from, how, and whether it was unusual."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.kit.transactions import outermost
from guitai.people.device_reads import past_sign_ins


@dataclass(frozen=True, slots=True)
class SeenSignIn:
    """One sign-in: never an address, only the place and the kind of device."""

    at: datetime
    device: str
    place: str
    unusual: bool
    denied: bool


def sign_ins_for_staff(person: UUID, *, purpose: Purpose, reader: Actor) -> list[SeenSignIn]:
    """The latest sign-ins of a person, newest first, for a stated purpose.

    takes    whose, the case it is for, who reads
    gives    SeenSignIn values; the look is recorded
    refuses  purpose_missing, purpose_not_real
    """
    with outermost():
        audit.record(reader, "person.sign_ins_read", ("person", str(person)), purpose=purpose)
    return [
        SeenSignIn(
            view.at, (view.device.name or view.device.label) if view.device else "", view.place, view.unusual,
            view.denied,
        )
        for view in past_sign_ins(person)
    ]  # fmt: skip
