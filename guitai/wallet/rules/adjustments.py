"""What the house may give of its own accord, from which of its accounts, and what the customer is told for it."""

from typing import Literal, get_args

from guitai.wallet.rules import chart
from guitai.wallet.rules.corrections import CORRECTIONS

AdjustmentKind = Literal["goodwill", "fee_waiver", "correction"]
KINDS: tuple[AdjustmentKind, ...] = get_args(AdjustmentKind)
# Money is only ever given: what a customer owes is asked for, never taken.
SOURCES: dict[AdjustmentKind, int] = {
    "goodwill": chart.GOODWILL,
    "fee_waiver": chart.FEES,
    "correction": chart.CORRECTIONS,
}


def code_of(kind: AdjustmentKind, reason: str = "") -> str:
    """The code that the customer's bill explains."""
    return f"adjusted_{reason}" if kind == "correction" else f"adjusted_{kind}"


CODES: tuple[str, ...] = (
    code_of("goodwill"),
    code_of("fee_waiver"),
    *(code_of("correction", reason) for reason in CORRECTIONS),
)
