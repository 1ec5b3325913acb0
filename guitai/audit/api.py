"""The door of the audit record."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import msgspec

from guitai.audit import purposes
from guitai.audit.flows.seal import seal as _seal
from guitai.audit.flows.verify import verify as _verify
from guitai.audit.models import AuditRow
from guitai.audit.types import Entry, Findings, Purpose, RecordedEntry
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit import sql
from guitai.kit.transactions import required

_ENTRIES_MAX = 200
_ROWS = sql.Table(
    "audit_row",
    at="timestamptz", actor_kind="text", actor_id="text", action="text", subject_kind="text", subject_id="text",
    purpose_kind="text", purpose_id="text", reason="text", details="jsonb",
)  # fmt: skip


def record(
    actor: Actor,
    action: str,
    subject: tuple[str, str],
    *,
    purpose: Purpose | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Record one act or one look.

    takes    who, what (`case.taken`), on which (kind, id), for which purpose, with plain JSON details
    gives    nothing; the row commits with the caller's transaction or not at all
    refuses  purpose_missing when staff act without one, purpose_not_real when no such case or review exists
    """
    record_many([Entry(actor, action, subject, purpose, details or {})])


def record_many(entries: Sequence[Entry]) -> None:
    """`record` for a batch, in one statement."""
    required()
    for actor, purpose in dict.fromkeys((entry.actor, entry.purpose) for entry in entries):
        purposes.check(actor, purpose)
    moment = now()
    _ROWS.insert([
        (
            moment, entry.actor.kind, entry.actor.id, entry.action, entry.subject[0], str(entry.subject[1]),
            *((p.kind, str(p.id), p.reason) if (p := entry.purpose) else ("", "", "")),
            msgspec.json.encode(entry.details).decode(),
        )
        for entry in entries
    ])  # fmt: skip


def set_purpose_checker(kind: str, checker: Callable[[Actor, Purpose], bool]) -> None:
    """The room that owns a kind of purpose answers whether one is real; `site.wiring` names it."""
    purposes.set_checker(kind, checker)


def entries_about(
    subject: tuple[str, str],
    limit: int = 50,
    *,
    actions: Collection[str] = (),
    actor_kind: str = "",
    before: int | None = None,
) -> list[RecordedEntry]:
    """What was done to or seen of a thing, newest first.

    takes    (kind, id), the most entries wanted (at most 200); only these actions, only actors of this kind, only
             what came before the entry with this id
    gives    RecordedEntry values
    """
    rows = AuditRow.objects.filter(subject_kind=subject[0], subject_id=str(subject[1])).order_by("-id")
    rows = rows.filter(action__in=actions) if actions else rows
    rows = rows.filter(actor_kind=actor_kind) if actor_kind else rows
    rows = rows.filter(id__lt=before) if before is not None else rows
    return [_recorded(row) for row in rows[: max(0, min(limit, _ENTRIES_MAX))]]


def seal() -> int:
    """Add a link to the chain over rows whose transactions have ended.

    gives    how many rows were sealed; 0 when there was nothing, or another process is sealing
    """
    return _seal()


def verify() -> Findings:
    """Recompute the chain.

    gives    how many rows are sealed, how many are the tail not yet sealed, and every problem in words
    """
    return _verify()


def _recorded(row: AuditRow) -> RecordedEntry:
    purpose = Purpose(row.purpose_kind, row.purpose_id, row.reason) if row.purpose_kind else None
    actor, subject = Actor(row.actor_kind, row.actor_id), (row.subject_kind, row.subject_id)
    return RecordedEntry(row.id, row.at, Entry(actor, row.action, subject, purpose, row.details))
