"""What else a case's page shows: its clocks, its promises, what was answered, and what may be done."""

from collections.abc import Sequence
from typing import Any

from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.care.flows.escalate import require_escalable
from guitai.care.models import Case, CaseClock, CaseEvent, Promise, Survey
from guitai.care.rules.states import OPEN
from guitai.care.types import ClockView, PromiseView

_RUNNING = ("pending", "running", "paused")


def going_on(case: Case, events: Sequence[CaseEvent]) -> dict[str, Any]:
    """The fields of a `CaseView` that are not the timeline's."""
    survey = Survey.objects.filter(case=case).values("solved", "effort").first() or {}
    opened = next((event.facts for event in events if event.kind == "opened"), {})
    return {
        "answers": opened.get("answers", {}),
        "clocks": clocks_of(case),
        "promises": promises_of(case),
        "may_escalate": may_escalate(case),
        "may_withdraw": case.state in OPEN,
        "merged_into": case.merged_into.reference if case.merged_into else None,
        "solved": survey.get("solved"),
        "effort": survey.get("effort"),
    }


def clocks_of(case: Case) -> tuple[ClockView, ...]:
    """What the case owes now, the nearest first."""
    rows = CaseClock.objects.filter(case=case, state__in=_RUNNING).order_by("due_at", "id")
    return tuple(
        ClockView(
            metric=row.metric,
            state=row.state,
            due_at=row.due_at,
            late=row.due_at is not None and row.due_at < now(),
            told=bool(row.rule.get("told")),
            source=str(row.rule.get("source", "")),
        )
        for row in rows
    )


def promises_of(case: Case) -> tuple[PromiseView, ...]:
    """What the customer was told, the newest first; a time that was replaced by another is left out."""
    rows = Promise.objects.filter(case=case).exclude(state="void").order_by("-told_at", "-id")
    return tuple(PromiseView(row.what, row.told_at, row.by_when, row.state, row.ended_at) for row in rows)


def may_escalate(case: Case) -> bool:
    """Whether the customer may ask for somebody higher now."""
    try:
        require_escalable(case)
    except Refusal:
        return False
    return True
