"""How long people wait for an answer, from our own history: now, and at which hour it is shortest."""

import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from django.db import connection

from guitai.base.clock import now
from guitai.kit.operator import time_zone

_DAYS = 28
_ENOUGH = 5
_CACHE_S = 300
# By the hour of the week in the counter's own zone; an hour counts with its neighbours on the other weekdays only
# through the hour of the day, so that a young installation has a figure too.
_MEDIANS = """
SELECT extract(hour FROM opened_at AT TIME ZONE %s)::int AS hour, count(*),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY first_reply_at - opened_at)
FROM care_case
WHERE opened_at >= %s AND first_reply_at IS NOT NULL
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Waits:
    """Half of all questions asked at this hour were answered within `now`; `best_hour` is the hour of day with the
    shortest wait. None where too few questions were asked."""

    now: timedelta | None
    best_hour: int | None
    best: timedelta | None
    questions: int


def waits() -> Waits:
    """The waiting times of the last four weeks.

    gives    Waits; a figure rests on at least five questions of its hour, and is at most five minutes old
    """
    return _measured(int(time.monotonic() // _CACHE_S), time_zone(), now().strftime("%Y%m%d%H"))


@lru_cache(maxsize=4)
def _measured(_turn: int, zone: str, _hour: str) -> Waits:
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(_MEDIANS, [zone, at - timedelta(days=_DAYS)])
        rows = cursor.fetchall()
        cursor.execute("SELECT extract(hour FROM %s AT TIME ZONE %s)::int", [at, zone])
        present = int(cursor.fetchone()[0])
    known = {int(hour): wait for hour, count, wait in rows if count >= _ENOUGH}
    best = min(known, key=lambda hour: (known[hour], hour), default=None)
    return Waits(
        now=known.get(present),
        best_hour=best,
        best=known[best] if best is not None else None,
        questions=sum(int(count) for _, count, _ in rows),
    )
