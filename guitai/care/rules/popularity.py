"""Which articles are wanted now: readings and questions of the last hours, the latest counting most."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

LOOK_BACK = timedelta(hours=48)
_HALF_LIFE = timedelta(hours=6)
# Somebody who opens a case needed the answer more than somebody who looked in.
_CASE = 5.0


def decayed(at: datetime, now: datetime) -> float:
    """How much something that happened then still counts: half after six hours."""
    return float(0.5 ** (max(now - at, timedelta()) / _HALF_LIFE))


def wanted(
    readings: Iterable[tuple[str, datetime, int]],
    cases: Iterable[tuple[tuple[str, ...], datetime]],
    topics: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> list[str]:
    """Slugs by how wanted they are, the most wanted first; those that nobody wanted are left out.

    takes    (slug, hour, how many readings), (topics, when) of cases, the topics of each article, the moment
    """
    scores: dict[str, float] = {}
    for slug, hour, count in readings:
        scores[slug] = scores.get(slug, 0.0) + count * decayed(hour, now)
    for about, at in cases:
        answering = [slug for slug, carried in topics.items() if carried and carried[0] in about]
        for slug in answering:
            scores[slug] = scores.get(slug, 0.0) + _CASE * decayed(at, now)
    known = {slug: score for slug, score in scores.items() if slug in topics and score >= 0.05}
    return sorted(known, key=lambda slug: (-known[slug], slug))
