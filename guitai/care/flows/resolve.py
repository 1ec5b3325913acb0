"""End a case with an answer, and close it when the customer has had time to object."""

from datetime import timedelta

from django.db.models import F

from guitai.audit import api as audit
from guitai.audit.types import Entry, Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.care.errors import AnswerMissing
from guitai.care.flows import clocks
from guitai.care.flows.callbacks import drop_open
from guitai.care.flows.journal import access_case, move, write_message
from guitai.care.flows.reply import first_answer, require_holder
from guitai.care.models import Case, CaseEvent
from guitai.care.notices import tell_resolved
from guitai.care.rules.progress import REOPEN_DAYS, reopen_until
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost

_CLOSED_A_TURN = 500


def resolve(reference: str, staff: Actor, words: str) -> None:
    """See `care.api.resolve`."""
    with outermost():
        case = access_case(reference, staff)
        require_holder(case, staff)
        if words.strip():
            write_message(case, staff, words)
            first_answer(case)
        elif case.first_reply_at is None:
            raise AnswerMissing()
        move(case, "resolve", staff)
        clocks.ended(case)
        drop_open(case)
        case.resolved_at = now()
        case.save()
        audit.record(
            staff,
            "care.case_resolved",
            ("case", str(case.id)),
            purpose=Purpose("case", str(case.id), "case.solved"),
        )
        say_solved(case)


def say_solved(case: Case) -> None:
    """The customer hears that a case is solved and until when it can be reopened, and the rooms above that it is."""
    tell_resolved(
        case.customer,
        case.reference,
        reopen_until(case.resolved_at),
        key=f"care.resolved:{case.id}:{case.event_count}",
    )
    emit(
        "care.case_resolved",
        {"case": str(case.id), "reference": case.reference, "customer": str(case.customer)},
    )


def close_resolved() -> int:
    """See `care.api.close_resolved`: cases whose time for reopening is over, a batch at a time."""
    with outermost():
        cases = list(
            Case.objects.select_for_update(skip_locked=True)
            .filter(state="resolved", resolved_at__lt=now() - timedelta(days=REOPEN_DAYS))
            .order_by("resolved_at")[:_CLOSED_A_TURN]
        )
        Case.objects.filter(id__in=[case.id for case in cases]).update(
            state="closed", closed_at=now(), event_count=F("event_count") + 1
        )
        CaseEvent.objects.bulk_create(
            CaseEvent(
                case=case,
                customer=case.customer,
                sequence=case.event_count + 1,
                kind="state",
                at=now(),
                actor_kind=SYSTEM.kind,
                actor_id=SYSTEM.id,
                facts={"from": "resolved", "to": "closed", "move": "close"},
            )
            for case in cases
        )
        audit.record_many([Entry(SYSTEM, "care.case_closed", ("case", str(case.id))) for case in cases])
        return len(cases)
