"""What passes through the reserve's part of the door. Frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from guitai.base.money import Money
from guitai.wallet.reserve.rules.documents import Kind

RequestState = Literal["open", "done", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key of the register."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReserveRequestView:
    """A request, who has signed it, and what became of it."""

    id: UUID
    kind: Kind
    state: RequestState
    amount: Money | None
    destination: str
    reason: str
    digest: str
    policy: int
    needed: int
    signed_by: tuple[KeyView, ...]
    asked_by: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    operation_reference: str | None


@dataclass(frozen=True, slots=True)
class ReservePosition:
    """One currency: what is owed, at hand and in the reserve; what belongs there, and what to move (negative: out)."""

    currency: str
    owed: Money
    at_hand: Money
    in_reserve: Money
    target: Money
    floor: Money
    ceiling: Money | None
    move: Money


@dataclass(frozen=True, slots=True)
class ReserveView:
    """The whole reserve for whoever looks after it."""

    policy: int
    share: int
    needed: int
    keys: tuple[KeyView, ...]
    # Why nothing can be released at present.
    problem: str | None
    positions: tuple[ReservePosition, ...]
    open: tuple[ReserveRequestView, ...]
    ended: tuple[ReserveRequestView, ...]
    rehearsed_at: Mapping[str, datetime]
    rehearsal_due: bool
