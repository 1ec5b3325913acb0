"""What the customer does with an answer: read it, rate it, or say that it did not help."""

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care.errors import NotResolved, RatingOutOfRange, ReopenTooLate
from guitai.care.flows import clocks
from guitai.care.flows.journal import access_case, append, move, write_message
from guitai.care.models import Survey
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


def rate(
    reference: str, customer: Actor, rating: int, words: str, solved: bool | None, effort: int | None
) -> None:
    """See `care.api.rate`."""
    if not _on_scale(rating) or (effort is not None and not _on_scale(effort)):
        raise RatingOutOfRange(minimum=RATING_MIN, maximum=RATING_MAX)
    cleaned, _ = clean_words(words, required=False)
    with outermost():
        case = access_case(reference, customer)
        if case.state not in ENDED:
            raise NotResolved()
        said = {"rating": rating, "solved": solved, "effort": effort}
        before = Survey.objects.filter(case=case).values("rating", "solved", "effort").first()
        if before == said and case.rating_words == cleaned:
            return
        case.rating, case.rating_words = rating, cleaned
        append(case, "rated", customer, said)
        Survey.objects.update_or_create(
            case=case, defaults={**said, "staff": case.assigned_to, "category": case.category, "at": now()}
        )
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


def _on_scale(value: int) -> bool:
    return type(value) is int and RATING_MIN <= value <= RATING_MAX


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
