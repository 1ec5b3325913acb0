"""Customers who were asked and do not answer: reminded once, and in the end the case is solved by itself."""

from datetime import datetime, timedelta
from typing import Any

from guitai.audit import api as audit
from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.care.case_policy import follow_through
from guitai.care.flows import clocks
from guitai.care.flows.journal import append, move
from guitai.care.flows.promise import break_promise
from guitai.care.flows.resolve import say_solved
from guitai.care.models import Case
from guitai.care.notices import tell_reminder
from guitai.kit.transactions import outermost

_BATCH = 200


def follow_up_waiting() -> int:
    """See `care.api.follow_up_waiting`."""
    return _remind() + _give_up() + _take_up_again()


def _remind() -> int:
    with outermost():
        cases = _waiting(follow_through().remind_days, reminded_at=None)
        for case in cases:
            case.reminded_at = now()
            append(case, "reminded", SYSTEM, {"until": _end(case).isoformat()})
            case.save()
            tell_reminder(
                case.customer,
                case.reference,
                _end(case),
                key=f"care.reminder:{case.id}:{case.event_count}",
            )
        return len(cases)


def _give_up() -> int:
    with outermost():
        policy = follow_through()
        # A reminder that came late still leaves the time that it promised.
        reminded = now() - timedelta(days=policy.give_up_days - policy.remind_days)
        cases = _waiting(policy.give_up_days, reminded_at__lte=reminded)
        for case in cases:
            move(case, "give_up", SYSTEM)
            clocks.ended(case)
            case.resolved_at = now()
            case.save()
            audit.record(SYSTEM, "care.case_resolved", ("case", str(case.id)), details={"by": "no_answer"})
            say_solved(case)
        return len(cases)


def _take_up_again() -> int:
    """A third party who has not answered by the time that the customer was told: it is our turn again."""
    with outermost():
        cases = list(
            Case.objects.select_for_update(skip_locked=True)
            .filter(state="waiting_third_party", waits_until__lte=now())
            .order_by("waits_until")[:_BATCH]
        )
        for case in cases:
            # The customer hears it from us before the wait is forgotten.
            break_promise("case_wait", case.id)
            append(case, "late", SYSTEM, {"metrics": ["third_party"]}, internal=True)
            move(case, "keep_working", SYSTEM)
            case.save()
        return len(cases)


def _waiting(days: int, **reach: Any) -> list[Case]:
    return list(
        Case.objects.select_for_update(skip_locked=True)
        .filter(state="waiting_customer", waiting_since__lte=now() - timedelta(days=days), **reach)
        .order_by("waiting_since")[:_BATCH]
    )


def _end(case: Case) -> datetime:
    """When it ends by itself: never sooner after the reminder than the policy leaves between the two."""
    policy = follow_through()
    since: datetime = case.waiting_since or now()
    left = now() + timedelta(days=policy.give_up_days - policy.remind_days)
    return max(since + timedelta(days=policy.give_up_days), left)
