"""The doors by which a case goes on: its form, drafts, escalation, calls, surveys, and its other ends."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from guitai.base.actor import Actor
from guitai.care import callback_reads, reads, surveys
from guitai.care.asking import known
from guitai.care.asking.known import CaseForm
from guitai.care.flows import assign, callbacks, drafts, waiting
from guitai.care.flows import escalate as _escalate
from guitai.care.flows import merge as _merge
from guitai.care.flows import open_case as _open
from guitai.care.flows.independent import may_hold
from guitai.care.types import CallbackView, CaseView, Draft, Slot, SurveyRow


def report(
    customer: UUID, category: str, code: str, facts: Mapping[str, Any], language: str, words: str = ""
) -> str:
    """Open a case for what was told with one tap, or is known before anybody asks; in the caller's transaction.

    takes    the customer, a category, a code that `register_report_words` gave words for, plain facts for those words,
             the language to answer in, what the customer wrote themselves, if anything; it is never turned away
    gives    the case's reference; while one of the category is open, it is added to that one
    refuses  case_category_unknown
    """
    return _open.report(customer, category, code, facts, language, words)


def references_of(cases: Iterable[UUID]) -> dict[UUID, str]:
    """References of cases by their ids; ids of none are left out."""
    return reads.references_of(cases)


def take(reference: str, staff: Actor) -> None:
    """Make a case one's own; of two agents at once, one wins and the other is told.

    takes    the case's reference, a member of staff
    gives    nothing; taking what one holds already changes nothing
    refuses  not_found, case_taken, case_move_refused
    """
    assign.take(reference, staff)


def sort(reference: str, staff: Actor, category: str, priority: int) -> None:
    """Say what an open case is about and how urgent it is; its clocks count by the rules for that from now.

    takes    the case's reference, a member of staff, a category, 1 (urgent) to 3 (normal)
    gives    nothing
    refuses  not_found, case_category_unknown, case_move_refused
    """
    assign.sort(reference, staff, category, priority)


def release(reference: str, staff: Actor) -> None:
    """Give a case back to the queue, keeping its place in it.

    takes    the case's reference, the agent who holds it
    gives    nothing
    refuses  not_found, case_not_yours, case_move_refused
    """
    assign.release(reference, staff)


def case_form(
    customer: UUID, category: str | None, operation: str | None = None, follows: str | None = None
) -> CaseForm:
    """What a case in a category would be asked for, beside what is known already.

    takes    the customer, a category (None: derived from the operation), the reference of an own operation, of an
             own earlier case
    gives    CaseForm; every answer may be left out
    refuses  case_category_unknown, not_found
    source   China's 2020 rules for banks and insurers: what the institution holds is not asked for again
    """
    return known.form_for(customer, category, operation, follows)


def keep_draft(customer: UUID, form: str, fields: Mapping[str, str]) -> None:
    """Keep what was typed into a form and left, sealed, for seven days; without words it is thrown away.

    takes    the customer, the form (`new:…` or `reply:<case>`), its fields
    gives    nothing; secrets are masked first
    refuses  draft_too_large
    """
    drafts.keep(customer, form, fields)


def draft(customer: UUID, form: str) -> Draft | None:
    """What the customer left in a form.

    takes    the customer, the form
    gives    Draft, or None
    """
    return drafts.find(customer, form)


def drop_draft(customer: UUID, form: str) -> None:
    """Throw a draft away.

    takes    the customer, the form
    gives    nothing
    """
    drafts.drop(customer, form)


def forget_drafts() -> int:
    """Delete drafts that are older than seven days.

    gives    how many there were
    """
    return drafts.forget_old()


def escalate(reference: str, customer: Actor, words: str) -> None:
    """Ask for somebody higher, after an answer or a broken promise; what we promised begins again.

    takes    the case's reference, its customer, what is wrong with the answer
    gives    nothing; the case waits for a supervisor who has not answered in it
    refuses  not_found, case_escalation_too_soon, case_escalated_already, case_reopen_too_late,
             case_words_missing, case_words_too_long, case_already_open
    source   China's 2020 rules for banks and insurers: a higher-level review on request
    """
    _escalate.escalate(reference, customer, words)


def withdraw(reference: str, customer: Actor) -> None:
    """Take a question back; it ends without an answer.

    takes    the case's reference, its customer
    gives    nothing
    refuses  not_found, case_move_refused
    """
    _escalate.withdraw(reference, customer)


def merge(reference: str, into: str, staff: Actor) -> None:
    """Let a case go on in another of the same customer; links come along, both timelines say so.

    takes    the case that ends, the case that goes on, the agent who holds the latter
    gives    nothing; the customer is told
    refuses  not_found, case_not_yours, case_merge_refused
    """
    _merge.merge(reference, into, staff)


def may_take(reference: str, staff: UUID) -> bool:
    """Whether a member of staff is independent enough to hold a case.

    takes    the case's reference, the member of staff
    gives    True or False
    refuses  not_found
    """
    return may_hold(reads.find(reference), staff)


def follow_up_waiting() -> int:
    """Remind customers who were asked something, and solve what they leave unanswered, by policy `care.follow_through`.

    gives    how many there were in this turn; 0 when none is left
    """
    return waiting.follow_up_waiting()


def free_slots() -> list[Slot]:
    """Slots in which we can call, by policy `care.callbacks` and the counter's hours.

    gives    Slot values in order; none where the operator has published no hotline with hours
    """
    return callbacks.free_slots()


def book_callback(reference: str, customer: Actor, starts_at: datetime) -> None:
    """Book a call about an open case; it is a promise.

    takes    the case's reference, its customer, the beginning of a free slot
    gives    nothing
    refuses  not_found, case_not_open, callback_booked_already, callback_slot_taken
    """
    callbacks.book(reference, customer, starts_at)


def move_callback(reference: str, customer: Actor, starts_at: datetime) -> None:
    """Move a booked call to another slot.

    takes    the case's reference, its customer, the beginning of a free slot
    gives    nothing
    refuses  not_found, callback_moved_on, callback_slot_taken
    """
    callbacks.move(reference, customer, starts_at)


def cancel_callback(reference: str, customer: Actor) -> None:
    """Cancel a booked call.

    takes    the case's reference, its customer
    gives    nothing
    refuses  not_found, callback_moved_on
    """
    callbacks.cancel(reference, customer)


def callback_of(reference: str, customer: UUID | None = None) -> CallbackView | None:
    """The call of a case, booked or ended.

    takes    the case's reference, its customer (None: for staff)
    gives    CallbackView, or None
    refuses  not_found
    """
    return callback_reads.call_of(reads.find(reference, customer))


def callbacks_open() -> list[CallbackView]:
    """Calls to be made, in the order of their places.

    gives    CallbackView values
    """
    return callback_reads.open_calls()


def callbacks_ended() -> list[CallbackView]:
    """How the calls of the last day ended.

    gives    CallbackView values
    """
    return callback_reads.ended_calls()


def begin_call(callback: UUID, staff: Actor) -> None:
    """Write down a call before it is dialled: the customer sees who calls from which number.

    takes    the call's id, the agent who holds its case
    gives    nothing; the promise to call is kept
    refuses  not_found, case_not_yours, callback_moved_on, callback_too_early
    """
    callbacks.begin(callback, staff)


def end_call(callback: UUID, staff: Actor, *, reached: bool) -> None:
    """Say how a call ended; who was not reached keeps their place, three times by policy.

    takes    the call's id, the agent who called, whether somebody answered
    gives    nothing; the customer is told of a missed call and of the next try
    refuses  not_found, case_not_yours, callback_moved_on
    """
    callbacks.end(callback, staff, reached=reached)


def case_beside(case: UUID) -> CaseView:
    """A case by its id, for what stands beside one that staff have just opened: that look is recorded already.

    takes    the case's id
    gives    CaseView without internal notes
    refuses  not_found
    """
    return reads.view(reads.by_id(case), internal=False)


def survey_figures() -> list[SurveyRow]:
    """What customers said in the last ninety days: all together, then by agent.

    gives    SurveyRow values; none without answers
    """
    return surveys.survey_figures()


def open_case_about(customer: UUID, kind: str, target: UUID) -> str | None:
    """Whether the customer's question about a thing is already being worked on.

    takes    the customer, what kind of thing ("operation"), its id
    gives    the open case's reference, or None
    """
    return reads.open_case_about(customer, kind, target)


def open_cases_about(customer: UUID, kind: str, targets: Iterable[UUID]) -> dict[UUID, str]:
    """`open_case_about` for several things in one read.

    takes    the customer, what kind of things, their ids
    gives    the open case's reference by id; a thing without one is left out
    """
    return reads.open_cases_about(customer, kind, targets)


def cases_about(kind: str, targets: Iterable[UUID]) -> dict[UUID, list[str]]:
    """All cases about several things.

    takes    what kind of things ("operation"), their ids
    gives    references by id; a thing without cases is left out
    """
    return reads.cases_about(kind, targets)
