"""Reading booked calls: a customer's own, and the desk's list."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from guitai.base.clock import now
from guitai.care.case_policy import callback_policy
from guitai.care.flows.callbacks import OPEN_CALLS, official_number
from guitai.care.models import Callback, Case
from guitai.care.types import CallbackView
from guitai.people import api as people

_SHOWN = 100
_ENDED_DAYS = 1


def call_of(case: Case) -> CallbackView | None:
    """The newest call of a case that was not cancelled."""
    row = (
        Callback.objects.filter(case=case)
        .exclude(state="cancelled")
        .select_related("case")
        .order_by("-booked_at")
        .first()
    )
    return _views([row])[0] if row else None


def open_calls() -> list[CallbackView]:
    """Calls to be made, in the order of the places that customers have."""
    rows = Callback.objects.filter(state__in=OPEN_CALLS).select_related("case")
    return _views(rows.order_by("place_at", "booked_at")[:_SHOWN])


def ended_calls() -> list[CallbackView]:
    """How the calls of the last day ended, the newest first."""
    since = now() - timedelta(days=_ENDED_DAYS)
    rows = Callback.objects.filter(state__in=("reached", "missed"), ended_at__gte=since)
    return _views(rows.select_related("case").order_by("-ended_at")[:_SHOWN])


def _views(rows: Iterable[Callback]) -> list[CallbackView]:
    number, tries_max = official_number(), callback_policy().tries
    return [
        CallbackView(
            id=row.id,
            case=row.case.reference,
            customer=row.customer,
            category=row.case.category,
            state=row.state,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            tries=row.tries,
            tries_max=tries_max,
            staff=row.staff,
            badge=_badge(row.staff or row.case.assigned_to),
            number=number,
            holder=row.case.assigned_to,
            language=row.case.language,
        )
        for row in rows
    ]


def _badge(staff: UUID | None) -> str:
    return people.badge_of(staff) if staff else ""
