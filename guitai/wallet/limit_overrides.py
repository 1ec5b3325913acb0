"""Limits of one customer that differ for a while. Nearly nobody has one: that is asked once a second, not each time."""

import time
from collections.abc import Iterable, Mapping
from uuid import UUID

from guitai.base.clock import now
from guitai.wallet.models.adjustment import LimitOverride
from guitai.wallet.rules.policies import Limit, Limited

_FRESH_NS = 1_000_000_000
Overrides = Mapping[UUID, Mapping[tuple[str, str], int]]


class _Known:
    """Whether there is any at all, at most a second old."""

    some = False
    until = 0


def forget() -> None:
    """A limit was changed in this process."""
    _Known.until = 0


def overrides_of(owners: Iterable[UUID], name: Limited) -> Overrides:
    """The open ones of a kind by owner, each by (currency, window)."""
    if _Known.until <= time.monotonic_ns():
        _Known.some = LimitOverride.objects.filter(ended_at=None, expires_at__gt=now()).exists()
        _Known.until = time.monotonic_ns() + _FRESH_NS
    if not _Known.some:
        return {}
    rows = LimitOverride.objects.filter(
        owner__in=set(owners), name=name, ended_at=None, expires_at__gt=now()
    ).values_list("owner", "currency", "window", "minor")
    found: dict[UUID, dict[tuple[str, str], int]] = {}
    for owner, currency, window, minor in rows:
        found.setdefault(owner, {})[currency, window] = minor
    return found


def with_overrides(limit: Limit, currency: str, own: Mapping[tuple[str, str], int] | None) -> Limit:
    """A limit as it is for one customer."""
    if not own:
        return limit
    return Limit(
        once=own.get((currency, "once"), limit.once),
        day=own.get((currency, "day"), limit.day),
        month=own.get((currency, "month"), limit.month),
    )
