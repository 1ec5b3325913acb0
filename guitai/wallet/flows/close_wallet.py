"""What keeps a wallet from being closed: money in it, and what is still on its way."""

from dataclasses import dataclass
from uuid import UUID

from guitai.base.money import Money
from guitai.ledger.api import accounts_of
from guitai.wallet import reads
from guitai.wallet.models import Operation, Party
from guitai.wallet.rules import chart
from guitai.wallet.types import OperationView

# Every state in which an operation may still move money, for its owner or for whoever waits for it.
OPEN_STATES = ("awaiting_payment", "processing", "held", "sent", "unknown")
_SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left: balances that are not zero, a currency each, and operations that are open, newest first."""

    balances: tuple[Money, ...]
    operations: tuple[OperationView, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """`balance`, `operations`: what a closing is refused with."""
        found = (("balance", self.balances), ("operations", self.operations))
        return tuple(code for code, left in found if left)


def in_flight(owner: UUID) -> list[OperationView]:
    """A customer's open operations, newest first."""
    parties = Party.objects.filter(owner=owner, state__in=OPEN_STATES).order_by("-since", "-operation_id")
    return reads.views_of(list(parties[:_SHOWN_MAX]))


def what_remains(owner: UUID) -> Remaining:
    """What a customer would have to settle before the wallet can be closed."""
    return Remaining(_balances(owner), tuple(in_flight(owner)))


def remains(owner: UUID) -> tuple[str, ...]:
    """The codes of `what_remains`, for people's closing check: in the caller's transaction, under its lock."""
    found = []
    if _balances(owner):
        found.append("balance")
    # The owner's operations, not their lines in the bills: a line may be final while the operation is not.
    if Operation.objects.filter(owner=owner, state__in=OPEN_STATES).exists():
        found.append("operations")
    return tuple(found)


def _balances(owner: UUID) -> tuple[Money, ...]:
    """In every currency that was ever held, offered still or not; what is reserved belongs to its operation."""
    held = accounts_of([owner], chart.CUSTOMER)
    left = {account.currency: account.available_credit for account in held}
    return tuple(Money(minor, currency) for currency, minor in sorted(left.items()) if minor)
