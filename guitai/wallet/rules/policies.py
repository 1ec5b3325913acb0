"""What the operator decides about fees, limits and waiting times."""

from typing import Literal

import msgspec

from guitai.base.money import EXPONENTS, MINOR_MAX, Money

_WHOLE = 10_000


class Limit(msgspec.Struct, frozen=True, omit_defaults=True):
    """How much at once, a calendar day and a calendar month, in minor units; what is left out is not limited."""

    once: int | None = None
    day: int | None = None
    month: int | None = None

    def __post_init__(self) -> None:
        if any(
            value is not None and not 0 <= value <= MINOR_MAX for value in (self.once, self.day, self.month)
        ):
            raise ValueError("a limit is zero or more")


_NONE = Limit()
Limited = Literal["transfer", "top_up", "withdrawal", "payment"]


class Limits(msgspec.Struct, frozen=True):
    """Limits by identity tier, kind of movement and currency; a currency that is not named has none of that kind."""

    tiers: tuple[dict[Limited, dict[str, Limit]], ...]

    def __post_init__(self) -> None:
        if not self.tiers:
            raise ValueError("there is at least one tier")
        for kinds in self.tiers:
            if any(not EXPONENTS.keys() >= by_currency.keys() for by_currency in kinds.values()):
                raise ValueError("a limit is in a currency that is known")

    def of(self, tier: int, kind: Limited, currency: str) -> Limit:
        """What holds for a person of a tier; a tier above the highest has the highest's."""
        return self.tiers[min(tier, len(self.tiers) - 1)].get(kind, {}).get(currency, _NONE)


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


# What one yuan of a limit is elsewhere, as a fraction of a major unit: tiers agree in every currency, in round figures.
_WORTH = {
    "CNY": (1, 1), "HKD": (1, 1), "USD": (3, 20), "EUR": (3, 20), "GBP": (1, 8), "SGD": (1, 5), "JPY": (20, 1),
}  # fmt: skip
# Yuan at once, a day, a month; tier 0 is a verified phone, 1 a name and ID number, 2 documents seen by staff.
_YUAN: tuple[dict[Limited, tuple[int, int, int]], ...] = (
    {"transfer": (20_000, 60_000, 200_000), "top_up": (50_000, 100_000, 300_000),
     "withdrawal": (20_000, 50_000, 200_000), "payment": (20_000, 60_000, 200_000)},
    {"transfer": (50_000, 200_000, 1_000_000), "top_up": (100_000, 300_000, 1_000_000),
     "withdrawal": (50_000, 200_000, 1_000_000), "payment": (50_000, 200_000, 1_000_000)},
    {"transfer": (200_000, 500_000, 3_000_000), "top_up": (500_000, 1_000_000, 5_000_000),
     "withdrawal": (200_000, 500_000, 3_000_000), "payment": (200_000, 500_000, 3_000_000)},
)  # fmt: skip


def _limit(currency: str, yuan: tuple[int, int, int]) -> Limit:
    numerator, denominator = _WORTH[currency]
    once, day, month = (amount * 10 ** EXPONENTS[currency] * numerator // denominator for amount in yuan)
    return Limit(once, day, month)


DEFAULT_LIMITS = Limits(
    tuple(
        {kind: {currency: _limit(currency, yuan) for currency in _WORTH} for kind, yuan in kinds.items()}
        for kinds in _YUAN
    )
)


def fee_of(fees: dict[str, Fee], amount: Money) -> Money:
    """The fee on an amount; a fraction of a minor unit is rounded down, so the customer keeps the remainder."""
    fee = fees.get(amount.currency, Fee())
    minor = fee.fixed_minor + amount.minor * fee.basis_points // _WHOLE
    return Money(min(minor, fee.maximum_minor) if fee.maximum_minor is not None else minor, amount.currency)
