"""The door of the room care: cases, the help centre, the official contacts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import reads
from guitai.care.announcement_doors import (
    announcement,
    current_announcements,
    draft_announcement,
    is_announcement_purpose,
    publish_announcement,
    published_announcements,
    services,
    tell_announcements,
    update_announcement,
    watch_services,
    withdraw_announcement,
)
from guitai.care.article_doors import (
    article,
    articles,
    articles_about,
    bench_search,
    is_article_purpose,
    load_articles,
    popular_articles,
    publish_due_articles,
    search_articles,
    search_ranking,
    staff_articles_about,
)
from guitai.care.case_doors import (
    begin_call,
    book_callback,
    callback_of,
    callbacks_ended,
    callbacks_open,
    cancel_callback,
    case_beside,
    case_form,
    cases_about,
    draft,
    drop_draft,
    end_call,
    escalate,
    follow_up_waiting,
    forget_drafts,
    free_slots,
    keep_draft,
    may_take,
    merge,
    move_callback,
    open_case_about,
    open_cases_about,
    references_of,
    release,
    report,
    sort,
    survey_figures,
    take,
    withdraw,
)
from guitai.care.contact_doors import (
    channels,
    check_contact,
    contact_regions,
    directory_keys,
    expected_wait,
    handle_reported_contact,
    is_contact_report_purpose,
    report_contact,
    reported_contacts,
    security_text,
    signed_directory,
    text_of_code,
    times_reported,
)
from guitai.care.emergency_doors import (
    emergency,
    emergency_bills,
    emergency_of_case,
    evidence_keys,
    note_police_receipt,
    open_emergency,
    own_pack,
    police_pack,
    recent_bills,
    report_stolen,
    staff_outcome_words,
    tick_emergency,
)
from guitai.care.flows import after
from guitai.care.flows import open_case as _open
from guitai.care.flows import reply as _reply
from guitai.care.flows import resolve as _resolve
from guitai.care.flows.reply import NextTurn
from guitai.care.promise_doors import (
    keep_promise,
    kept_promises,
    miss_promise,
    note_late,
    promise,
    void_promise,
)
from guitai.care.proof_doors import (
    ask_proof,
    check_proof_phrase,
    customer_of_case,
    deny_proof,
    give_proof_code,
    give_proof_passkey,
    give_proof_pin,
    note_action,
    proof_for_customer,
    proof_level,
    proof_passkey_options,
    proof_standing,
    proofs_of,
    proofs_waiting,
    without_secrets,
)
from guitai.care.timeline_doors import case_events, clock_steps, promises_ended, promises_told
from guitai.care.types import (
    CaseRow,
    CaseView,
    QueueCounts,
    QueueFilter,
    WaitsFor,
)
from guitai.care.web.words import (
    CATEGORIES,
    WHOM,
    event_words,
    priority_words,
    proof_method_words,
    register_action_words,
    register_report_words,
)
from guitai.kit import files
from guitai.kit.cursors import Page
from guitai.kit.files import StoredFile, Upload
from guitai.kit.transactions import outermost

__all__ = [
    "CATEGORIES",
    "WHOM",
    "announcement",
    "article",
    "articles",
    "articles_about",
    "ask_proof",
    "begin_call",
    "bench_search",
    "book_callback",
    "callback_of",
    "callbacks_ended",
    "callbacks_open",
    "cancel_callback",
    "case_beside",
    "case_events",
    "case_form",
    "cases_about",
    "channels",
    "check_contact",
    "check_proof_phrase",
    "clock_steps",
    "contact_regions",
    "current_announcements",
    "customer_of_case",
    "deny_proof",
    "directory_keys",
    "draft",
    "draft_announcement",
    "drop_draft",
    "emergency",
    "emergency_bills",
    "emergency_of_case",
    "end_call",
    "escalate",
    "event_words",
    "evidence_keys",
    "expected_wait",
    "follow_up_waiting",
    "forget_drafts",
    "free_slots",
    "give_proof_code",
    "give_proof_passkey",
    "give_proof_pin",
    "handle_reported_contact",
    "is_announcement_purpose",
    "is_article_purpose",
    "is_contact_report_purpose",
    "keep_draft",
    "keep_promise",
    "kept_promises",
    "load_articles",
    "may_take",
    "merge",
    "miss_promise",
    "move_callback",
    "note_action",
    "note_late",
    "note_police_receipt",
    "open_case_about",
    "open_cases_about",
    "open_emergency",
    "own_pack",
    "police_pack",
    "popular_articles",
    "priority_words",
    "promise",
    "promises_ended",
    "promises_told",
    "proof_for_customer",
    "proof_level",
    "proof_method_words",
    "proof_passkey_options",
    "proof_standing",
    "proofs_of",
    "proofs_waiting",
    "publish_announcement",
    "publish_due_articles",
    "published_announcements",
    "recent_bills",
    "references_of",
    "register_action_words",
    "register_report_words",
    "release",
    "report",
    "report_contact",
    "report_stolen",
    "reported_contacts",
    "search_articles",
    "search_ranking",
    "security_text",
    "services",
    "signed_directory",
    "sort",
    "staff_articles_about",
    "staff_outcome_words",
    "survey_figures",
    "take",
    "tell_announcements",
    "text_of_code",
    "tick_emergency",
    "times_reported",
    "update_announcement",
    "void_promise",
    "watch_services",
    "withdraw",
    "withdraw_announcement",
    "without_secrets",
]

PAGE = 20


def open_case(
    customer: UUID,
    category: str | None,
    words: str,
    uploads: Sequence[Upload],
    *,
    operation: str | None = None,
    follows: str | None = None,
    language: str = "en",
    key: str,
    answers: Mapping[str, str] | None = None,
) -> str:
    """Open a case and store with it what the wallet already knows about the operation.

    takes    the customer, a category (None: derived from the operation), plain words of at most 5,000
             characters (may be empty when there are files), up to four files, the reference of an own
             operation, the reference of an own earlier case, the language to answer in, the caller's key, answers
             to the questions of `case_form`
    gives    the case's reference, canonical; the same key and body gives the same reference again
    refuses  case_words_missing, case_words_too_long, case_category_unknown, case_too_many_files,
             case_key_missing, case_key_reused, case_already_open, case_too_many, not_found,
             file_too_large, file_not_accepted, file_empty, case_answer_invalid
    source   China's 2020 rules for banks and insurers: what the institution holds is not asked for again
    """
    return _open.open_case(
        customer, category, words, uploads, operation=operation, follows=follows, language=language, key=key,
        answers=answers or {},
    )  # fmt: skip


def reply(
    reference: str,
    actor: Actor,
    words: str,
    uploads: Sequence[Upload] = (),
    *,
    next_turn: NextTurn = "customer",
    waits: tuple[WaitsFor, datetime] | None = None,
    key: str,
) -> None:
    """Say something in a case, as its customer or as the agent who holds it.

    takes    the case's reference, who speaks, plain words, up to four files, whose turn it is after an
             agent's answer (a customer's words always make it ours), whom a third party's turn waits for and until
             when, which is a promise, the caller's key
    gives    nothing; the customer is told of an answer, the promise runs again when the turn is ours
    refuses  not_found, case_not_open, case_not_yours, case_wait_unclear, case_words_missing, case_words_too_long,
             case_too_many_files, case_key_missing, case_key_reused, file_too_large, file_not_accepted,
             file_empty
    """
    _reply.reply(reference, actor, words, uploads, next_turn=next_turn, waits=waits, key=key)


def note(reference: str, staff: Actor, words: str, uploads: Sequence[Upload] = ()) -> None:
    """Leave a note that only staff read.

    takes    the case's reference, a member of staff, plain words, up to four files
    gives    nothing
    refuses  not_found, case_words_missing, case_words_too_long, case_too_many_files
    """
    _reply.note(reference, staff, words, uploads)


def resolve(reference: str, staff: Actor, words: str = "") -> None:
    """Say that a case is solved; never without an answer.

    takes    the case's reference, the agent who holds it, the answer (may be empty when one was given)
    gives    nothing; the customer is told, and may reopen for 14 days
    refuses  not_found, case_not_yours, case_answer_missing, case_move_refused, case_words_too_long
    """
    _resolve.resolve(reference, staff, words)


def close_resolved() -> int:
    """Close solved cases whose 14 days for reopening are over.

    gives    how many were closed in this turn; 0 when none is left
    """
    return _resolve.close_resolved()


def mark_read(reference: str, customer: Actor) -> None:
    """Note that the customer has seen the answer.

    takes    the case's reference, its customer
    gives    nothing
    refuses  not_found
    """
    after.mark_read(reference, customer)


def rate(
    reference: str,
    customer: Actor,
    rating: int,
    words: str = "",
    *,
    solved: bool | None = None,
    effort: int | None = None,
) -> None:
    """Rate a solved case; a later rating replaces it, the timeline keeps both.

    takes    the case's reference, its customer, a whole number from 1 (bad) to 5 (good), words, whether it is
             solved, the effort it took from 1 (none) to 5
    gives    nothing
    refuses  not_found, case_not_resolved, case_rating_out_of_range, case_words_too_long
    """
    after.rate(reference, customer, rating, words, solved, effort)


def reopen(reference: str, customer: Actor, words: str) -> None:
    """Say that a solved case is not solved; the same agent goes on with it.

    takes    the case's reference, its customer, what is still wrong
    gives    nothing
    refuses  not_found, case_not_resolved, case_reopen_too_late, case_already_open, case_words_missing,
             case_words_too_long
    """
    after.reopen(reference, customer, words)


def cases_of(customer: UUID, cursor: str | None = None, limit: int = PAGE) -> Page[CaseRow]:
    """A customer's own cases, the one that moved last first.

    takes    the customer, a cursor, the most wanted (at most 100)
    gives    a page of CaseRow
    refuses  cursor_invalid
    """
    return reads.cases_of(customer, cursor, limit)


def case_for_customer(customer: UUID, reference: str) -> CaseView:
    """A case as its customer may see it: no internal notes.

    takes    the customer, the reference as typed
    gives    CaseView
    refuses  not_found, for another customer's case exactly as for none
    """
    return reads.view(reads.find(reference, customer), internal=False)


def case_for_staff(
    reference: str, staff: Actor, reason: str = "case.worked_on", *, latest: int | None = None
) -> CaseView:
    """A case in full; the look itself is recorded.

    takes    the reference as typed, the member of staff, why, how many of its events (all; its beginning comes along)
    gives    CaseView with internal notes
    refuses  not_found
    """
    case = reads.find(reference)
    with outermost():
        audit.record(
            staff, "care.case_read", ("case", str(case.id)), purpose=Purpose("case", str(case.id), reason)
        )
    return reads.view(case, internal=True, latest=latest)


def case_exists(reference: str) -> bool:
    """Whether a reference names a case: for the desk's search box only, it tells nothing else.

    takes    the reference as typed
    gives    True or False
    """
    return reads.exists(reference)


def is_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a case is a real reason to look: the check that audit asks for purposes of the kind "case".

    takes    who acts, the purpose they name
    gives    True when there is such a case
    """
    return reads.is_case(purpose.id)


