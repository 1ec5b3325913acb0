"""What the wallet's door says about fees; `types.py` has it too."""

from dataclasses import dataclass

from guitai.base.money import Money


@dataclass(frozen=True, slots=True)
class PublishedFee:
    """A fee in a currency: a fixed part, a rate in hundredths of a per cent, a ceiling and a floor.

    `free_a_month` is how much of a calendar month costs nothing.
    """

    currency: str
    fixed: Money
    basis_points: int
    maximum: Money | None
    minimum: Money | None = None
    free_a_month: Money | None = None
    # Of a withdrawal: the way that it is the fee of, where another fee counts for the others.
    rail: str = ""
