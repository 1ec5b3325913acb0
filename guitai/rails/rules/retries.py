"""When a notice whose order is not known yet is looked at again."""

from datetime import timedelta

# Two and a half days in all: an order that has not appeared by then will not appear by itself.
INTERVALS_S = (5, 15, 60, 300, 1_800, 7_200, 21_600, 86_400, 86_400)


def next_interval(attempts: int) -> timedelta | None:
    """The wait after so many looks, or None when a person has to look instead."""
    return timedelta(seconds=INTERVALS_S[attempts - 1]) if 1 <= attempts <= len(INTERVALS_S) else None
