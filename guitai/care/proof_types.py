"""What the doors for proofs take and give."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Method = Literal["sms", "phrase", "app", "passkey"]
ProofState = Literal["asked", "given", "denied", "over"]
# What each way proves; an approval in the app that was given with a passkey counts as one.
LEVELS: dict[Method, int] = {"sms": 1, "phrase": 1, "app": 2, "passkey": 3}


@dataclass(frozen=True, slots=True)
class ProofView:
    """A request for a proof, as both sides may see it. `words`: what the reader says, and hears, on a call."""

    id: UUID
    case_id: UUID
    case: str
    method: Method
    state: ProofState
    level: int
    asked_by: UUID
    asked_at: datetime
    answer_by: datetime
    expires_at: datetime | None
    says: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProofLevel:
    """How well a customer has shown in a case that it is them, and until when that counts; 0 is not at all."""

    level: int
    until: datetime | None
    percent: int = 0
