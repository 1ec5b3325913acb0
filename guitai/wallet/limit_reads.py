"""What a customer may still move: each limit with what is used of it, and what the next identity tier would allow."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.operator import operator, time_zone
from guitai.people import api as people
from guitai.wallet.limit_overrides import overrides_of, with_overrides
from guitai.wallet.models import LimitUsed
from guitai.wallet.rules.policies import LEAVING, Limit, Limited, Limits, NewPinLimits
from guitai.wallet.rules.windows import local_day, month_of
from guitai.wallet.types import LimitView, LimitWindow

_WINDOWS: tuple[LimitWindow, ...] = ("once", "day", "month")


def limits_of(owner: UUID, kinds: tuple[Limited, ...], currencies: tuple[str, ...] = ()) -> list[LimitView]:
    """Every limit of a customer, by kind, currency and window; what is not limited is left out."""
    limits, tier = policies.current(Limits).value, people.standing(owner).tier
    today = local_day(now(), time_zone())
    used = _used(owner, today)
    own = {kind: overrides_of([owner], kind).get(owner) for kind in kinds}
    new_pin = policies.current(NewPinLimits).value if new_pin_until(owner) else None
    return [
        view
        for kind in kinds
        for currency in currencies or operator().currencies
        for window in _WINDOWS
        if (view := _view(limits, tier, kind, currency, window, used, own[kind], new_pin)) is not None
    ]


def new_pin_until(owner: UUID) -> datetime | None:
    """Until when little may leave because a forgotten PIN was replaced; None when nothing is lowered by that."""
    found = people.new_pin(owner)
    if found is None:
        return None
    until = policies.current(NewPinLimits).value.until(found.at, found.proof)
    return until if now() < until else None


def _view(
    limits: Limits,
    tier: int,
    kind: Limited,
    currency: str,
    window: LimitWindow,
    used: dict[tuple[str, str, LimitWindow], int],
    own: Mapping[tuple[str, str], int] | None,
    new_pin: NewPinLimits | None,
) -> LimitView | None:
    whole = with_overrides(limits.of(tier, kind, currency), currency, own)
    if new_pin is not None and kind in LEAVING:
        whole = new_pin.lowered(whole, currency)
    limit = _of(whole, window)
    if limit is None:
        return None
    taken = used.get((kind, currency, window), 0)
    higher = tier + 1 < len(limits.tiers)
    above = _of(limits.of(tier + 1, kind, currency), window) if higher else None
    return LimitView(
        kind=kind,
        window=window,
        currency=currency,
        limit=Money(limit, currency),
        used=Money(taken, currency),
        remaining=Money(max(limit - taken, 0), currency),
        next_tier_limit=Money(above, currency) if above is not None else None,
    )


def _of(limit: Limit, window: LimitWindow) -> int | None:
    return {"once": limit.once, "day": limit.day, "month": limit.month}[window]


def _used(owner: UUID, today: date) -> dict[tuple[str, str, LimitWindow], int]:
    used: dict[tuple[str, str, LimitWindow], int] = {}
    for row in LimitUsed.objects.filter(owner=owner, month=month_of(today)):
        used[row.name, row.currency, "month"] = row.month_minor
        used[row.name, row.currency, "day"] = row.day_minor if row.day >= today else 0
    return used
