"""What may leave now, looked at in the transaction that hands it over.

Between a stop and the word of it that takes payouts out of the queue lie seconds: the room that knows the owners is
asked at the last moment, under a lock that no stop passes.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from guitai.kit.transactions import required
from guitai.rails.models import PayoutRow

Stopped = Callable[[Sequence[str]], frozenset[str]]
_checks: list[Stopped] = []


def set_payout_check(check: Stopped) -> None:
    """See `rails.api.set_payout_check`."""
    if check not in _checks:
        _checks.append(check)


def stopped_of(references: Sequence[str]) -> frozenset[str]:
    """Which of these payouts must not leave; it stays so until the caller's transaction ends."""
    required()
    return frozenset(reference for check in _checks for reference in check(references))


def free_to_leave(queued: "QuerySet[PayoutRow]", limit: int) -> list[UUID]:
    """The first so many that nothing stops. Those that are stopped hold nobody up: they wait to be taken back."""
    stopped: frozenset[str] = frozenset()
    while True:
        rows = queued.exclude(order_reference__in=stopped) if stopped else queued
        found = dict(rows.values_list("order_reference", "id")[:limit])
        more = stopped_of(list(found)) if found else frozenset()
        if not more:
            return list(found.values())
        stopped |= more
