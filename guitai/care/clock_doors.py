"""The part of the door for what a case owes: its clocks and promises, for staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guitai.base.clock import now
from guitai.care.models import CaseClock, Promise


@dataclass(frozen=True, slots=True)
class CaseClockView:
    """Something that the case owes: by when, how much of its time is used, and whether it is late."""

    metric: str
    state: str
    since: datetime | None
    due_at: datetime | None
    ended_at: datetime | None
    late: bool
    percent: int


@dataclass(frozen=True, slots=True)
class CasePromiseView:
    """A time that the customer was told, and what became of it."""

    what: str
    told_at: datetime
    by_when: datetime
    state: str
    ended_at: datetime | None


def clocks_of(case: UUID) -> list[CaseClockView]:
    """Every clock of a case, those that run first.

    takes    the case's id
    gives    CaseClockView values
    """
    rows = CaseClock.objects.filter(case_id=case).order_by("ended_at", "due_at", "id")
    found = [_clock(row) for row in rows]
    return sorted(found, key=lambda view: view.state in ("met", "cancelled"))


def promises_of(case: UUID) -> list[CasePromiseView]:
    """Every time that a case's customer was told, in the order in which it was told."""
    return [
        CasePromiseView(row.what, row.told_at, row.by_when, row.state, row.ended_at)
        for row in Promise.objects.filter(case_id=case).order_by("told_at", "id")
    ]


def _clock(row: CaseClock) -> CaseClockView:
    percent = 0
    if row.since and row.due_at and row.due_at > row.since:
        whole = (row.due_at - row.since).total_seconds()
        percent = max(0, min(100, round(100 * ((row.ended_at or now()) - row.since).total_seconds() / whole)))
    late = row.breached_at is not None or bool(row.state == "running" and row.due_at and row.due_at <= now())
    return CaseClockView(
        row.metric, row.state, row.since, row.due_at, row.ended_at, late, 100 if late else percent
    )
