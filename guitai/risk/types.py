"""What passes through the door of risk. Frozen values; amounts in minor units."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from guitai.base.refusal import Fact

Outcome = Literal["pass", "hold"]
HoldReason = Literal["held_new_payee", "held_amount_a_day", "held_count_an_hour"]
Audience = Literal["customer", "agent", "article"]


@dataclass(frozen=True, slots=True)
class Features:
    """What the caller knows about one movement; running figures include the batch's earlier movements."""

    owner: UUID
    amount_minor: int
    currency: str
    sent_today_minor: int
    count_last_hour: int
    payee_is_new: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer for one movement. `facts` are for staff: see `risk.api.facts_for` before showing them."""

    outcome: Outcome
    reason: HoldReason | None
    facts: Mapping[str, Fact]
    policy_pin: str


Assessor = Callable[[Features], Assessment]
