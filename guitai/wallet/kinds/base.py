"""What the kinds of this room share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.ledger.types import NewTransfer, TransferFlag
from guitai.people.types import Standing
from guitai.wallet.models import Operation
from guitai.wallet.rules import chart
from guitai.wallet.rules.policies import Waiting
from guitai.wallet.till.store import record_of
from guitai.wallet.till.types import (
    Decision,
    Intent,
    OperationDraft,
    OperationRecord,
    Party,
    Place,
    View,
    refused,
)
from guitai.wallet.types import OperationState

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PayeeFacts:
    """Who a waiting transfer is for, and whether the sender has dealt with them before."""

    payee: UUID | None
    dealt: bool


class ChangeKind:
    """An intent that changes an operation which exists; it creates none and keeps no rows of its own."""

    name = ""

    def draft(self, intent: Intent, facts: Any) -> OperationDraft | None:
        return None

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[Any]:
        return [None] * len(batch)

    def ledger_refusal(self, intent: Intent, result: str, facts: Any, view: View) -> Decision:
        return refused("ledger_refused", result=result)

    def record(self, batch: Sequence[Intent], facts: Sequence[Any], decisions: Sequence[Decision]) -> None:
        return None

    def enact(
        self,
        batch: Sequence[Intent],
        facts: Sequence[Any],
        decisions: Sequence[Decision],
        operations: Sequence[OperationRecord],
    ) -> None:
        return None


def waiting() -> Waiting:
    """The operator's waiting times."""
    return policies.current(Waiting).value


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


def can_receive(standing: Standing | None) -> bool:
    """Whether money may be given to a person now."""
    return standing is not None and standing.state != "closed" and not standing.stops("receiving")


def can_spend(standing: Standing | None) -> bool:
    """Whether a person's money may leave them now."""
    return standing is not None and standing.state != "closed" and not standing.stops("spending")


def stopped(standing: Standing | None) -> Decision:
    """What somebody is told whose money may not move: nothing of a stop that they must not know of."""
    if standing is not None and standing.disclosure == "silent":
        return refused("not_possible_now")
    return refused("frozen", since=since_of(standing))


def since_of(standing: Standing | None) -> str:
    return standing.since.isoformat() if standing and standing.since else ""


def is_due(operation: OperationRecord, view: View) -> bool:
    """Whether an operation's deadline has passed, job or no job."""
    return operation.resolves_by is not None and operation.resolves_by <= view.moment


def load(batch: Sequence[Intent]) -> list[OperationRecord]:
    """The operations that a batch is about, before the locks: only to know what to lock."""
    rows = {
        row.id: record_of(row) for row in Operation.objects.filter(id__in={i.operation_id for i in batch})
    }
    return [rows[intent.operation_id] for intent in batch]


def reserve(debit: UUID, amount: Money, kind: str) -> NewTransfer:
    """Money set aside: it has left what can be spent and has not arrived anywhere."""
    transit = chart.house_account(chart.TRANSIT, amount.currency).id
    return NewTransfer(new_id(), debit, transit, amount.minor, amount.currency, kind, TransferFlag.PENDING)


def resolve(pending_id: UUID, currency: str, flag: TransferFlag, kind: str) -> NewTransfer:
    """What was set aside is taken (POST_PENDING) or given back (VOID_PENDING)."""
    return NewTransfer(new_id(), NOBODY, NOBODY, 0, currency, kind, flag, pending_id)


def move(debit: UUID, credit: UUID, amount: Money, kind: str) -> NewTransfer:
    return NewTransfer(new_id(), debit, credit, amount.minor, amount.currency, kind)


def delivery(operation: OperationRecord, payee: UUID) -> tuple[NewTransfer, ...]:
    """Take what was set aside and give it to the payee, the fee to the house."""
    if operation.pending_id is None:
        raise RuntimeError("only what is set aside can be delivered")
    return handed_over(operation.pending_id, payee, operation.amount, operation.fee)


def handed_over(pending_id: UUID, payee: UUID, amount: Money, fee: Money) -> tuple[NewTransfer, ...]:
    """Take a reservation, give the amount to the payee and the fee to the house."""
    currency = amount.currency
    transit = chart.house_account(chart.TRANSIT, currency).id
    credit = chart.customer_account(payee, currency).id
    legs = [
        resolve(pending_id, currency, TransferFlag.POST_PENDING, "transfer.take"),
        move(transit, credit, amount, "transfer.deliver"),
    ]
    if fee:
        legs.append(move(transit, chart.house_account(chart.FEES, currency).id, fee, "fee"))
    return tuple(legs)


def sender(
    operation: OperationRecord, state: OperationState, code: str | None = None, known: UUID | None = None
) -> Party:
    """How the sender sees a transfer; the payee's name only once they have dealt with each other."""
    return Party(operation.owner, "out", state, code, known, None if known else operation.payee_phone)