def evidence_for_customer(customer: UUID, reference: str, evidence: UUID) -> tuple[StoredFile, bytes]:
    """A file of one's own case.

    takes    the customer, the case's reference, the evidence's id
    gives    what it is, and its content
    refuses  not_found
    """
    return files.read(reads.evidence_file(reads.find(reference, customer), evidence, internal=False))


def evidence_for_staff(reference: str, staff: Actor, evidence: UUID) -> tuple[StoredFile, bytes]:
    """A file of a case; the look itself is recorded.

    takes    the case's reference, the member of staff, the evidence's id
    gives    what it is, and its content
    refuses  not_found
    """
    case = reads.find(reference)
    file = reads.evidence_file(case, evidence, internal=True)
    with outermost():
        audit.record(
            staff,
            "care.evidence_read",
            ("evidence", str(evidence)),
            purpose=Purpose("case", str(case.id), "case.evidence"),
        )
    return files.read(file)


def queue(filter_: QueueFilter, staff: UUID, cursor: str | None = None, limit: int = 50) -> Page[CaseRow]:
    """Open cases under a filter, the most pressing first: priority, then the promise, then age.

    takes    unassigned | mine | waiting | escalated | all, whose queue it is, a cursor, the most wanted (at most 100)
    gives    a page of CaseRow
    refuses  cursor_invalid
    """
    return reads.queue(filter_, staff, cursor, limit)


def queue_counts(staff: UUID) -> QueueCounts:
    """How many cases each filter holds.

    takes    whose queue it is
    gives    QueueCounts
    """
    return reads.queue_counts(staff)


def answers_waiting(customer: UUID) -> list[CaseRow]:
    """Cases in which the customer has an answer to read or to give, at most five.

    takes    the customer
    gives    CaseRow values
    """
    return reads.answers_waiting(customer)
