"""What the operator decides about fees, limits and waiting times."""

import msgspec

from guitai.base.money import Money


class Limits(msgspec.Struct, frozen=True):
    """Limits in minor units by currency; a currency that is not named has none of that kind."""

    transfer_once: dict[str, int]
    transfer_day: dict[str, int]
    top_up_once: dict[str, int]
    top_up_day: dict[str, int]


class Fee(msgspec.Struct, frozen=True):
    """A fixed part and a rate in hundredths of a per cent, with a ceiling."""

    fixed_minor: int = 0
    basis_points: int = 0
    maximum_minor: int | None = None


class Fees(msgspec.Struct, frozen=True):
    transfer: dict[str, Fee] = {}


class Waiting(msgspec.Struct, frozen=True):
    """How long things may stay open."""

    unclaimed_hours: int = 24
    held_hours: int = 24
    top_up_minutes: int = 60


DEFAULT_LIMITS = Limits(
    transfer_once={"CNY": 20_000_00, "USD": 3_000_00, "EUR": 3_000_00, "GBP": 2_500_00, "HKD": 20_000_00},
    transfer_day={"CNY": 60_000_00, "USD": 9_000_00, "EUR": 9_000_00, "GBP": 7_500_00, "HKD": 60_000_00},
    top_up_once={"CNY": 50_000_00, "USD": 7_000_00, "EUR": 7_000_00, "GBP": 6_000_00, "HKD": 50_000_00},
    top_up_day={"CNY": 100_000_00, "USD": 15_000_00, "EUR": 15_000_00, "GBP": 12_000_00, "HKD": 100_000_00},
)
_WHOLE = 10_000


def fee_of(fees: dict[str, Fee], amount: Money) -> Money:
    """The fee on an amount; a fraction of a minor unit is rounded down, so the customer keeps the remainder."""
    fee = fees.get(amount.currency, Fee())
    minor = fee.fixed_minor + amount.minor * fee.basis_points // _WHOLE
    return Money(min(minor, fee.maximum_minor) if fee.maximum_minor is not None else minor, amount.currency)
