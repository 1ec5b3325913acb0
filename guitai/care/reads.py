"""Reads of cases: a fixed number of statements however long the list is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from guitai.base.clock import now
from guitai.base.reference import parse_reference
from guitai.care.case_reads import going_on
from guitai.care.errors import NotFound
from guitai.care.models import Case, CaseEvent, CaseLink, Evidence, Message
from guitai.care.rules.progress import progress, reopen_until
from guitai.care.rules.states import ENDED, OPEN
from guitai.care.types import (
    CaseRow,
    CaseView,
    EventView,
    EvidenceView,
    LinkView,
    MessageView,
    QueueCounts,
    QueueFilter,
)
from guitai.kit import cursors, files
from guitai.kit.cursors import CursorInvalid, Page

WAITING = ("waiting_customer", "waiting_third_party")
LIMIT_MAX = 100
# How a case was opened, what was known then, and the customer's first words.
_BEGINNING = 5


def rows(cases: Sequence[Case]) -> list[CaseRow]:
    """Cases as lines of a list, their links read together."""
    links = CaseLink.objects.filter(case__in=[case.id for case in cases], kind="operation").order_by("-id")
    operations = dict(links.values_list("case_id", "reference"))
    return [_row(case, operations.get(case.id)) for case in cases]


def cases_of(customer: UUID, cursor: str | None, limit: int) -> Page[CaseRow]:
    """A customer's cases, the one that moved last first."""
    query = Case.objects.filter(customer=customer)
    if cursor:
        moment, last = _moment_and_id(cursors.decode(cursor))
        query = query.filter(Q(last_activity_at__lt=moment) | Q(last_activity_at=moment, id__lt=last))
    limit = _limit(limit)
    found = list(query.order_by("-last_activity_at", "-id")[: limit + 1])
    if len(found) <= limit:
        return Page(rows(found), None)
    last_case = found[limit - 1]
    return Page(
        rows(found[:limit]), cursors.encode(last_case.last_activity_at.isoformat(), str(last_case.id))
    )


def queue(filter_: QueueFilter, staff: UUID, cursor: str | None, limit: int) -> Page[CaseRow]:
    """The queue under a filter, the most pressing first."""
    query = Case.objects.filter(state__in=OPEN).filter(queue_condition(filter_, staff))
    if cursor:
        priority, due, last = _queue_key(cursors.decode(cursor))
        query = query.filter(
            Q(priority__gt=priority)
            | Q(priority=priority, due_at__gt=due)
            | Q(priority=priority, due_at=due, id__gt=last)
        )
    limit = _limit(limit)
    found = list(query.order_by("priority", "due_at", "id")[: limit + 1])
    if len(found) <= limit:
        return Page(rows(found), None)
    last_case = found[limit - 1]
    return Page(
        rows(found[:limit]),
        cursors.encode(last_case.priority, last_case.due_at.isoformat(), str(last_case.id)),
    )


def queue_counts(staff: UUID) -> QueueCounts:
    """How much each filter holds, in one statement."""
    return QueueCounts(
        **Case.objects.filter(state__in=OPEN).aggregate(
            unassigned=Count("id", filter=queue_condition("unassigned", staff)),
            mine=Count("id", filter=queue_condition("mine", staff)),
            waiting=Count("id", filter=queue_condition("waiting", staff)),
            escalated=Count("id", filter=queue_condition("escalated", staff)),
            all=Count("id"),
        )
    )


def queue_condition(filter_: QueueFilter, staff: UUID) -> Q:
    """A filter of the queue as a condition on open cases."""
    conditions: dict[QueueFilter, Q] = {
        "unassigned": Q(assigned_to=None),
        "mine": Q(assigned_to=staff),
        "waiting": Q(state__in=WAITING),
        "escalated": Q(escalated_at__isnull=False),
        "all": Q(),
    }
    return conditions[filter_]


def find(reference: str, customer: UUID | None = None) -> Case:
    """A case by its reference as somebody typed it, within a customer's reach; refuses not_found."""
    canonical = parse_reference(reference)
    reach = Q(customer=customer) if customer else Q()
    case = (
        Case.objects.filter(reach, reference=canonical).select_related("follows", "merged_into").first()
        if canonical
        else None
    )
    if case is None:
        raise NotFound()
    return case


def by_id(case: UUID) -> Case:
    """A case by its id; refuses not_found."""
    found = Case.objects.filter(id=case).select_related("follows", "merged_into").first()
    if found is None:
        raise NotFound()
    return found


def exists(reference: str) -> bool:
    """Whether a reference names a case."""
    canonical = parse_reference(reference)
    return canonical is not None and Case.objects.filter(reference=canonical).exists()


def is_case(case_id: str) -> bool:
    """Whether an id is a case's."""
    try:
        return Case.objects.filter(id=UUID(case_id)).exists()
    except ValueError:
        return False


