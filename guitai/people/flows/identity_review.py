"""Staff compare photos with a document: claim, decide, and a second person where the policy asks for one."""

from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.kit import crypto, files
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import reads, review_reads
from guitai.people.errors import (
    NotPermitted,
    ReviewNeedsAnother,
    ReviewNeedsClaim,
    ReviewNotOpen,
    ReviewTaken,
)
from guitai.people.flows.set_tier import set_tier
from guitai.people.flows.standing import hold
from guitai.people.identity_policy import identity_policy
from guitai.people.identity_types import Photo, ReviewWork, Verdict
from guitai.people.models import IdentityDocument, IdentityReview
from guitai.people.models.identity import WORDS
from guitai.people.rules.reviews import CLAIM_HOLDS, check_verdict, lowers_tier

_WORDS_MAX = 300
PURPOSE = "identity"


def claim_review(review: UUID, staff: Actor) -> None:
    """See `people.api.claim_review`."""
    with outermost():
        row = _locked(review)
        if row.state not in ("waiting", "claimed", "second_look"):
            raise ReviewNotOpen()
        _check_may_hold(row, staff)
        row.claimed_by, row.claimed_at = UUID(staff.id), now()
        row.state = row.state if row.state == "second_look" else "claimed"
        row.save(update_fields=["claimed_by", "claimed_at", "state"])
        _record(row, staff, "person.review_claimed", "compare photos and document")


def release_review(review: UUID, staff: Actor) -> None:
    """See `people.api.release_review`."""
    with outermost():
        row = _held(review, staff)
        _record(row, staff, "person.review_released", "given back to the queue")
        row.claimed_by = row.claimed_at = None
        row.state = "waiting" if row.state == "claimed" else row.state
        row.save(update_fields=["claimed_by", "claimed_at", "state"])


def open_review(review: UUID, staff: Actor) -> ReviewWork:
    """See `people.api.review_work`."""
    with outermost():
        row = _held(review, staff)
        _record(row, staff, "person.identity_seen", "compare photos and document")
        return review_reads.review_work(row, needs_second=needs_second(row.document))


def open_photo(review: UUID, which: Photo, staff: Actor) -> tuple[files.StoredFile, bytes]:
    """See `people.api.review_photo`."""
    with outermost():
        row = _held(review, staff)
        file_id = row.photos.get(which)
        if file_id is None:
            raise NotFound()
        _record(row, staff, "person.photo_seen", "compare photos and document", {"photo": which})
        return files.read(file_id)


def decide_review(review: UUID, staff: Actor, verdict: Verdict) -> None:
    """See `people.api.decide_review`."""
    check_verdict(verdict, now().date())
    with outermost():
        person = IdentityReview.objects.filter(id=review).values_list("person_id", flat=True).first()
        if person is None:
            raise NotFound()
        hold(person)
        row = _held(review, staff)
        document = IdentityDocument.objects.select_for_update().get(id=row.document_id)
        if document.state != "current":
            raise ReviewNotOpen()
        if verdict.what == "approve" and row.state != "second_look" and needs_second(document):
            _agree_first(row, staff, verdict)
        elif verdict.what == "approve":
            _approve(row, document, staff, verdict)
        elif verdict.what == "better_photos":
            _ask_better(row, staff, verdict)
        else:
            _refuse(row, document, staff, verdict)


def needs_second(document: IdentityDocument) -> bool:
    """Whether the policy wants a second person to agree."""
    policy = identity_policy()
    foreign = document.country != policy.home_country
    return policy.second_person == "always" or (policy.second_person == "foreign" and foreign)


def is_identity_review(actor: Actor, purpose: Purpose) -> bool:
    """See `people.api.is_identity_review`."""
    try:
        row = IdentityReview.objects.filter(id=UUID(purpose.id)).first()
    except ValueError:
        return False
    return row is not None and actor.id in {str(row.claimed_by), str(row.first_by), str(row.decided_by)}


def _agree_first(row: IdentityReview, staff: Actor, verdict: Verdict) -> None:
    row.state, row.first_by, row.expires_on = "second_look", UUID(staff.id), verdict.expires_on
    _record(row, staff, "person.review_agreed", "agreed; a second person decides")
    row.claimed_by = row.claimed_at = None
    row.save()


