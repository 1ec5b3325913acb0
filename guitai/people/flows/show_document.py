"""An identity document shown to get out: kept sealed, looked at by staff, decided once."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound
from guitai.kit import files
from guitai.kit.throttle import allow
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.errors import DocumentDecided, DocumentWaiting, StandingChanged, TooManyAttempts
from guitai.people.flows.standing import hold, lift, note
from guitai.people.models import ReleaseDocument
from guitai.people.rules.standing import remaining
from guitai.people.standing_policy import standing_policy
from guitai.people.standing_reads import cause_of, shown_document
from guitai.people.types import ShownDocument

TOPIC = "person.document_shown"
FILES_MAX = 3
_A_DAY = 86_400
_SHOWN_A_DAY = 5


def show_document(person: UUID, cause_id: UUID, uploads: Sequence[files.Upload]) -> ShownDocument:
    """Take photos of a document for one cause.

    takes    whose, the cause, one to three uploads
    gives    ShownDocument, with the day by which we answer
    refuses  standing_changed, document_waiting, too_many_attempts, file_too_large, file_empty, file_not_accepted
    """
    if not allow("people.release_document", str(person), limit=_SHOWN_A_DAY, window_s=_A_DAY):
        raise TooManyAttempts()
    kept = [files.store(upload, owner=person).id for upload in uploads[:FILES_MAX]]
    with outermost():
        held, moment = hold(person), now()
        cause = held.open(cause_id)
        takes = (
            {code for step in cause_of(cause, held.means).release for code in step.choices}
            if cause
            else set()
        )
        if cause is None or "identity_document" not in takes or not kept:
            raise StandingChanged()
        if ReleaseDocument.objects.filter(cause_id=cause_id, state="waiting").exists():
            raise DocumentWaiting()
        row = ReleaseDocument.objects.create(
            id=new_id(),
            cause_id=cause_id,
            person_id=person,
            files=kept,
            submitted_at=moment,
            due_at=moment + timedelta(hours=standing_policy().review_hours),
        )
        cause.review_by = row.due_at
        cause.save(update_fields=["review_by"])
        actor = Actor("customer", str(person))
        note(person, "document", actor, held, {"document": str(row.id)}, None)
        emit(TOPIC, {
            "person": str(person), "cause": str(cause_id), "document": str(row.id), "reason": cause.reason,
            "due": row.due_at.isoformat(),
        })  # fmt: skip
        return shown_document(row, cause)


def decide_document(document: UUID, staff: Actor, *, accepted: bool, why: str, purpose: Purpose) -> None:
    """Say whether a document shows the person; an accepted one counts for its cause alone.

    refuses  not_found, document_decided, purpose_missing, purpose_not_real
    """
    with outermost():
        found = ReleaseDocument.objects.filter(id=document).values_list("person_id", flat=True).first()
        if found is None:
            raise NotFound()
        held, moment = hold(found), now()
        row = ReleaseDocument.objects.select_for_update().get(id=document)
        if row.state != "waiting":
            raise DocumentDecided()
        row.state, row.why = ("accepted", "") if accepted else ("declined", why)
        row.decided_at, row.decided_by = moment, str(staff)
        row.save(update_fields=["state", "why", "decided_at", "decided_by"])
        cause = held.open(row.cause_id)
        if accepted and cause is not None:
            cause.document_at = moment
            cause.save(update_fields=["document_at"])
        evidence = {"document": str(document), "decision": row.state, **({"why": why} if why else {})}
        note(found, "document", staff, held, evidence, purpose)
        kind = "people.document_accepted" if accepted else "people.document_declined"
        notify.send(found, kind, {}, key=f"document:{document}")
        if accepted and cause is not None and not remaining(cause_of(cause, held.means), frozenset()):
            # Nothing else was asked for: the person need not come back to press a button.
            lift(found, cause.id, staff, purpose=purpose, evidence={"proofs": "identity_document"})


def look_at_document(document: UUID, staff: Actor, purpose: Purpose) -> ShownDocument:
    """A document that waits, for staff; the look is recorded. Refuses not_found, purpose_missing."""
    row = ReleaseDocument.objects.select_related("cause").filter(id=document).first()
    if row is None:
        raise NotFound()
    with outermost():
        audit.record(staff, "person.document_read", ("person", str(row.person_id)), purpose=purpose)
    return shown_document(row, row.cause)
