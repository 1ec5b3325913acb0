"""“This wasn't me”: freeze, sign out everywhere, and tell the counter."""

from datetime import timedelta
from uuid import UUID

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.people.errors import LinkOver
from guitai.people.flows.end_sessions import end_sessions
from guitai.people.flows.freeze_now import freeze_self
from guitai.people.models import SignIn

_WORKS_FOR = timedelta(days=30)


def deny_sign_in(sign_in: UUID, *, proof: str) -> UUID:
    """Say that a sign-in was somebody else's.

    takes    the sign-in, what was shown (`notice_link`, `session`): low proof is enough to freeze
    gives    the person; saying it twice changes nothing
    refuses  link_over
    """
    row = find_sign_in(sign_in)
    if row.denied_at is not None:
        return row.person_id
    # First of all, and by itself: whatever comes after may be done again.
    freeze_self(row.person_id, proof=proof)
    with outermost():
        row = SignIn.objects.select_for_update().get(id=sign_in)
        if row.denied_at is None:
            _write_down(row, proof)
    return row.person_id


def find_sign_in(sign_in: UUID) -> SignIn:
    """A sign-in that may still be denied; refuses link_over."""
    row = SignIn.objects.select_related("device").filter(id=sign_in, at__gt=now() - _WORKS_FOR).first()
    if row is None:
        raise LinkOver()
    return row


def _write_down(row: SignIn, proof: str) -> None:
    row.denied_at = row.ended_at = now()
    row.save(update_fields=["denied_at", "ended_at"])
    device, person = row.device, str(row.person_id)
    if device is not None:
        SignIn.objects.filter(device=device, ended_at=None).update(ended_at=now())
        device.delete()
    end_sessions(row.person_id)
    label = device.label if device else ""
    details = {"sign_in": str(row.id), "proof": proof, "device": label}
    audit.record(Actor("customer", person), "person.denied_sign_in", ("person", person), details=details)
    place, moment = row.place or row.network, row.at.isoformat()
    facts = {"person": person, "sign_in": str(row.id), "device": label, "place": place, "at": moment}
    emit("person.denied_sign_in", facts)
