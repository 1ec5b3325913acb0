"""The desk's screens, joined from the doors below; a fixed number of reads however long a list is."""

from collections.abc import Iterable
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.reference import parse_reference, reference_kind
from guitai.care import api as care
from guitai.care.types import CaseRow, CaseView, QueueFilter
from guitai.desk.actions.base import About
from guitai.desk.errors import NotFound
from guitai.desk.flows.deciders import DECIDES
from guitai.desk.rules.actions import actions, ring
from guitai.desk.types import ExceptionLine, Found, HeldLine, Queue, QueueLine, Workspace
from guitai.kit.cursors import Page
from guitai.people import api as people
from guitai.people.types import MaskedProfile, Profile
from guitai.rails import api as rails
from guitai.rails.types import NoticeRecord
from guitai.wallet import api as wallet

QUEUE_LIMIT = 40


def queue(staff: UUID, filter_: QueueFilter, cursor: str | None) -> Queue:
    """A page of the queue with masked customers and the names of who holds what."""
    page = care.queue(filter_, staff, cursor, QUEUE_LIMIT)
    names = _names(
        [row.customer for row in page.items] + [r.assigned_to for r in page.items if r.assigned_to]
    )
    return Queue(
        filter=filter_,
        lines=tuple(_line(row, names) for row in page.items),
        counts=care.queue_counts(staff),
        cursor=cursor,
        next_cursor=page.next_cursor,
    )


def workspace(reference: str, staff: Actor, full: Profile | None = None) -> Workspace:
    """Everything about one case; each look at it and at its operation is recorded."""
    case = care.case_for_staff(reference, staff, latest=0)
    row = case.row
    purpose = Purpose("case", str(row.id), "case.worked_on")
    linked = row.operation_reference
    operation = wallet.operation_for_staff(linked, actor=staff, purpose=purpose) if linked else None
    known = people.masked({row.customer, *([row.assigned_to] if row.assigned_to else [])})
    member = people.staff_member(UUID(staff.id))
    about = care.cases_about("operation", [operation.view.id]) if operation else {}
    return Workspace(
        case=case,
        customer=known.get(row.customer) or MaskedProfile(row.customer, "–", ""),
        standing=people.standing(row.customer),
        operation=operation,
        names={str(person): found.name for person, found in known.items()},
        actions=actions(
            state=row.state,
            holder=str(row.assigned_to) if row.assigned_to else None,
            staff=staff.id,
            operation_held=operation is not None and operation.view.state == "held",
            may_decide=DECIDES in member.permissions,
        ),
        opened_before=max(0, sum(len(found) for found in about.values()) - 1),
        full=full,
    )


def about_case(reference: str, staff: Actor, reason: str) -> About:
    """What a service action looks at; the look is recorded for the case."""
    case = care.case_for_staff(reference, staff, reason, latest=0)
    linked = case.row.operation_reference
    purpose = Purpose("case", str(case.row.id), reason)
    operation = wallet.operation_for_staff(linked, actor=staff, purpose=purpose) if linked else None
    return About(case, people.standing(case.row.customer), operation, staff)


def find(text: str) -> Found | None:
    """What a reference as typed leads to; an operation leads to its newest case."""
    reference = parse_reference(text)
    if reference is None:
        return None
    if reference_kind(reference) == "case":
        return Found("case", reference) if care.case_exists(reference) else None
    found = wallet.find_operation(reference)
    if found is None:
        return None
    cases = care.cases_about("operation", [found[0]]).get(found[0], [])
    return Found("case", cases[-1]) if cases else Found("operation", reference)


def held(cursor: str | None) -> Page[HeldLine]:
    """Movements that wait for a decision, with their masked owners and their cases."""
    page = wallet.held_operations(cursor)
    names = _names([item.owner for item in page.items])
    cases = care.cases_about("operation", [item.id for item in page.items])
    lines = [HeldLine(item, names.get(item.owner, "–"), tuple(cases.get(item.id, ()))) for item in page.items]
    return Page(lines, page.next_cursor)


def exceptions(cursor: str | None) -> Page[ExceptionLine]:
    """Messages of rails that moved nothing."""
    page = rails.exceptions(cursor)
    return Page([_exception(record) for record in page.items], page.next_cursor)


def the_case(reference: str, staff: Actor) -> CaseView:
    """A case for a verb that needs its id; the look is recorded."""
    return care.case_for_staff(reference, staff, "case.acted_on", latest=0)


def held_operation_id(reference: str) -> UUID:
    """The id of an operation that a decision is about; refuses not_found."""
    found = wallet.find_operation(reference)
    if found is None:
        raise NotFound()
    return found[0]


def may_review(reference: str, staff: Actor) -> bool:
    """Whether the wallet takes a review of this operation for a purpose."""
    return wallet.is_purpose(staff, Purpose("review", str(held_operation_id(reference))))


def _names(persons: Iterable[UUID]) -> dict[UUID, str]:
    return {person: found.name for person, found in people.masked(set(persons)).items()}


def _line(row: CaseRow, names: dict[UUID, str]) -> QueueLine:
    progress = row.progress
    return QueueLine(
        row=row,
        customer=names.get(row.customer, "–"),
        holder=names.get(row.assigned_to, "–") if row.assigned_to else "",
        percent=ring(
            progress.since.timestamp() if progress.since else None,
            progress.by_when.timestamp() if progress.by_when else None,
            now().timestamp(),
        ),
    )


def _exception(record: NoticeRecord) -> ExceptionLine:
    known = record.amount_minor is not None and record.currency
    return ExceptionLine(
        id=record.id,
        rail=record.rail,
        received_at=record.received_at,
        state=record.state,
        code=record.code or "",
        order_reference=record.order_reference or "",
        amount=str(Money(record.amount_minor or 0, record.currency or "")) if known else "–",
    )
