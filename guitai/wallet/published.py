"""The terms in force, as anybody may read them."""

from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.operator import operator
from guitai.wallet.rules.policies import Fee, Fees, Limited, Limits, Waiting
from guitai.wallet.types import PublishedFee, PublishedLimit, PublishedTerms

_KINDS: tuple[Limited, ...] = ("transfer", "top_up", "withdrawal", "payment")


def published_terms() -> PublishedTerms:
    """See `wallet.api.published_terms`."""
    limits, fees = policies.current(Limits).value, policies.current(Fees).value
    waiting = policies.current(Waiting).value
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
