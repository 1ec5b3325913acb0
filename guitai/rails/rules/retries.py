"""When something that is not known yet is looked at again: a notice without its order, an order, a payment out."""

from datetime import datetime, timedelta

# Two and a half days in all: an order that has not appeared by then will not appear by itself.
INTERVALS_S = (5, 15, 60, 300, 1_800, 7_200, 21_600, 86_400, 86_400)
# After the order was given: a payer who pays at once and whose notice is lost waits half a minute.
QUERY_INTERVALS_S = (30, 60, 120, 300, 600, 1_800, 3_600)
# A payment out whose outcome is not known is asked about until it is known: by the rail, or by a statement.
OUTCOME_INTERVALS_S = (30, 60, 120, 300, 600, 1_800, 3_600, 21_600)
# Money may come late: an order is asked about for a day after nobody could pay it any more.
ASKED_AFTER_EXPIRY = timedelta(days=1)
AFTER_EXPIRY = timedelta(minutes=10)
# An order that the rail was working on, or did not answer about, is asked about until it answers; then a person has it.
OPEN_QUESTION_EVERY, OPEN_QUESTION_FOR = timedelta(hours=6), timedelta(days=30)
# A rail that says it does not know a payment may only not know it yet: before it is asked for once more, it has said
# so twice, and so long after it was last asked for.
REPEAT_AFTER = timedelta(minutes=2)
REPEAT_UNKNOWN_MIN = 2


def next_interval(attempts: int) -> timedelta | None:
    """The wait after so many looks, or None when a person has to look instead."""
    return timedelta(seconds=INTERVALS_S[attempts - 1]) if 1 <= attempts <= len(INTERVALS_S) else None


def next_query(
    queries: int, at: datetime, expires_at: datetime | None, *, is_open: bool = False
) -> datetime | None:
    """When an order is asked about after so many queries, or None when it is not any more.

    An order that ends meanwhile is asked about just then, so that it can be closed at its time. Afterwards each wait is
    as long as the order has been over: a late payment shows soon, and what was abandoned costs little. `is_open`: the
    rail owes an answer about it, and somebody waits for that.
    """
    due = at + timedelta(seconds=QUERY_INTERVALS_S[min(queries, len(QUERY_INTERVALS_S) - 1)])
    if expires_at is None or due <= expires_at:
        return due
    if at < expires_at:
        return expires_at
    due = at + max(AFTER_EXPIRY, at - expires_at)
    if due <= expires_at + ASKED_AFTER_EXPIRY:
        return due
    return at + OPEN_QUESTION_EVERY if is_open and at < expires_at + OPEN_QUESTION_FOR else None


def next_outcome_query(queries: int, at: datetime) -> datetime:
    """When a payment whose outcome is not known is asked about after so many queries."""
    return at + timedelta(seconds=OUTCOME_INTERVALS_S[min(queries, len(OUTCOME_INTERVALS_S) - 1)])


def may_repeat(unknown_there: int, last_asked_at: datetime | None, at: datetime) -> bool:
    """Whether a payment that the rail does not know may be asked for again, under the same reference."""
    waited = last_asked_at is None or at - last_asked_at >= REPEAT_AFTER
    return unknown_there >= REPEAT_UNKNOWN_MIN and waited
