"""Write, publish, follow up, end and withdraw an announcement; tell everybody where that is wanted."""

from collections.abc import Mapping
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care.announcement_types import AnnouncementDraft
from guitai.care.errors import AnnouncementInvalid, MoveRefused, NotFound
from guitai.care.models import Announcement, AnnouncementUpdate
from guitai.care.rules.announcements import check_draft
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import api as people

_BATCH = 500


def draft(given: AnnouncementDraft, staff: Actor, announcement: UUID | None = None) -> UUID:
    """See `care.api.draft_announcement`."""
    check_draft(given)
    with outermost():
        row = _locked(announcement) if announcement else Announcement(written_by=UUID(staff.id))
        if row.state != "draft":
            raise MoveRefused()
        row.kind, row.service = given.kind, given.service
        row.title, row.words = dict(given.title), dict(given.words)
        row.effective_at, row.ends_at = given.effective_at, given.ends_at
        row.tell_everybody = given.tell_everybody
        row.save()
        _record(staff, "care.announcement_drafted", row)
    return row.id


def publish(announcement: UUID, staff: Actor) -> None:
    """See `care.api.publish_announcement`."""
    with outermost():
        row = _locked(announcement)
        if row.state != "draft":
            raise MoveRefused()
        if row.ends_at is not None and row.ends_at <= now():
            raise AnnouncementInvalid(field="ends_at", problem="passed")
        row.state, row.published_at, row.published_by = "published", now(), UUID(staff.id)
        row.save()
        _record(staff, "care.announcement_published", row)


def update(announcement: UUID, words: Mapping[str, str], staff: Actor, *, ended: bool) -> None:
    """See `care.api.update_announcement`."""
    if not all(words.get(language, "").strip() for language in ("en", "zh-hans")):
        raise AnnouncementInvalid(field="words", problem="missing")
    with outermost():
        row = _locked(announcement)
        if row.state != "published":
            raise MoveRefused()
        AnnouncementUpdate.objects.create(announcement=row, words=dict(words), written_by=UUID(staff.id))
        if ended:
            row.ends_at = now()
            row.save(update_fields=["ends_at"])
        _record(staff, "care.announcement_ended" if ended else "care.announcement_updated", row)


def withdraw(announcement: UUID, staff: Actor) -> None:
    """See `care.api.withdraw_announcement`."""
    with outermost():
        row = _locked(announcement)
        if row.state == "withdrawn":
            return
        row.state, row.published_at = "withdrawn", row.published_at or now()
        row.save()
        _record(staff, "care.announcement_withdrawn", row)


def tell_next_batch() -> int:
    """Tell some hundred customers of an announcement that everybody is to hear of; gives how many were told."""
    with outermost():
        row = (
            Announcement.objects.select_for_update(skip_locked=True)
            .filter(state="published", tell_everybody=True, told_at=None)
            .order_by("published_at")
            .first()
        )
        if row is None:
            return 0
        customers = people.customers_after(row.told_to, _BATCH)
        for customer in customers:
            notify.send(
                customer,
                "care.announcement",
                {"announcement": str(row.id)},
                key=f"announcement:{row.id}:{customer}",
            )
        row.told_to = customers[-1] if customers else row.told_to
        row.told_at = None if len(customers) == _BATCH else now()
        row.save(update_fields=["told_to", "told_at"])
        return len(customers)


def is_announcement(text: str) -> bool:
    """Whether this is the id of an announcement."""
    try:
        return Announcement.objects.filter(id=UUID(text)).exists()
    except ValueError:
        return False


def _locked(announcement: UUID) -> Announcement:
    row = Announcement.objects.select_for_update().filter(id=announcement).first()
    if row is None:
        raise NotFound()
    return row


def _record(staff: Actor, action: str, row: Announcement) -> None:
    audit.record(
        staff,
        action,
        ("announcement", str(row.id)),
        purpose=Purpose("announcement", str(row.id), "announced"),
    )
