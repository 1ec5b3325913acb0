"""What is late: clocks past their time are noted, and the case says so to staff."""

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.care.flows import clocks
from guitai.care.flows.journal import append
from guitai.care.models import Case, CaseClock
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost

_BATCH = 200


def note_breaches() -> int:
    """Find clocks that are past due; gives how many there were in this turn."""
    due = CaseClock.objects.filter(state="running", breached_at=None, due_at__lte=now())
    with outermost():
        # Cases before their clocks, as every other flow locks them.
        cases = list(
            Case.objects.select_for_update(skip_locked=True)
            .filter(id__in=due.values("case_id"))
            .order_by("id")[:_BATCH]
        )
        found = list(due.filter(case__in=cases).select_related("case").order_by("id"))
        for row in found:
            clocks.breached(row)
            emit(
                "care.clock_breached",
                {"case": str(row.case_id), "reference": row.case.reference, "metric": row.metric},
            )
        for case in cases:
            append(
                case,
                "late",
                SYSTEM,
                {"metrics": [r.metric for r in found if r.case_id == case.id]},
                internal=True,
            )
            case.save(update_fields=["event_count", "last_activity_at"])
        return len(found)
