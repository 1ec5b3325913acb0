"""Who looked at a person's data, and copies of it: what `/me/data/` shows."""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import RecordedEntry
from guitai.base.refusal import NotFound
from guitai.kit import files
from guitai.kit.cursors import Page, decode, encode
from guitai.kit.reasons import reason_words
from guitai.people import reads
from guitai.people.identity_types import ExportView, Look
from guitai.people.models import DataExport, User

# Looks, not acts: what staff did to a standing is said on its own page, as far as its disclosure class allows.
ACTIONS = (
    "person.profile_read",
    "person.sign_ins_read",
    "person.name_read",
    "person.account_read",
    "person.identity_seen",
    "person.photo_seen",
    "person.document_read",
)
# What a person has asked for, or takes part in: these looks are told even while something else may not be.
_OWN = frozenset({"case", "call", "identity"})
# One look after the other of these is one: pages show them each time.
_MERGED = frozenset({"person.identity_seen", "person.sign_ins_read"})
_LIMIT = 30
_EXPORTS_SHOWN = 5


def looks(person: UUID, cursor: str | None = None, limit: int = _LIMIT) -> Page[Look]:
    """Looks by staff, newest first; looks at the photos of one review that follow each other are one."""
    before = cast(int, decode(cursor)[0]) if cursor else None
    entries = audit.entries_about(
        ("person", str(person)), limit + 1, actions=ACTIONS, actor_kind="staff", before=before
    )
    shown = [entry for entry in entries[:limit] if _may_be_told(person, entry)]
    after = encode(entries[limit - 1].id) if len(entries) > limit else None
    return Page(_merged(shown), after)


def exports(person: UUID) -> list[ExportView]:
    """The latest copies of a person's data, newest first."""
    rows = list(DataExport.objects.filter(person_id=person).order_by("-asked_at")[:_EXPORTS_SHOWN])
    sizes = files.describe([row.file for row in rows if row.file])
    return [export_view(row, sizes[row.file].size if row.file in sizes else 0) for row in rows]


def export_row(person: UUID, export: UUID) -> DataExport:
    """A copy that belongs to this person; refuses not_found."""
    row = DataExport.objects.filter(id=export, person_id=person).first()
    if row is None:
        raise NotFound()
    return row


def export_view(row: DataExport, size: int = 0) -> ExportView:
    state = cast(object, row.state)
    return ExportView(row.id, state, row.asked_at, row.ready_at, row.expires_at, size)  # type: ignore[arg-type]


def _may_be_told(person: UUID, entry: RecordedEntry) -> bool:
    """Not while a silent stop is in force and somebody looks because of it: that would tell of it."""
    silent = [cause.since for cause in reads.standing(person).causes if cause.disclosure == "silent"]
    if not silent or entry.at < min(silent):
        return True
    purpose = entry.entry.purpose
    return purpose is not None and purpose.kind in _OWN


def _merged(entries: Iterable[RecordedEntry]) -> list[Look]:
    entries = list(entries)
    roles = _roles({entry.entry.actor.id for entry in entries})
    found: list[Look] = []
    for recorded in entries:
        entry = recorded.entry
        purpose = entry.purpose
        look = Look(
            id=recorded.id,
            at=recorded.at,
            action="person.identity_seen" if entry.action == "person.photo_seen" else entry.action,
            who=roles.get(entry.actor.id, ""),
            purpose=purpose.kind if purpose else "",
            purpose_id=purpose.id if purpose else "",
            # Reasons of a review of photos are our own set words: the page says them in the reader's language.
            reason=reason_words(purpose.reason) if purpose and purpose.kind != "identity" else "",
        )
        if not (
            found and look.action == found[-1].action and look.action in _MERGED and _same(found[-1], look)
        ):
            found.append(look)
    return found


def _same(one: Look, other: Look) -> bool:
    return (one.who, one.purpose, one.purpose_id) == (other.who, other.purpose, other.purpose_id)


def _roles(staff: set[str]) -> dict[str, str]:
    ids = [UUID(one) for one in staff]
    rows = User.objects.filter(id__in=ids, kind=User.Kind.STAFF).values_list("id", "role")
    return {str(member): role for member, role in rows}
