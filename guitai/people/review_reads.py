"""The staff's queue of identity reviews, and one review in full."""

from uuid import UUID

import msgspec
from django.db.models import Q

from guitai.base.clock import now
from guitai.kit import crypto
from guitai.kit.cursors import Page, decode, encode
from guitai.people import reads
from guitai.people.identity_types import PHOTOS, Reading, ReviewLine, ReviewState, ReviewWork
from guitai.people.models import IdentityReview
from guitai.people.models.identity import READING
from guitai.people.rules.reviews import CLAIM_HOLDS

LIMIT = 40
_QUEUED = ("waiting", "claimed", "second_look")


def reviews(staff: UUID, cursor: str | None) -> Page[ReviewLine]:
    """What waits for staff, by its due time: what nobody holds, what this member holds, what was left alone."""
    left_alone = now() - CLAIM_HOLDS
    rows = IdentityReview.objects.select_related("document").filter(state__in=_QUEUED)
    rows = rows.filter(Q(claimed_by=None) | Q(claimed_by=staff) | Q(claimed_at__lt=left_alone))
    rows = rows.order_by("due_at", "id")
    if cursor:
        due, after = decode(cursor)
        rows = rows.filter(Q(due_at__gt=due) | Q(due_at=due, id__gt=after))
    found = list(rows[: LIMIT + 1])
    shown = found[:LIMIT]
    names = reads.masked([row.person_id for row in shown])
    lines = [line(row, names[row.person_id].name) for row in shown]
    last = shown[-1] if len(found) > LIMIT else None
    return Page(lines, encode(last.due_at.isoformat(), str(last.id)) if last else None)


def second_looks() -> list[ReviewLine]:
    """What one person has confirmed and another has yet to, by its due time."""
    rows = IdentityReview.objects.select_related("document").filter(state="second_look")
    found = list(rows.order_by("due_at", "id")[:LIMIT])
    names = reads.masked([row.person_id for row in found])
    return [line(row, names[row.person_id].name) for row in found]


def waiting_count() -> int:
    """How many reviews nobody holds."""
    return IdentityReview.objects.filter(state__in=_QUEUED, claimed_by=None).count()


def review_line(review: UUID) -> ReviewLine | None:
    """One review, masked."""
    row = IdentityReview.objects.select_related("document").filter(id=review).first()
    return line(row, reads.masked([row.person_id])[row.person_id].name) if row else None


def line(row: IdentityReview, name: str) -> ReviewLine:
    return ReviewLine(
        id=row.id,
        person=row.person_id,
        name=name,
        state=_state(row.state),
        kind=row.document.kind,
        country=row.document.country,
        sent_at=row.sent_at,
        due_at=row.due_at,
        claimed_by=row.claimed_by,
        first_by=row.first_by,
        turn=row.turn,
        flags=tuple(row.flags),
    )


def review_work(row: IdentityReview, *, needs_second: bool) -> ReviewWork:
    """A review in full, for its holder."""
    document = row.document
    return ReviewWork(
        line=line(row, document.name),
        number=document.number,
        name=document.name,
        birth=document.birth,
        declared_expiry=document.expires_on,
        photos=tuple(which for which in PHOTOS if which in row.photos),
        reading=_reading(row),
        needs_second=needs_second,
        first_expiry=row.expires_on if row.state == "second_look" else None,
    )


def _reading(row: IdentityReview) -> Reading | None:
    if not row.reading_sealed:
        return None
    opened = crypto.unseal(bytes(row.reading_sealed), purpose=READING, row=row.id)
    return msgspec.json.decode(opened, type=Reading)


def _state(text: str) -> ReviewState:
    return msgspec.convert(text, ReviewState)
