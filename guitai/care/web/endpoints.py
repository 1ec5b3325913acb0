"""The counter over /api/v1, for the customer's own app."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Header, Router, Schema, Status
from ninja.files import UploadedFile

from guitai.care import api
from guitai.care.types import CaseRow, CaseView, EventView
from guitai.care.web.reader import as_actor, language, slow_down
from guitai.kit.downloads import file_response
from guitai.kit.environment import environment
from guitai.people.api import customer_auth

router = Router(tags=["counter"])
Key = Annotated[str, Header(alias="Idempotency-Key")]


class NewCase(Schema):
    """What a case is opened with; without a category it follows from the operation."""

    words: str
    category: str | None = None
    operation: str | None = None
    follows: str | None = None
    answers: dict[str, str] = {}


class Words(Schema):
    words: str


class Rating(Schema):
    rating: int
    words: str = ""
    solved: bool | None = None
    effort: int | None = None


class ProgressOut(Schema):
    turn: str
    by_when: datetime | None
    waits_for: str
    late: bool


class CaseOut(Schema):
    reference: str
    category: str
    state: str
    operation: str | None
    opened_at: datetime
    last_activity_at: datetime
    answer_waiting: bool
    progress: ProgressOut


class EvidenceOut(Schema):
    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    url: str


class EventOut(Schema):
    """A code with facts, and the message when the event is one."""

    sequence: int
    kind: str
    at: datetime
    by: str
    facts: dict[str, Any]
    words: str | None
    masked: list[str]
    evidence: list[EvidenceOut]


class ClockOut(Schema):
    """A time that the customer was told; `due_at` is empty while it stands still."""

    metric: str
    due_at: datetime | None
    late: bool


class PromiseOut(Schema):
    what: str
    told_at: datetime
    by_when: datetime
    state: str


class CaseDetailOut(CaseOut):
    events: list[EventOut]
    diagnosis: dict[str, Any] | None
    answers: dict[str, str]
    clocks: list[ClockOut]
    promises: list[PromiseOut]
    follows: str | None
    merged_into: str | None
    may_escalate: bool
    may_withdraw: bool
    first_reply_at: datetime | None
    resolved_at: datetime | None
    rating: int | None
    may_reply: bool
    may_rate: bool
    may_reopen: bool
    reopen_until: datetime | None


class CasePage(Schema):
    items: list[CaseOut]
    next_cursor: str | None


class HitOut(Schema):
    slug: str
    title: str
    excerpt: str
    topics: list[str]
    score: float
    url: str


@router.get("/cases", auth=customer_auth, response=CasePage)
def list_cases(request: HttpRequest, cursor: str | None = None, limit: int = 20) -> CasePage:
    """The customer's cases, the one that moved last first."""
    page = api.cases_of(_person(request), cursor, limit)
    return CasePage(items=[_row(row) for row in page.items], next_cursor=page.next_cursor)


@router.post("/cases", auth=customer_auth, response={201: CaseDetailOut})
def open_case(request: HttpRequest, body: NewCase, key: Key = "") -> Status[CaseDetailOut]:
    """Open a case; the same Idempotency-Key and body gives the same case again."""
    person = _person(request)
    slow_down(person)
    reference = api.open_case(
        person,
        body.category,
        body.words,
        [],
        operation=body.operation,
        follows=body.follows,
        language=language(),
        key=key,
        answers=body.answers,
    )
    return Status(201, _detail(api.case_for_customer(person, reference)))


@router.get("/cases/{reference}", auth=customer_auth, response=CaseDetailOut)
def read_case(request: HttpRequest, reference: str) -> CaseDetailOut:
    """One case with its timeline; reading it marks the answer as read."""
    person = _person(request)
    view = api.case_for_customer(person, reference)
    if view.row.answer_waiting:
        api.mark_read(reference, as_actor(person))
    return _detail(view)


@router.post("/cases/{reference}/messages", auth=customer_auth, response={201: CaseDetailOut})
def write_message(request: HttpRequest, reference: str, body: Words, key: Key = "") -> Status[CaseDetailOut]:
    """Say something in a case."""
    person = _person(request)
    slow_down(person)
    api.reply(reference, as_actor(person), body.words, key=key)
    return Status(201, _detail(api.case_for_customer(person, reference)))