def view(case: Case, *, internal: bool, latest: int | None = None) -> CaseView:
    """A case; without internal notes unless they are asked for, with its beginning and the latest events or all."""
    rows = CaseEvent.objects.filter(case=case).order_by("sequence")
    if latest is not None:
        rows = rows.filter(Q(sequence__lte=_BEGINNING) | Q(sequence__gt=case.event_count - latest))
    events = list(rows)
    ids = [event.message_id for event in events if event.message_id]
    messages = {message.id: message for message in Message.objects.filter(id__in=ids)}
    evidence = evidence_of(Evidence.objects.filter(message_id__in=ids).order_by("id"))
    links = tuple(
        LinkView(link.kind, link.target, link.reference)
        for link in CaseLink.objects.filter(case=case).order_by("id")
    )
    shown = [event for event in events if internal or not event.internal]
    operation = next((link.reference for link in reversed(links) if link.kind == "operation"), None)
    until = reopen_until(case.resolved_at) if case.resolved_at else None
    return CaseView(
        row=_row(case, operation),
        events=tuple(event_view(event, messages.get(event.message_id), evidence) for event in shown),
        links=links,
        diagnosis=next((event.facts for event in events if event.kind == "diagnosis"), None),
        follows=case.follows.reference if case.follows else None,
        language=case.language,
        first_reply_at=case.first_reply_at,
        resolved_at=case.resolved_at,
        rating=case.rating,
        rating_words=case.rating_words,
        may_reply=case.state in OPEN,
        may_rate=case.state in ENDED,
        reopen_until=until,
        may_reopen=case.state in ENDED and until is not None and now() <= until,
        **going_on(case, events),
    )


def open_case_about(customer: UUID, kind: str, target: UUID) -> str | None:
    """The reference of the customer's open case about a thing."""
    return open_cases_about(customer, kind, [target]).get(target)


def open_cases_about(customer: UUID, kind: str, targets: Iterable[UUID]) -> dict[UUID, str]:
    """References of the customer's open cases about several things."""
    found = CaseLink.objects.filter(customer=customer, kind=kind, target__in=list(targets), open=True)
    return dict(found.values_list("target", "case__reference"))


def cases_about(kind: str, targets: Iterable[UUID]) -> dict[UUID, list[str]]:
    """References of all cases about several things."""
    found: dict[UUID, list[str]] = defaultdict(list)
    for target, reference in CaseLink.objects.filter(kind=kind, target__in=list(targets)).values_list(
        "target", "case__reference"
    ):
        found[target].append(reference)
    return dict(found)


def references_of(cases: Iterable[UUID]) -> dict[UUID, str]:
    """References by id."""
    return dict(Case.objects.filter(id__in=set(cases)).values_list("id", "reference"))


def evidence_file(case: Case, evidence: UUID, *, internal: bool) -> UUID:
    """The stored file behind a piece of evidence of this very case."""
    reach = Q() if internal else Q(message__internal=False)
    file = Evidence.objects.filter(reach, case=case, id=evidence).values_list("file", flat=True).first()
    if file is None:
        raise NotFound()
    return UUID(str(file))


def answers_waiting(customer: UUID) -> list[CaseRow]:
    """Cases in which the customer has something to read or to answer."""
    waiting = Q(answer_waiting=True) | Q(state="waiting_customer")
    return rows(list(Case.objects.filter(waiting, customer=customer).order_by("-last_activity_at")[:5]))


def _row(case: Case, operation: str | None) -> CaseRow:
    return CaseRow(
        id=case.id,
        reference=case.reference,
        customer=case.customer,
        category=case.category,
        state=case.state,
        priority=case.priority,
        assigned_to=case.assigned_to,
        opened_at=case.opened_at,
        last_activity_at=case.last_activity_at,
        progress=progress(
            case.state,
            answer_by=case.answer_by,
            promised_at=case.answer_promised_at,
            first_reply_at=case.first_reply_at,
            now=now(),
            waits_for=case.waits_for,
            waits_until=case.waits_until,
        ),
        answer_waiting=case.answer_waiting,
        operation_reference=operation,
        preview=case.preview,
        escalated=case.escalated_at is not None,
    )


def event_view(
    event: CaseEvent, message: Message | None, evidence: dict[UUID, list[EvidenceView]]
) -> EventView:
    """One line of a timeline with its words and files."""
    return EventView(
        sequence=event.sequence,
        kind=event.kind,
        at=event.at,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        facts=event.facts,
        message=MessageView(
            id=message.id,
            author=message.author_kind,
            author_id=message.author_id,
            words=message.words,
            internal=message.internal,
            masked=tuple(message.masked),
            evidence=tuple(evidence.get(message.id, ())),
        )
        if message
        else None,
    )


def evidence_of(found: Iterable[Evidence]) -> dict[UUID, list[EvidenceView]]:
    """Files by their message."""
    pieces = list(found)
    names = files.describe([piece.file for piece in pieces])
    by_message: dict[UUID, list[EvidenceView]] = defaultdict(list)
    for piece in pieces:
        name = names[piece.file].name if piece.file in names else "–"
        by_message[piece.message_id].append(
            EvidenceView(piece.id, name, piece.content_type, piece.size, piece.sha256)
        )
    return by_message


def _limit(limit: int) -> int:
    return max(1, min(limit, LIMIT_MAX))


def _moment_and_id(parts: tuple[str | int, ...]) -> tuple[datetime, UUID]:
    try:
        moment, last = parts
        return datetime.fromisoformat(str(moment)), UUID(str(last))
    except ValueError as error:
        raise CursorInvalid() from error


def _queue_key(parts: tuple[str | int, ...]) -> tuple[int, datetime, UUID]:
    try:
        priority, due, last = parts
        return int(priority), datetime.fromisoformat(str(due)), UUID(str(last))
    except ValueError as error:
        raise CursorInvalid() from error
