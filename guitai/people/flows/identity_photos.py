"""Tier 2: photos of the document and of its holder, sent for review, sent again, or taken back."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import files
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost
from guitai.people import identity_reads
from guitai.people.errors import (
    IdentityConfirmed,
    IdentityNeeded,
    PhotosMissing,
    ReviewNotOpen,
    ReviewOpen,
    TooManyAttempts,
    TooYoung,
)
from guitai.people.flows.standing import hold
from guitai.people.identity_policy import identity_policy
from guitai.people.identity_types import PHOTOS, Identity, Photo
from guitai.people.models import IdentityDocument, IdentityReview
from guitai.people.models.identity import OPEN_STATES
from guitai.people.queue import defer_reading
from guitai.people.rules.documents import TWO_SIDED

# Below this the small print of a card cannot be read.
PICTURE_MIN = (640, 400)
_TRIES_A_DAY = 10


def send_photos(person: UUID, photos: Mapping[Photo, files.Upload]) -> Identity:
    """See `people.api.send_photos`."""
    if not allow("people.photos", str(person), limit=_TRIES_A_DAY, window_s=86_400):
        raise TooManyAttempts()
    document, review = _begin(person)
    if review is None:
        _check_complete(document, photos)
    elif not photos:
        raise PhotosMissing(missing=["front"])
    with outermost():
        kept = {
            which: files.store(upload, owner=person, picture_min=PICTURE_MIN).id
            for which, upload in photos.items()
        }
        hold(person)
        _write(person, document, kept)
    return identity_reads.identity(person)


def withdraw_review(person: UUID) -> None:
    """See `people.api.withdraw_review`."""
    with outermost():
        row = (
            IdentityReview.objects.select_for_update()
            .filter(person_id=person, state__in=("waiting", "better_photos"))
            .first()
        )
        if row is None:
            raise ReviewNotOpen()
        files.erase(row.photos.values())
        row.state, row.decided_at = "withdrawn", now()
        row.front = row.back = row.selfie = row.reading_sealed = None
        row.save()
        actor, subject = Actor("customer", str(person)), ("person", str(person))
        audit.record(actor, "person.review_withdrawn", subject, details={"review": str(row.id)})


def needed_photos(kind: str) -> tuple[Photo, ...]:
    """Which photos a document of this kind needs."""
    return tuple(which for which in PHOTOS if which != "back" or kind in TWO_SIDED)


def _begin(person: UUID) -> tuple[IdentityDocument, IdentityReview | None]:
    """What the photos are for: a document, and the review that asked for better ones."""
    document = identity_reads.current_document(person)
    if document is None:
        raise IdentityNeeded(tier=1)
    if document.verified_at and not identity_reads.ends_soon(document, now().date()):
        raise IdentityConfirmed()
    if identity_reads.tier_max(document) < 2:
        raise TooYoung(minimum=identity_policy().adult_age)
    review = IdentityReview.objects.filter(person_id=person, state__in=OPEN_STATES).first()
    if review is not None and review.state != "better_photos":
        raise ReviewOpen()
    return document, review


def _check_complete(document: IdentityDocument, photos: Mapping[Photo, files.Upload]) -> None:
    missing = [which for which in needed_photos(document.kind) if which not in photos]
    if missing:
        raise PhotosMissing(missing=list(missing))


def _write(person: UUID, document: IdentityDocument, kept: dict[Photo, UUID]) -> None:
    moment = now()
    due = moment + timedelta(hours=identity_policy().review_hours)
    row = IdentityReview.objects.select_for_update().filter(person_id=person, state="better_photos").first()
    if row is None:
        row = IdentityReview(id=new_id(), person_id=person, document=document)
    else:
        row.turn += 1
        files.erase(old for which, old in row.photos.items() if which in kept)
    for which, file_id in kept.items():
        setattr(row, which, file_id)
    row.state, row.sent_at, row.due_at, row.reason, row.reading_sealed = "waiting", moment, due, "", None
    row.claimed_by = row.claimed_at = row.first_by = row.words_sealed = None
    row.flags = _flags(document, row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ReviewOpen() from error
    actor, subject = Actor("customer", str(person)), ("person", str(person))
    details = {"review": str(row.id), "photos": sorted(kept), "turn": row.turn}
    audit.record(actor, "person.photos_sent", subject, details=details)
    defer_reading(row.id)


def _flags(document: IdentityDocument, row: IdentityReview) -> list[str]:
    """What the reviewer should look at twice."""
    found = []
    if files.same_originals(row.photos.values()):
        found.append("photo_of_another")
    if document.country != identity_policy().home_country:
        found.append("foreign")
    if IdentityReview.objects.filter(person_id=document.person_id, state="refused").exists():
        found.append("refused_before")
    return found
