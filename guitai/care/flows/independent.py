"""Who may not decide: nobody judges what they said themselves."""

from uuid import UUID

from django.db.models import Q

from guitai.base.actor import Actor
from guitai.care.errors import NeedsSupervisor, NotIndependent
from guitai.care.flows.journal import staff_id
from guitai.care.models import Case, CaseEvent, CaseLink
from guitai.people import api as people

_VOICES = ("message", "assigned")


def require_independent(case: Case, staff: Actor) -> None:
    """An escalated case goes to a supervisor, a complaint to anybody, and neither to whom it is about.

    refuses  case_not_independent, case_needs_supervisor
    """
    taker = staff_id(staff)
    if str(taker) in barred(case):
        raise NotIndependent()
    if case.escalated_at is not None and not _is_supervisor(taker):
        raise NeedsSupervisor()


def barred(case: Case) -> frozenset[str]:
    """Who answered before it was escalated, and, for a complaint, in the cases it is about."""
    about = Q(pk__in=[])
    if case.escalated_at is not None:
        about |= Q(case=case, at__lte=case.escalated_at)
    if case.category == "complaint":
        earlier = set(CaseLink.objects.filter(case=case, kind="case").values_list("target", flat=True))
        earlier |= {case.follows_id} if case.follows_id else set()
        about |= Q(case__in=earlier)
    voices = CaseEvent.objects.filter(about, actor_kind="staff", kind__in=_VOICES, internal=False)
    return frozenset(voices.values_list("actor_id", flat=True))


def may_hold(case: Case, staff: UUID) -> bool:
    """Whether a member of staff could take the case, for pages that show it before they press."""
    if str(staff) in barred(case):
        return False
    return case.escalated_at is None or _is_supervisor(staff)


def _is_supervisor(staff: UUID) -> bool:
    return "holds.decide" in people.staff_member(staff).permissions
