"""What the doors for adjustments take and give."""

from dataclasses import dataclass
from uuid import UUID

from guitai.base.money import Money


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of staff: which one, for which case, why, by whom, and who agreed where two were needed."""

    approval: UUID
    case: UUID
    reason: str
    made_by: UUID
    agreed_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class FeePaid:
    """The fee of an operation that stands with the house, and whether it was given back."""

    reference: str
    fee: Money
    waived: bool
