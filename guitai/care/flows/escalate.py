"""The customer asks for somebody higher, or takes their question back."""

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care.case_policy import follow_through
from guitai.care.errors import EscalatedAlready, EscalationTooSoon, ReopenTooLate
from guitai.care.flows import clocks
from guitai.care.flows.callbacks import drop_open
from guitai.care.flows.journal import access_case, append, move, write_message
from guitai.care.models import Case, Promise
from guitai.care.notices import tell_escalated
from guitai.care.rules.progress import reopen_until
from guitai.care.rules.states import LEFT, OPEN
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost


def escalate(reference: str, customer: Actor, words: str) -> None:
    """See `care.api.escalate`."""
    with outermost():
        case = access_case(reference, customer)
        require_escalable(case)
        case.escalated_at = now()
        append(case, "escalated", customer, {"from": str(case.assigned_to) if case.assigned_to else None})
        case.assigned_to = None
        move(case, "escalate", customer)
        write_message(case, customer, words)
        case.resolved_at = case.closed_at = None
        case.answer_waiting = False
        case.priority = min(case.priority, follow_through().escalation_priority)
        clocks.restarted(case)
        case.save()
        audit.record(customer, "care.case_escalated", ("case", str(case.id)))
        tell_escalated(case.customer, case.reference, key=f"care.escalated:{case.id}")
        emit(
            "care.case_escalated",
            {"case": str(case.id), "reference": case.reference, "customer": str(case.customer)},
        )


def require_escalable(case: Case) -> None:
    """After an answer, or once a promise was broken; once a case."""
    if case.escalated_at is not None:
        raise EscalatedAlready()
    if case.state in LEFT:
        raise EscalationTooSoon()
    if case.resolved_at is not None and reopen_until(case.resolved_at) < now():
        raise ReopenTooLate(until=reopen_until(case.resolved_at).isoformat())
    if case.first_reply_at is None and not Promise.objects.filter(case=case, state="broken").exists():
        raise EscalationTooSoon(by_when=case.answer_by.isoformat() if case.answer_by else None)


def withdraw(reference: str, customer: Actor) -> None:
    """See `care.api.withdraw`."""
    with outermost():
        case = access_case(reference, customer)
        move(case, "withdraw", customer)
        leave(case)
        audit.record(customer, "care.case_withdrawn", ("case", str(case.id)))
        emit(
            "care.case_withdrawn",
            {"case": str(case.id), "reference": case.reference, "customer": str(case.customer)},
        )


def leave(case: Case) -> None:
    """The case ends without an answer: nothing is owed in it any more."""
    if case.state in OPEN:
        raise AssertionError("a case that is left is not open")
    clocks.cancelled(case)
    drop_open(case)
    case.closed_at = now()
    case.answer_waiting = False
    case.save()
