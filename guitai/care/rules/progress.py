"""Whose turn, by when, how far: the bar above every case."""

from datetime import datetime, timedelta

from guitai.care.rules.states import ENDED, LEFT, turn
from guitai.care.types import CaseState, Progress

REOPEN_DAYS = 14


def progress(
    state: CaseState,
    *,
    answer_by: datetime | None,
    promised_at: datetime | None,
    first_reply_at: datetime | None,
    now: datetime,
    waits_for: str = "",
    waits_until: datetime | None = None,
) -> Progress:
    """The customer's own question, answered: is it my turn, yours, or somebody else's, and until when."""
    whose = turn(state)
    by_when = {"us": answer_by, "third_party": waits_until}.get(whose)
    late = by_when is not None and by_when < now
    if state in ENDED | LEFT:
        step = 3
    elif first_reply_at is not None:
        step = 2
    else:
        step = 1 if state == "in_progress" else 0
    return Progress(
        turn=whose,
        since=promised_at if by_when and whose == "us" else None,
        by_when=by_when,
        late=late,
        step=step,
        waits_for=waits_for if whose == "third_party" else "",
    )


def reopen_until(resolved_at: datetime) -> datetime:
    """The last moment at which a solved case can be opened again; later, a follow-up continues it."""
    return resolved_at + timedelta(days=REOPEN_DAYS)
