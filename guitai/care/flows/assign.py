"""Who works on a case: one agent at a time."""

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care.errors import CaseTaken, MoveRefused
from guitai.care.flows import clocks
from guitai.care.flows.independent import require_independent
from guitai.care.flows.journal import access_case, append, move, staff_id
from guitai.care.flows.reply import require_holder
from guitai.care.models import Case
from guitai.care.rules.categories import PRIORITIES, known_category
from guitai.care.rules.states import OPEN
from guitai.kit.transactions import outermost


def take(reference: str, staff: Actor) -> None:
    """See `care.api.take`. The row lock decides between two agents; the second one learns that it is taken."""
    with outermost():
        case = access_case(reference, staff)
        taker = staff_id(staff)
        if case.assigned_to == taker:
            return
        require_independent(case, staff)
        if case.assigned_to is not None:
            taken = case.events.filter(kind="assigned").order_by("-sequence").first()
            raise CaseTaken(since=taken.at.isoformat() if taken else None)
        case.assigned_to = taker
        append(case, "assigned", staff)
        move(case, "take", staff)
        case.save()
        _record(case, staff, "care.case_taken", "case.taken")


def release(reference: str, staff: Actor) -> None:
    """See `care.api.release`."""
    with outermost():
        case = access_case(reference, staff)
        require_holder(case, staff)
        append(case, "released", staff)
        move(case, "release", staff)
        case.assigned_to = None
        case.save()
        _record(case, staff, "care.case_released", "case.released")


def sort(reference: str, staff: Actor, category: str, priority: int) -> None:
    """See `care.api.sort`."""
    with outermost():
        case = access_case(reference, staff)
        staff_id(staff)
        if priority not in PRIORITIES or case.state not in OPEN:
            raise MoveRefused()
        before = {"category": case.category, "priority": case.priority}
        case.category, case.priority = known_category(category), priority
        if before == {"category": case.category, "priority": case.priority}:
            return
        append(case, "sorted", staff, {"from": before, "to": {"category": category, "priority": priority}})
        if case.state == "new":
            move(case, "triage", staff)
        clocks.reattached(case)
        case.save()
        _record(case, staff, "care.case_sorted", "case.sorted")


def _record(case: Case, staff: Actor, action: str, reason: str) -> None:
    audit.record(staff, action, ("case", str(case.id)), purpose=Purpose("case", str(case.id), reason))
