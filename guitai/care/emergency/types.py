"""What the doors of an emergency give."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from guitai.wallet.types import ClaimView, OperationView, RecallView

# cancelled: taken back before it left · recalled: asked back, stopped where it has not arrived · held: unspent part
# stands aside · under_way: with the bank · gone: has ended and is asked for · ended: never left, or came back
BillOutcome = Literal["cancelled", "recalled", "held", "under_way", "gone", "ended"]
Task = Literal["password", "pin", "devices", "email", "passkeys", "bank", "police"]
TASKS: tuple[Task, ...] = ("password", "pin", "devices", "email", "passkeys", "bank", "police")


@dataclass(frozen=True, slots=True)
class PoliceReceipt:
    """Where it was reported, and under which number."""

    station: str
    number: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class EmergencyBillView:
    """One operation of an emergency. `outcome` is what the customer may know: whether money has reached somebody
    new, and how much of it is left there, is theirs to learn only when it is decided."""

    view: OperationView
    outcome: BillOutcome


@dataclass(frozen=True, slots=True)
class EmergencyView:
    """A stolen wallet, for its owner."""

    id: UUID
    case: UUID
    reference: str
    customer: UUID
    opened_at: datetime
    bills: tuple[EmergencyBillView, ...]
    done: Mapping[str, datetime]
    police: PoliceReceipt | None
    packs: int

    @property
    def remaining(self) -> int:
        """How many things are still to be done."""
        return len(TASKS) - len([task for task in TASKS if task in self.done])


@dataclass(frozen=True, slots=True)
class StaffBill:
    """One operation of an emergency as staff see it, with what can still be done."""

    view: OperationView
    outcome: str
    reported: bool
    stoppable: bool
    holdable: bool
    claim: ClaimView | None
    # A withdrawal that was at the bank already.
    recall: RecallView | None
