"""Open a case, with all that is already known about it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from guitai.audit import api as audit
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.reference import new_reference, parse_reference, spoken
from guitai.care.asking.answers import clean_answers
from guitai.care.asking.known import form_for
from guitai.care.errors import AlreadyOpen, NotFound, TooManyCases
from guitai.care.flows import clocks
from guitai.care.flows.claims import body_hash, claim
from guitai.care.flows.journal import append, move, write_message
from guitai.care.flows.snapshot import snapshot
from guitai.care.models import Case, CaseLink
from guitai.care.promises import open_cases_max
from guitai.care.rules.categories import known_category, needs_triage, priority
from guitai.care.rules.states import OPEN
from guitai.care.rules.words import clean_words
from guitai.kit import files
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost, required
from guitai.wallet.types import OperationDetail


def open_case(
    customer: UUID,
    category: str | None,
    words: str,
    uploads: Sequence[files.Upload],
    *,
    operation: str | None,
    follows: str | None,
    language: str,
    key: str,
    answers: Mapping[str, str],
) -> str:
    """See `care.api.open_case`."""
    actor = Actor("customer", str(customer))
    cleaned, _ = clean_words(words, required=not uploads)
    # A caller that knows nothing of answers sends the body it always sent.
    told = [dict(answers)] if answers else []
    body = body_hash(category, cleaned, operation, follows, *told, uploads=uploads)
    with outermost():
        claimed, fresh = claim(actor, key, body)
        if not fresh:
            return str(claimed.case.reference)
        _bound(customer)
        form = form_for(customer, category, operation, follows)
        facts = clean_answers(form.questions, answers)
        detail = form.operation
        case = _create(customer, form.category, detail, _followed(customer, follows), language)
        claimed.case = case
        claimed.save(update_fields=["case"])
        _describe(case, actor, words, uploads, detail, facts)
        case.save()
        _announce(case, actor, detail)
        return str(case.reference)


def report(
    customer: UUID, category: str, code: str, facts: Mapping[str, Any], language: str, words: str
) -> str:
    """See `care.api.report`."""
    required()
    known = known_category(category)
    actor = Actor("customer", str(customer))
    # One urgent matter is one case, however many alarms it raises.
    case = (
        Case.objects.filter(customer=customer, category=known, state__in=OPEN).order_by("opened_at").first()
    )
    fresh = case is None
    if case is None:
        case = _create(customer, known, None, None, language)
        append(case, "opened", actor, {"category": known})
    append(case, "reported", actor, {"code": code, "facts": dict(facts)})
    if words.strip():
        write_message(case, actor, words)
    if fresh:
        _sort_by_itself(case)
    case.save()
    if fresh:
        _announce(case, actor, None)
    return str(case.reference)


def _bound(customer: UUID) -> None:
    """At most so many open cases a customer, counted one at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"care.open:{customer}"])
    maximum = open_cases_max()
    if Case.objects.filter(customer=customer, state__in=OPEN).count() >= maximum:
        raise TooManyCases(maximum=maximum)


def _followed(customer: UUID, reference: str | None) -> Case | None:
    if not reference:
        return None
    canonical = parse_reference(reference)
    followed = Case.objects.filter(customer=customer, reference=canonical).first() if canonical else None
    if followed is None:
        raise NotFound()
    return followed


def _create(
    customer: UUID, category: str, detail: OperationDetail | None, follows: Case | None, language: str
) -> Case:
    case = Case(
        reference=new_reference("case"),
        customer=customer,
        category=category,
        priority=priority(known_category(category), detail.view.state if detail else None),
        language=language,
        follows=follows,
        due_at=now(),
        opened_at=now(),
    )
    case.save(force_insert=True)
    clocks.begin(case)
    if follows is not None:
        _link(case, "case", follows.id, follows.reference)
    if detail is not None:
        _link_operation(case, detail)
    return case


def _link_operation(case: Case, detail: OperationDetail) -> None:
    try:
        with transaction.atomic():
            _link(case, "operation", detail.view.id, detail.view.reference)
    except IntegrityError as error:
        other = CaseLink.objects.filter(
            customer=case.customer, kind="operation", target=detail.view.id, open=True
        )
        raise AlreadyOpen(case=spoken(other.values_list("case__reference", flat=True)[0])) from error


def _link(case: Case, kind: str, target: UUID, reference: str) -> None:
    CaseLink.objects.create(case=case, customer=case.customer, kind=kind, target=target, reference=reference)


def _describe(
    case: Case,
    actor: Actor,
    words: str,
    uploads: Sequence[files.Upload],
    detail: OperationDetail | None,
    answers: Mapping[str, str],
) -> None:
    append(
        case, "opened", actor, {"category": case.category, **({"answers": dict(answers)} if answers else {})}
    )
    if detail is not None:
        append(case, "diagnosis", SYSTEM, snapshot(detail))
    write_message(case, actor, words, uploads)
    _sort_by_itself(case)


def _sort_by_itself(case: Case) -> None:
    if not needs_triage(known_category(case.category)):
        move(case, "triage", SYSTEM)


def _announce(case: Case, actor: Actor, detail: OperationDetail | None) -> None:
    operation = detail.view.reference if detail else None
    audit.record(actor, "care.case_opened", ("case", str(case.id)), details={"operation": operation})
    emit(
        "care.case_opened",
        {
            "case": str(case.id),
            "reference": case.reference,
            "customer": str(case.customer),
            "category": case.category,
            "operation": operation,
        },
    )