def _approve(row: IdentityReview, document: IdentityDocument, staff: Actor, verdict: Verdict) -> None:
    if row.first_by == UUID(staff.id):
        raise ReviewNeedsAnother()
    row.expires_on = verdict.expires_on
    purpose = _end(row, staff, "approved", verdict)
    document.verified_at, document.expires_on, document.expiry_told_at = now(), verdict.expires_on, None
    document.save(update_fields=["verified_at", "expires_on", "expiry_told_at"])
    set_tier(row.person_id, 2, staff, purpose, {"review": str(row.id)})
    notify.send(row.person_id, "people.identity_approved", {}, key=f"review:{row.id}")
    emit("person.identity_approved", {"person": str(row.person_id), "review": str(row.id)})


def _ask_better(row: IdentityReview, staff: Actor, verdict: Verdict) -> None:
    _note_words(row, verdict)
    _record(row, staff, "person.better_photos_asked", verdict.reason, {"reason": verdict.reason})
    row.state, row.reason = "better_photos", verdict.reason
    row.claimed_by = row.claimed_at = row.first_by = None
    row.save()
    notify.send(row.person_id, "people.identity_better_photos", {}, key=f"review:{row.id}:{row.turn}")


def _refuse(row: IdentityReview, document: IdentityDocument, staff: Actor, verdict: Verdict) -> None:
    purpose = _end(row, staff, "refused", verdict)
    if lowers_tier(verdict.reason):
        # What was declared has turned out not to be so: the number is free for whom it belongs to.
        document.state = "replaced"
        document.save(update_fields=["state"])
        set_tier(row.person_id, 0, staff, purpose, {"review": str(row.id), "reason": verdict.reason})
    notify.send(row.person_id, "people.identity_refused", {}, key=f"review:{row.id}")
    payload = {"person": str(row.person_id), "review": str(row.id), "reason": verdict.reason}
    emit("person.identity_refused", payload)


def _end(row: IdentityReview, staff: Actor, state: str, verdict: Verdict) -> Purpose:
    """The decision on the row and in the record; gives the purpose it was made for."""
    _note_words(row, verdict)
    details = {"reason": verdict.reason} if verdict.reason else {}
    purpose = _record(
        row, staff, f"person.review_{state}", verdict.reason or "photos and document agree", details
    )
    row.state, row.reason, row.decided_by, row.decided_at = state, verdict.reason, UUID(staff.id), now()
    row.claimed_by = row.claimed_at = row.reading_sealed = None
    row.save()
    return purpose


def _note_words(row: IdentityReview, verdict: Verdict) -> None:
    words = " ".join("".join(c if c.isprintable() else " " for c in verdict.words).split())[:_WORDS_MAX]
    row.words_sealed = crypto.seal(words, purpose=WORDS, row=row.id) if words else None


def _check_may_hold(row: IdentityReview, staff: Actor) -> None:
    member = reads.staff_member(UUID(staff.id))
    if "identity.review" not in member.permissions:
        raise NotPermitted(permission="identity.review")
    if row.state == "second_look":
        if row.first_by == member.id:
            raise ReviewNeedsAnother()
        if "identity.confirm" not in member.permissions:
            raise NotPermitted(permission="identity.confirm")
    held = row.claimed_by not in (None, member.id)
    if held and row.claimed_at is not None and row.claimed_at > now() - CLAIM_HOLDS:
        raise ReviewTaken()


def _locked(review: UUID) -> IdentityReview:
    row = IdentityReview.objects.select_for_update().filter(id=review).first()
    if row is None:
        raise NotFound()
    return row


def _held(review: UUID, staff: Actor) -> IdentityReview:
    row = _locked(review)
    if row.state not in ("claimed", "second_look"):
        raise ReviewNotOpen()
    if row.claimed_by != UUID(staff.id):
        raise ReviewNeedsClaim()
    return row


def _record(
    row: IdentityReview, staff: Actor, action: str, reason: str, details: dict[str, str] | None = None
) -> Purpose:
    purpose = Purpose(PURPOSE, str(row.id), reason)
    more = {"review": str(row.id), **(details or {})}
    audit.record(staff, action, ("person", str(row.person_id)), purpose=purpose, details=more)
    return purpose
