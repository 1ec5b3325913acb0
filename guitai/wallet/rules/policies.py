"""What the operator decides about fees, limits and waiting times."""

from datetime import datetime, timedelta
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
LEAVING: frozenset[Limited] = frozenset({"transfer", "withdrawal", "payment"})


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


class NewPinLimits(msgspec.Struct, frozen=True):
    """How much of each kind may leave in a day while a payment PIN is new that took the place of a forgotten one.

    Nothing at all where the amount is 0; a currency that is not named is not limited by this. `after` names the proofs
    that somebody else may have in their hands with a phone or a purse, and `release` and `staff`.
    """

    hours: int = 24
    day: dict[str, int] = {}
    after: tuple[str, ...] = ("sms", "email", "identity", "release", "staff")

    def __post_init__(self) -> None:
        if self.hours < 0 or any(not 0 <= minor <= MINOR_MAX for minor in self.day.values()):
            raise ValueError("hours and limits are zero or more")
        if not EXPONENTS.keys() >= self.day.keys():
            raise ValueError("a limit is in a currency that is known")

    def until(self, replaced_at: datetime, proof: str) -> datetime:
        """Until when a PIN counts as new that was replaced after a proof."""
        return replaced_at + timedelta(hours=self.hours if proof in self.after else 0)

    def lowered(self, limit: Limit, currency: str) -> Limit:
        """A limit while the PIN is new."""
        most = self.day.get(currency)
        if most is None:
            return limit
        once, day = (most if one is None else min(one, most) for one in (limit.once, limit.day))
        return msgspec.structs.replace(limit, once=once, day=day)


class Fee(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fixed part and a rate in hundredths of a per cent, with a floor and a ceiling.

    What comes within the free allowance of a calendar month costs nothing; it counts where a limit counts the month.
    """

    fixed_minor: int = 0
    basis_points: int = 0
    maximum_minor: int | None = None
    minimum_minor: int = 0
    free_minor_a_month: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.fixed_minor <= MINOR_MAX or not 0 <= self.basis_points <= _WHOLE:
            raise ValueError("a fee is zero or more, and its rate at most the whole amount")
        if self.maximum_minor is not None and self.maximum_minor < 0:
            raise ValueError("a fee's ceiling is zero or more")
        if min(self.minimum_minor, self.free_minor_a_month) < 0:
            raise ValueError("a fee's floor and its free allowance are zero or more")
        if self.maximum_minor is not None and self.minimum_minor > self.maximum_minor:
            raise ValueError("a fee's floor is not above its ceiling")


class Fees(msgspec.Struct, frozen=True):
    """By currency; for money in by rail first, taken from what arrives.

    A withdrawal costs the same by every way, but for those that `withdrawal_by_rail` names.
    """

    transfer: dict[str, Fee] = {}
    withdrawal: dict[str, Fee] = {}
    top_up: dict[str, dict[str, Fee]] = {}
    withdrawal_by_rail: dict[str, dict[str, Fee]] = {}

    def of_withdrawal(self, rail: str) -> dict[str, Fee]:
        """The fees of withdrawals by a rail."""
        return {**self.withdrawal, **self.withdrawal_by_rail.get(rail, {})}


class Waiting(msgspec.Struct, frozen=True):
    """How long things may stay open."""

    unclaimed_hours: int = 24
    held_hours: int = 24
    top_up_minutes: int = 60
    # By when an outcome that nobody knows yet is known, or a person looks after it.
    outcome_hours: int = 24

    def __post_init__(self) -> None:
        if min(self.unclaimed_hours, self.held_hours, self.top_up_minutes, self.outcome_hours) < 1:
            raise ValueError("things stay open for one hour, or one minute, at least")


class LateTopUps(msgspec.Struct, frozen=True):
    """What becomes of the right money for a top-up that has expired or failed: it is never kept.

    `return` sends it back when it is later than so many days, or when the wallet may not receive; into a wallet that
    is closed nothing is ever credited.
    """

    then: Literal["credit", "return"] = "credit"
    after_days: int = 30

    def __post_init__(self) -> None:
        if self.after_days < 0:
            raise ValueError("a payment is late by no days or more")

    def sends_back(self, late: timedelta, *, closed: bool, stopped: bool) -> bool:
        """Whether a payment goes back that came so long after its order had ended."""
        return closed or (self.then == "return" and (stopped or late > timedelta(days=self.after_days)))


class RailAccess(msgspec.Struct, frozen=True):
    """Who may use a way in, besides what the rail itself takes."""

    tier: int = 0
    offered: bool = True


class TopUpRails(msgspec.Struct, frozen=True):
    """Ways in by name; one that is not named is for everybody."""

    rails: dict[str, RailAccess] = {}

    def allows(self, rail: str, tier: int) -> bool:
        """Whether somebody of an identity tier may use a rail."""
        access = self.rails.get(rail, RailAccess())
        return access.offered and tier >= access.tier


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


# A day's shopping, and no rent: who is robbed keeps the rest.
_NEW_PIN_YUAN = 1_000
DEFAULT_NEW_PIN = NewPinLimits(
    day={
        currency: _NEW_PIN_YUAN * 10 ** EXPONENTS[currency] * numerator // denominator
        for currency, (numerator, denominator) in _WORTH.items()
    }
)


def fee_of(fees: dict[str, Fee], amount: Money, used_this_month: int = 0) -> Money:
    """The fee on an amount; a fraction of a minor unit is rounded down, so the customer keeps the remainder.

    takes    the fees by currency, the amount, and how much of the month's free allowance is used, in minor units
    """
    fee = fees.get(amount.currency, Fee())
    charged = amount.minor - max(fee.free_minor_a_month - used_this_month, 0)
    if charged <= 0:
        return Money(0, amount.currency)
    minor = max(fee.fixed_minor + charged * fee.basis_points // _WHOLE, fee.minimum_minor)
    return Money(min(minor, fee.maximum_minor) if fee.maximum_minor is not None else minor, amount.currency)


def most_within(fees: dict[str, Fee], whole: Money, used_this_month: int = 0) -> Money:
    """The largest amount that leaves with its fee out of a whole; zero where the fee takes it all."""
    low, high = 0, whole.minor
    while low < high:
        middle = (low + high + 1) // 2
        amount = Money(middle, whole.currency)
        if amount + fee_of(fees, amount, used_this_month) <= whole:
            low = middle
        else:
            high = middle - 1
    return Money(low, whole.currency)