@router.post("/cases/{reference}/evidence", auth=customer_auth, response={201: CaseDetailOut})
def add_evidence(
    request: HttpRequest, reference: str, file: File[UploadedFile], key: Key = ""
) -> Status[CaseDetailOut]:
    """Add a picture or PDF to a case."""
    person = _person(request)
    slow_down(person)
    api.reply(reference, as_actor(person), "", [file], key=key)
    return Status(201, _detail(api.case_for_customer(person, reference)))


@router.get("/cases/{reference}/evidence/{evidence}", auth=customer_auth, include_in_schema=True)
def read_evidence(request: HttpRequest, reference: str, evidence: UUID) -> HttpResponse:
    """The content of a piece of evidence."""
    return file_response(*api.evidence_for_customer(_person(request), reference, evidence))


@router.post("/cases/{reference}/rating", auth=customer_auth, response=CaseDetailOut)
def rate_case(request: HttpRequest, reference: str, body: Rating) -> CaseDetailOut:
    """Rate a solved case from 1 to 5."""
    person = _person(request)
    api.rate(reference, as_actor(person), body.rating, body.words, solved=body.solved, effort=body.effort)
    return _detail(api.case_for_customer(person, reference))


@router.post("/cases/{reference}/reopening", auth=customer_auth, response=CaseDetailOut)
def reopen_case(request: HttpRequest, reference: str, body: Words) -> CaseDetailOut:
    """Say that a solved case is not solved."""
    person = _person(request)
    slow_down(person)
    api.reopen(reference, as_actor(person), body.words)
    return _detail(api.case_for_customer(person, reference))


@router.get("/help", response=list[HitOut])
def search_help(request: HttpRequest, q: str) -> list[HitOut]:
    """Search the help centre in the language of Accept-Language; public."""
    return [
        HitOut(
            slug=hit.slug,
            title="".join(piece.text for piece in hit.title),
            excerpt="".join(piece.text for piece in hit.excerpt),
            topics=list(hit.topics),
            score=hit.score,
            url=f"{environment().public_url}/help/{hit.slug}/",
        )
        for hit in api.search_articles(q, language())
    ]


def _person(request: HttpRequest) -> UUID:
    return UUID(str(request.auth))  # type: ignore[attr-defined]


def _row(row: CaseRow) -> CaseOut:
    return CaseOut(**_row_values(row))


def _row_values(row: CaseRow) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "category": row.category,
        "state": row.state,
        "operation": row.operation_reference,
        "opened_at": row.opened_at,
        "last_activity_at": row.last_activity_at,
        "answer_waiting": row.answer_waiting,
        "progress": ProgressOut(
            turn=row.progress.turn,
            by_when=row.progress.by_when,
            late=row.progress.late,
            waits_for=row.progress.waits_for,
        ),
    }


def _detail(view: CaseView) -> CaseDetailOut:
    return CaseDetailOut(
        **_row_values(view.row),
        events=[_event(event, view.row.reference) for event in view.events],
        diagnosis=view.diagnosis,
        answers=dict(view.answers),
        clocks=[ClockOut(metric=c.metric, due_at=c.due_at, late=c.late) for c in view.clocks if c.told],
        promises=[
            PromiseOut(what=p.what, told_at=p.told_at, by_when=p.by_when, state=p.state)
            for p in view.promises
        ],
        follows=view.follows,
        merged_into=view.merged_into,
        may_escalate=view.may_escalate,
        may_withdraw=view.may_withdraw,
        first_reply_at=view.first_reply_at,
        resolved_at=view.resolved_at,
        rating=view.rating,
        may_reply=view.may_reply,
        may_rate=view.may_rate,
        may_reopen=view.may_reopen,
        reopen_until=view.reopen_until,
    )


def _event(event: EventView, reference: str) -> EventOut:
    message = event.message
    base = f"/api/v1/cases/{reference}/evidence/"
    return EventOut(
        sequence=event.sequence,
        kind=event.kind,
        at=event.at,
        by=event.actor_kind,
        facts=event.facts,
        words=message.words if message else None,
        masked=list(message.masked) if message else [],
        evidence=[
            EvidenceOut(
                id=e.id,
                name=e.name,
                content_type=e.content_type,
                size=e.size,
                sha256=e.sha256,
                url=f"{base}{e.id}",
            )
            for e in (message.evidence if message else ())
        ],
    )
