"""Limits at once, a day and a month, by identity tier: refused with the figures, taken under lock."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.operator import time_zone
from guitai.people.types import Standing
from guitai.wallet.limit_overrides import Overrides, overrides_of, with_overrides
from guitai.wallet.rules.policies import LEAVING, Limit, Limited, Limits, NewPinLimits
from guitai.wallet.rules.windows import begins, local_day, month_of, next_day, next_month
from guitai.wallet.till.types import Decision, LimitKey, LimitUse, View, refused


class LimitRules(Struct, frozen=True):
    """What a batch's limits are judged by."""

    kind: Limited
    policy: policies.Versioned[Limits]
    zone: str
    # What differs for one of the owners, for a while.
    own: Overrides
    new_pin: policies.Versioned[NewPinLimits]

    def of(self, owner: UUID, standing: Standing | None, currency: str) -> Limit:
        """What holds for somebody now."""
        limit = self.policy.value.of(standing.tier if standing else 0, self.kind, currency)
        return with_overrides(limit, currency, self.own.get(owner))

    def new_pin_until(self, standing: Standing | None, at: datetime) -> datetime | None:
        """Until when the owner's PIN is new; None when it is not, or when only money comes in."""
        if standing is None or standing.new_pin is None or self.kind not in LEAVING:
            return None
        until = self.new_pin.value.until(standing.new_pin.at, standing.new_pin.proof)
        return until if at < until else None


def rules_of(kind: Limited, owners: Iterable[UUID]) -> LimitRules:
    return LimitRules(
        kind,
        policies.current(Limits),
        time_zone(),
        overrides_of(owners, kind),
        policies.current(NewPinLimits),
    )


def month_key(owner: UUID, kind: Limited, currency: str) -> LimitKey:
    """The window that an intent of now is counted in."""
    return LimitKey(owner, kind, currency, month_of(local_day(now(), time_zone())))


def use_of(owner: UUID, rules: LimitRules, amount: Money, view: View) -> LimitUse:
    """What an approved intent takes."""
    key = view.window(owner, rules.kind, amount.currency)
    return LimitUse(key, view.today(key), amount.minor)


def refuse_limits(
    owner: UUID, standing: Standing | None, rules: LimitRules, amount: Money, view: View
) -> Decision | None:
    """limit_new_pin, limit_<kind>_once, limit_<kind>_day or limit_<kind>_month, with what is used and until when."""
    currency, kind, pin = amount.currency, rules.kind, rules.policy.pin
    if (new := _refuse_new_pin(owner, standing, rules, amount, view)) is not None:
        return new
    limit = rules.of(owner, standing, currency)
    if limit.once is not None and amount.minor > limit.once:
        return refused(f"limit_{kind}_once", limit=Money(limit.once, currency).fact(), policy=pin)
    key = view.window(owner, kind, currency)
    today, used = view.today(key), view.used(key)
    day_used = used.on(today)
    if limit.day is not None and day_used + amount.minor > limit.day:
        resets_at = next_day(today, rules.zone).isoformat()
        return _refused(f"limit_{kind}_day", Money(limit.day, currency), day_used, resets_at, pin)
    if limit.month is not None and used.month_minor + amount.minor > limit.month:
        resets_at = begins(next_month(key.month), rules.zone).isoformat()
        return _refused(f"limit_{kind}_month", Money(limit.month, currency), used.month_minor, resets_at, pin)
    return None


def _refuse_new_pin(
    owner: UUID, standing: Standing | None, rules: LimitRules, amount: Money, view: View
) -> Decision | None:
    """Whoever took over a phone can replace the PIN too: for a while they get little, and the owner hears of it."""
    until, most = (
        rules.new_pin_until(standing, view.moment),
        rules.new_pin.value.day.get(amount.currency),
    )
    if until is None or most is None:
        return None
    key = view.window(owner, rules.kind, amount.currency)
    used = view.used(key).on(view.today(key))
    if used + amount.minor <= most:
        return None
    limit = Money(most, amount.currency)
    return _refused("limit_new_pin", limit, used, until.isoformat(), rules.new_pin.pin)


def remaining(
    owner: UUID, standing: Standing | None, rules: LimitRules, taken: Money, view: View
) -> Money | None:
    """What the day's and the month's limit leave once `taken` is taken as well; None when neither is limited."""
    currency = taken.currency
    limit = rules.of(owner, standing, currency)
    if rules.new_pin_until(standing, view.moment) is not None:
        limit = rules.new_pin.value.lowered(limit, currency)
    key = view.window(owner, rules.kind, currency)
    used = view.used(key)
    left = [
        bound - counted - taken.minor
        for bound, counted in ((limit.day, used.on(view.today(key))), (limit.month, used.month_minor))
        if bound is not None
    ]
    return Money(max(min(left), 0), currency) if left else None


def _refused(code: str, limit: Money, used: int, resets_at: str, pin: str) -> Decision:
    return refused(
        code,
        limit=limit.fact(),
        used=Money(used, limit.currency).fact(),
        remaining=Money(max(limit.minor - used, 0), limit.currency).fact(),
        resets_at=resets_at,
        policy=pin,
    )
