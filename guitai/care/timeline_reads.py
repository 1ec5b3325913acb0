"""What happened in and around a case, a page at a time: its events, its clocks' steps, the times that were told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from guitai.care import reads
from guitai.care.models import CaseEvent, ClockEventRow, Evidence, Message, Promise
from guitai.care.types import ClockStep, EventView, PromiseStep
from guitai.kit.keysets import Before, newest

_NUMBER_MAX = (1 << 31) - 1


def events(
    case: UUID, before: Before | None, limit: int, *, kinds: Collection[str], without: bool
) -> list[tuple[UUID, EventView]]:
    """Events of some kinds, or of all others, with their words and files, newest first."""
    rows = CaseEvent.objects.filter(case_id=case)
    rows = rows.exclude(kind__in=kinds) if without else rows.filter(kind__in=kinds)
    # By their number in the case, so that what was written in one moment stays in its order; as keys of a timeline
    # are ids, the number goes as one.
    if before is not None:
        rows = rows.filter(
            Q(at__lt=before.at) | Q(at=before.at, sequence__lt=min(before.key.int, _NUMBER_MAX))
        )
    found = list(rows.order_by("-at", "-sequence")[:limit])
    return [(UUID(int=row.sequence), view) for row, view in zip(found, _views(found), strict=True)]


def _views(rows: Sequence[CaseEvent]) -> list[EventView]:
    """Events with their messages and files, read together."""
    ids = [row.message_id for row in rows if row.message_id]
    messages = {message.id: message for message in Message.objects.filter(id__in=ids)} if ids else {}
    files = Evidence.objects.filter(message_id__in=ids).order_by("id") if ids else ()
    evidence = reads.evidence_of(files)
    return [reads.event_view(row, messages.get(row.message_id), evidence) for row in rows]


def clock_steps(case: UUID, before: Before | None, limit: int) -> list[ClockStep]:
    """Starts, pauses and ends of a case's clocks, newest first."""
    rows = ClockEventRow.objects.filter(clock__case_id=case).select_related("clock")
    return [
        ClockStep(row.id, row.at, row.clock.metric, row.kind, _moment(row.facts.get("due_at")))
        for row in newest(rows, before, limit)
    ]


def promises_told(
    case: UUID, operations: Collection[UUID], before: Before | None, limit: int
) -> list[PromiseStep]:
    """Times that the customer was told, for the case or about its operations, newest first."""
    found = newest(_promises(case, operations), before, limit, at="told_at")
    return [PromiseStep(row.id, row.told_at, row.what, row.by_when, "open") for row in found]


def promises_ended(
    case: UUID, operations: Collection[UUID], before: Before | None, limit: int
) -> list[PromiseStep]:
    """How such times ended: kept or broken, newest first."""
    rows = _promises(case, operations).filter(state__in=("kept", "broken"))
    return [
        PromiseStep(row.id, row.ended_at, row.what, row.by_when, row.state)
        for row in newest(rows, before, limit, at="ended_at")
    ]


def _promises(case: UUID, operations: Collection[UUID]) -> Any:
    about = Q(subject_kind="operation", subject__in=list(operations))
    return Promise.objects.filter(Q(case_id=case) | about)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
