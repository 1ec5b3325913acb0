"""What the operator decides about using a rail, whatever protocol it speaks."""

from typing import Annotated

import msgspec

from guitai.base.money import EXPONENTS, MINOR_MAX

_Minor = Annotated[int, msgspec.Meta(ge=0, le=MINOR_MAX)]


class RailTerms(msgspec.Struct, frozen=True):
    """Amounts are in the smallest unit of whichever currency is paid."""

    top_ups: bool = True
    payouts: bool = True
    # Empty: whatever the wallet holds.
    currencies: tuple[str, ...] = ()
    minimum: Annotated[int, msgspec.Meta(ge=1, le=MINOR_MAX)] = 1
    # 0: no limit of the rail's own.
    maximum: _Minor = 0
    # What the rail charges us: a fixed part, and hundredths of a percent. For information.
    fee_fixed: _Minor = 0
    fee_per_10000: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    # Promised arrival. 0: what the rail itself says.
    top_up_arrival_s: Annotated[int, msgspec.Meta(ge=0, le=2_592_000)] = 0
    payout_arrival_s: Annotated[int, msgspec.Meta(ge=0, le=2_592_000)] = 0
    # How often payouts, refunds and queries may call the rail: a peak waits here instead of being refused there.
    calls_a_minute: Annotated[int, msgspec.Meta(ge=1, le=60_000)] = 600

    def __post_init__(self) -> None:
        if unknown := set(self.currencies) - EXPONENTS.keys():
            raise ValueError(f"{', '.join(sorted(unknown))[:60]} is no currency that a wallet holds")
        if self.maximum and self.maximum < self.minimum:
            raise ValueError("the largest amount is less than the smallest")

    def takes(self, currency: str) -> bool:
        """Whether the rail is used for a currency."""
        return not self.currencies or currency in self.currencies
