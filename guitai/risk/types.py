"""What passes through the door of risk. Frozen values; amounts in minor units."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from guitai.base.refusal import Fact

Outcome = Literal["pass", "hold"]
HoldReason = Literal["held_new_payee", "held_amount_a_day", "held_count_an_hour", "held_under_review"]
Audience = Literal["customer", "agent", "article"]
# false_agent: said that they spoke to nobody when staff asked for a proof.
# document_taken: showed a document that confirms somebody else; account_shared: bound an account that others have.
SignalKind = Literal["document_taken", "account_shared", "false_agent"]
SignalState = Literal["open", "harmless", "confirmed"]


@dataclass(frozen=True, slots=True)
class Features:
    """What the caller knows about one movement; running figures include the batch's earlier movements.

    `leaves` says that the money leaves the wallets for good: to a bank, say.
    """

    owner: UUID
    amount_minor: int
    currency: str
    sent_today_minor: int
    count_last_hour: int
    payee_is_new: bool
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answer for one movement. `facts` are for staff: see `risk.api.facts_for` before showing them."""

    outcome: Outcome
    reason: HoldReason | None
    facts: Mapping[str, Fact]
    policy_pin: str


Assessor = Callable[[Features], Assessment]


@dataclass(frozen=True, slots=True)
class SignalView:
    """A signal, for staff. `others` are the persons it touches besides."""

    id: UUID
    person: UUID
    kind: SignalKind
    at: datetime
    state: SignalState
    others: tuple[UUID, ...]
    decided_at: datetime | None
    decided_by: str
    reason: str
