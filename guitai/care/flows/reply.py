"""Say something in a case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care.errors import CaseNotYours, NotOpen, WaitUnclear
from guitai.care.flows import clocks
from guitai.care.flows.claims import body_hash, claim
from guitai.care.flows.journal import access_case, move, staff_id, wait_for, write_message
from guitai.care.models import Case, Message
from guitai.care.notices import tell_answer_waiting
from guitai.care.rules.states import OPEN, Move
from guitai.care.rules.words import clean_words
from guitai.care.types import WAITS_FOR, WaitsFor
from guitai.kit import files
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost

NextTurn = Literal["customer", "us", "third_party"]
_MOVES: dict[NextTurn, Move] = {
    "customer": "ask_customer",
    "us": "keep_working",
    "third_party": "ask_third_party",
}


def reply(
    reference: str,
    actor: Actor,
    words: str,
    uploads: Sequence[files.Upload],
    *,
    next_turn: NextTurn,
    waits: tuple[WaitsFor, datetime] | None,
    key: str,
) -> None:
    """See `care.api.reply`."""
    cleaned, _ = clean_words(words, required=not uploads)
    body = body_hash("reply", reference, cleaned, next_turn, uploads=uploads)
    if next_turn == "third_party" and (waits is None or waits[0] not in WAITS_FOR or waits[1] <= now()):
        raise WaitUnclear()
    with outermost():
        # The case comes before the key, so that a stranger's guess is refused like any unknown case.
        case = access_case(reference, actor)
        claimed, fresh = claim(actor, key, body)
        if not fresh:
            return
        if case.state not in OPEN:
            raise NotOpen(state=case.state)
        if actor.kind == "customer":
            message = _customer_writes(case, actor, words, uploads)
        else:
            message = _staff_answers(case, actor, words, uploads, next_turn)
            if next_turn == "third_party" and waits is not None:
                wait_for(case, *waits)
        case.save()
        claimed.case, claimed.message = case, message
        claimed.save(update_fields=["case", "message"])


def note(reference: str, staff: Actor, words: str, uploads: Sequence[files.Upload]) -> None:
    """See `care.api.note`."""
    with outermost():
        case = access_case(reference, staff)
        staff_id(staff)
        write_message(case, staff, words, uploads, internal=True, kind="note")
        case.save()
        audit.record(
            staff,
            "care.note_written",
            ("case", str(case.id)),
            purpose=Purpose("case", str(case.id), "case.noted"),
        )


def require_holder(case: Case, staff: Actor) -> None:
    """One voice a case: only the agent who holds it answers the customer."""
    if case.assigned_to != staff_id(staff):
        raise CaseNotYours(held=case.assigned_to is not None)


def first_answer(case: Case) -> None:
    """Remember the moment of the first answer, and that the customer has something to read."""
    clocks.answered(case)
    case.first_reply_at = case.first_reply_at or now()
    case.answer_waiting = True


def _customer_writes(case: Case, actor: Actor, words: str, uploads: Sequence[files.Upload]) -> Message:
    message = write_message(case, actor, words, uploads)
    case.answer_waiting = False
    move(case, "customer_writes", actor)
    clocks.owe_reply(case)
    emit("care.customer_replied", {"case": str(case.id), "reference": case.reference})
    return message


def _staff_answers(
    case: Case, actor: Actor, words: str, uploads: Sequence[files.Upload], next_turn: NextTurn
) -> Message:
    require_holder(case, actor)
    message = write_message(case, actor, words, uploads)
    first_answer(case)
    move(case, _MOVES[next_turn], actor)
    if next_turn == "us":
        clocks.owe_reply(case)
    audit.record(
        actor,
        "care.answered",
        ("case", str(case.id)),
        purpose=Purpose("case", str(case.id), "case.answered"),
    )
    tell_answer_waiting(case.customer, case.reference, key=f"care.answered:{message.id}")
    emit(
        "care.case_answered",
        {"case": str(case.id), "reference": case.reference, "customer": str(case.customer)},
    )
    return message
