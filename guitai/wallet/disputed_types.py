"""What the door of disputed payments gives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from guitai.base.money import Money

Verdict = Literal["return", "release"]
ClaimState = Literal["held", "returned", "released", "lapsed"]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """What is held of a disputed payment, and how far its decision has come."""

    id: UUID
    operation: UUID
    reference: str
    hold_reference: str
    sender: UUID
    payee: UUID
    amount: Money
    state: ClaimState
    held_at: datetime
    decide_by: datetime
    proposed_verdict: str
    proposed_by: str
    proposed_reason: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that one member of staff has proposed and that another one decides.

    `about`: the operation's reference, the bank's own of a line, or the day of a close; `decide_by` where it ends by
    itself; `case` where the decision is for one.
    """

    kind: Literal["claim", "parked", "receipt", "close"]
    id: UUID
    about: str
    action: str
    amount: Money | None
    reason: str
    proposed_by: str
    proposed_at: datetime
    decide_by: datetime | None = None
    case: UUID | None = None
