"""The terms in force, as anybody may read them."""

from collections.abc import Iterator
from dataclasses import replace

from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.operator import operator
from guitai.rails import api as rails
from guitai.wallet.rules.policies import Fee, Fees, Limited, Limits, Waiting
from guitai.wallet.rules.withdrawals import BANK, ONLINE, Withdrawals
from guitai.wallet.types import PublishedArrival, PublishedFee, PublishedLimit, PublishedTerms

_KINDS: tuple[Limited, ...] = ("transfer", "top_up", "withdrawal", "payment")


def published_terms() -> PublishedTerms:
    """See `wallet.api.published_terms`."""
    limits, fees = policies.current(Limits).value, policies.current(Fees).value
    waiting, withdrawals = policies.current(Waiting).value, policies.current(Withdrawals).value
    currencies = operator().currencies
    return PublishedTerms(
        limits=tuple(
            limit
            for tier in range(len(limits.tiers))
            for kind in _KINDS
            for currency in currencies
            if (limit := _limit(limits, tier, kind, currency)) is not None
        ),
        withdrawal_fees=tuple(fee for currency in currencies for fee in _withdrawal_fees(fees, currency)),
        withdrawal_arrivals=_arrivals(withdrawals),
        withdrawal_by=withdrawals.arrives_by,
        transfer_fees=tuple(_fee(fees.transfer.get(currency, Fee()), currency) for currency in currencies),
        unclaimed_hours=waiting.unclaimed_hours,
        held_hours=waiting.held_hours,
        top_up_minutes=waiting.top_up_minutes,
    )


def withdrawal_fee(fees: Fees, rail: str, currency: str) -> PublishedFee:
    """What a withdrawal by one way costs."""
    return replace(_fee(fees.of_withdrawal(rail).get(currency, Fee()), currency), rail=rail)


def _withdrawal_fees(fees: Fees, currency: str) -> Iterator[PublishedFee]:
    """What counts for every way, then the ways that cost otherwise."""
    usual = fees.withdrawal.get(currency, Fee())
    yield _fee(usual, currency)
    for rail in sorted(fees.withdrawal_by_rail):
        if fees.of_withdrawal(rail).get(currency, Fee()) != usual:
            yield withdrawal_fee(fees, rail, currency)


def _limit(limits: Limits, tier: int, kind: Limited, currency: str) -> PublishedLimit | None:
    found = limits.of(tier, kind, currency)
    once, day, month = (
        None if minor is None else Money(minor, currency) for minor in (found.once, found.day, found.month)
    )
    if once is None and day is None and month is None:
        return None
    return PublishedLimit(tier, kind, currency, once, day, month)


def _arrivals(policy: Withdrawals) -> tuple[PublishedArrival, ...]:
    """Those of some banks as the operator put them, what counts for every other bank, then each way online."""
    some = [one for one in policy.promises if one.banks and one.rail == BANK]
    every = policy.promise_of(BANK, "")
    online = [policy.promise_of(rail, "") for rail in ONLINE if rails.payout_currencies(rail=rail)]
    return tuple(
        PublishedArrival(one.banks, one.first_days, one.last_days, one.rail)
        for one in (*some, every, *online)
    )


def _fee(fee: Fee, currency: str) -> PublishedFee:
    ceiling = None if fee.maximum_minor is None else Money(fee.maximum_minor, currency)
    return PublishedFee(
        currency,
        Money(fee.fixed_minor, currency),
        fee.basis_points,
        ceiling,
        Money(fee.minimum_minor, currency) if fee.minimum_minor else None,
        Money(fee.free_minor_a_month, currency) if fee.free_minor_a_month else None,
    )
