"""What the operator decides about fees, limits and waiting times."""

import msgspec

from guitai.base.money import EXPONENTS, MINOR_MAX, Money

_WHOLE = 10_000


class Limits(msgspec.Struct, frozen=True):
    """Limits in minor units by currency; a currency that is not named has none of that kind."""

    transfer_once: dict[str, int]
    transfer_day: dict[str, int]
    top_up_once: dict[str, int]
    top_up_day: dict[str, int]

    def __post_init__(self) -> None:
        for limits in (self.transfer_once, self.transfer_day, self.top_up_once, self.top_up_day):
            if not EXPONENTS.keys() >= limits.keys() or any(not 0 <= v <= MINOR_MAX for v in limits.values()):
                raise ValueError("a limit is zero or more, in a currency that is known")


class Fee(msgspec.Struct, frozen=True):
    """A fixed part and a rate in hundredths of a per cent, with a ceiling."""

    fixed_minor: int = 0
    basis_points: int = 0
    maximum_minor: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.fixed_minor <= MINOR_MAX or not 0 <= self.basis_points <= _WHOLE:
            raise ValueError("a fee is zero or more, and its rate at most the whole amount")
        if self.maximum_minor is not None and self.maximum_minor < 0:
            raise ValueError("a fee's ceiling is zero or more")


class Fees(msgspec.Struct, frozen=True):
    transfer: dict[str, Fee] = {}


class Waiting(msgspec.Struct, frozen=True):
    """How long things may stay open."""

    unclaimed_hours: int = 24
    held_hours: int = 24
    top_up_minutes: int = 60

    def __post_init__(self) -> None:
        if min(self.unclaimed_hours, self.held_hours, self.top_up_minutes) < 1:
            raise ValueError("things stay open for one hour, or one minute, at least")


DEFAULT_LIMITS = Limits(
    transfer_once={
        "CNY": 20_000_00, "USD": 3_000_00, "EUR": 3_000_00, "GBP": 2_500_00, "HKD": 20_000_00, "SGD": 4_000_00,
        "JPY": 400_000,
    },
    transfer_day={
        "CNY": 60_000_00, "USD": 9_000_00, "EUR": 9_000_00, "GBP": 7_500_00, "HKD": 60_000_00, "SGD": 12_000_00,
        "JPY": 1_200_000,
    },
    top_up_once={
        "CNY": 50_000_00, "USD": 7_000_00, "EUR": 7_000_00, "GBP": 6_000_00, "HKD": 50_000_00, "SGD": 10_000_00,
        "JPY": 1_000_000,
    },
    top_up_day={
        "CNY": 100_000_00, "USD": 15_000_00, "EUR": 15_000_00, "GBP": 12_000_00, "HKD": 100_000_00,
        "SGD": 20_000_00, "JPY": 2_000_000,
    },
)  # fmt: skip


def fee_of(fees: dict[str, Fee], amount: Money) -> Money:
    """The fee on an amount; a fraction of a minor unit is rounded down, so the customer keeps the remainder."""
    fee = fees.get(amount.currency, Fee())
    minor = fee.fixed_minor + amount.minor * fee.basis_points // _WHOLE
    return Money(min(minor, fee.maximum_minor) if fee.maximum_minor is not None else minor, amount.currency)
