"""The terms in force, as anybody may read them."""

from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.operator import operator
from guitai.wallet.rules.policies import Fee, Fees, Limited, Limits, Waiting
from guitai.wallet.rules.withdrawals import Withdrawals
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
        withdrawal_fees=tuple(
            _fee(fees.withdrawal.get(currency, Fee()), currency) for currency in currencies
        ),
        withdrawal_arrivals=_arrivals(withdrawals),
        withdrawal_by=withdrawals.arrives_by,
        transfer_fees=tuple(_fee(fees.transfer.get(currency, Fee()), currency) for currency in currencies),
        unclaimed_hours=waiting.unclaimed_hours,
        held_hours=waiting.held_hours,
        top_up_minutes=waiting.top_up_minutes,
    )


def _limit(limits: Limits, tier: int, kind: Limited, currency: str) -> PublishedLimit | None:
    found = limits.of(tier, kind, currency)
    once, day, month = (
        None if minor is None else Money(minor, currency) for minor in (found.once, found.day, found.month)
    )
    if once is None and day is None and month is None:
        return None
    return PublishedLimit(tier, kind, currency, once, day, month)


def _arrivals(policy: Withdrawals) -> tuple[PublishedArrival, ...]:
    """Those of some banks as the operator put them, and in the end what counts for every other bank."""
    some = [one for one in policy.promises if one.banks]
    every = policy.promise_of("bank", "")
    return tuple(PublishedArrival(one.banks, one.first_days, one.last_days) for one in (*some, every))


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
