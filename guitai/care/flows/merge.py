"""Two cases of one customer about one thing become one: nothing is lost, and both say where it goes on."""

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.reference import parse_reference
from guitai.care.errors import MergeRefused, NotFound
from guitai.care.flows import clocks
from guitai.care.flows.escalate import leave
from guitai.care.flows.journal import append, move, staff_id
from guitai.care.flows.reply import require_holder
from guitai.care.models import Case, CaseLink
from guitai.care.notices import tell_merged
from guitai.care.rules.states import OPEN
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost


def merge(reference: str, into: str, staff: Actor) -> None:
    """See `care.api.merge`."""
    staff_id(staff)
    with outermost():
        case, target = _both(reference, into)
        require_holder(target, staff)
        if case.customer != target.customer or not {case.state, target.state} <= OPEN:
            raise MergeRefused()
        if case.assigned_to is not None and case.assigned_to != target.assigned_to:
            raise MergeRefused()
        operations = list(CaseLink.objects.filter(case=case, kind="operation"))
        case.merged_into = target
        append(case, "merged", staff, {"into": target.reference})
        move(case, "merge", staff)
        # Its links are shut by now, so that the other case may hold them open.
        for link in operations:
            CaseLink.objects.get_or_create(
                case=target,
                kind=link.kind,
                target=link.target,
                defaults={"customer": link.customer, "reference": link.reference},
            )
        _link(target, case)
        leave(case)
        append(target, "merged", staff, {"from": case.reference})
        target.priority = min(target.priority, case.priority)
        clocks.mirror(target)
        target.save()
        for one in (case, target):
            audit.record(
                staff,
                "care.cases_merged",
                ("case", str(one.id)),
                purpose=Purpose("case", str(one.id), "case.merged"),
                details={"from": case.reference, "into": target.reference},
            )
        tell_merged(case.customer, case.reference, target.reference, key=f"care.merged:{case.id}")
        emit("care.cases_merged", {"case": str(case.id), "into": str(target.id), "reference": case.reference})


def _both(reference: str, into: str) -> tuple[Case, Case]:
    """Both cases under lock, always in the same order."""
    wanted = [parse_reference(reference), parse_reference(into)]
    if wanted[0] is not None and wanted[0] == wanted[1]:
        raise MergeRefused()
    rows = Case.objects.select_for_update(of=("self",)).filter(reference__in=[w for w in wanted if w])
    found = {row.reference: row for row in rows.order_by("id")}
    if len(found) < 2:
        raise NotFound()
    return found[str(wanted[0])], found[str(wanted[1])]


def _link(target: Case, case: Case) -> None:
    CaseLink.objects.get_or_create(
        case=target,
        kind="case",
        target=case.id,
        defaults={"customer": target.customer, "reference": case.reference},
    )
