"""What an evaluated batch writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from guitai.ledger.rules.running import Running
from guitai.ledger.types import NewTransfer, Pending, PendingState


@dataclass(slots=True)
class Changes:
    """Transfers as they will stand in the books, and by account, in id order, the lines that they wrote."""

    moment: datetime
    accounts: Mapping[int, Running]
    transfers: list[NewTransfer] = field(default_factory=list)
    opened: list[Pending] = field(default_factory=list)
    resolved: list[tuple[UUID, PendingState, UUID]] = field(default_factory=list)
    failed: dict[UUID, str] = field(default_factory=dict)

    def touched(self) -> list[Running]:
        """The accounts that have new lines, in id order."""
        return [account for account in self.accounts.values() if account.lines]
