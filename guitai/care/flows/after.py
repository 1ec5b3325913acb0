"""What the customer does with an answer: read it, rate it, or say that it did not help."""

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care.errors import NotResolved, RatingOutOfRange, ReopenTooLate
from guitai.care.flows import clocks
from guitai.care.flows.journal import access_case, append, move, write_message
from guitai.care.rules.progress import reopen_until
from guitai.care.rules.states import ENDED
from guitai.care.rules.words import clean_words
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost

RATING_MIN, RATING_MAX = 1, 5


def mark_read(reference: str, customer: Actor) -> None:
    """See `care.api.mark_read`."""
    with outermost():
        case = access_case(reference, customer)
        if case.answer_waiting:
            case.answer_waiting = False
            case.save(update_fields=["answer_waiting"])


def rate(reference: str, customer: Actor, rating: int, words: str) -> None:
    """See `care.api.rate`."""
    if type(rating) is not int or not RATING_MIN <= rating <= RATING_MAX:
        raise RatingOutOfRange(minimum=RATING_MIN, maximum=RATING_MAX)
    cleaned, _ = clean_words(words, required=False)
    with outermost():
        case = access_case(reference, customer)
        if case.state not in ENDED:
            raise NotResolved()
        if (case.rating, case.rating_words) == (rating, cleaned):
            return
        case.rating, case.rating_words = rating, cleaned
        append(case, "rated", customer, {"rating": rating})
        case.save()
        emit(
            "care.case_rated",
            {
                "case": str(case.id),
                "reference": case.reference,
                "rating": rating,
                "staff": str(case.assigned_to),
            },
        )


def reopen(reference: str, customer: Actor, words: str) -> None:
    """See `care.api.reopen`."""
    with outermost():
        case = access_case(reference, customer)
        if case.state not in ENDED or case.resolved_at is None:
            raise NotResolved()
        if reopen_until(case.resolved_at) < now():
            raise ReopenTooLate(until=reopen_until(case.resolved_at).isoformat())
        # The agent who knows the case goes on with it; without one it goes back in the queue.
        append(case, "reopened", customer)
        move(case, "reopen_assigned" if case.assigned_to else "reopen", customer)
        write_message(case, customer, words)
        case.resolved_at = case.closed_at = None
        case.answer_waiting = False
        clocks.begun_again(case)
        case.save()
        audit.record(customer, "care.case_reopened", ("case", str(case.id)))
        emit(
            "care.case_reopened",
            {"case": str(case.id), "reference": case.reference, "customer": str(case.customer)},
        )
