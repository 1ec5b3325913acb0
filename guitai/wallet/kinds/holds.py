"""hold.release and hold.decline: what becomes of a transfer that risk has held."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from guitai.ledger.types import TransferFlag
from guitai.people.api import find_by_phone
from guitai.wallet.kinds.base import (
    ChangeKind,
    PayeeFacts,
    can_receive,
    can_spend,
    delivery,
    hours,
    is_due,
    load,
    resolve,
    sender,
    waiting,
)
from guitai.wallet.models import Dealing
from guitai.wallet.rules import chart
from guitai.wallet.till.types import Decision, Intent, OperationRecord, Party, Place, View, refused
from guitai.wallet.types import OperationState

RELEASE = "hold.release"
DECLINE = "hold.decline"


def locate_delivery(batch: Sequence[Intent]) -> list[Place]:
    """What giving a waiting transfer to its payee touches."""
    operations = load(batch)
    found = find_by_phone([o.payee_phone for o in operations if o.payee_phone])
    return [_place(operation, found) for operation in operations]


def payees(batch: Sequence[Intent], view: View) -> list[PayeeFacts]:
    """Who each waiting transfer is for, now."""
    operations = [view.operation(intent.operation_id) for intent in batch]
    found = find_by_phone([o.payee_phone for o in operations if o and o.payee_phone])
    pairs = [(o.owner, found.get(o.payee_phone)) if o else (None, None) for o in operations]
    known = set(
        Dealing.objects.filter(owner__in={a for a, _ in pairs if a}, other__in={b for _, b in pairs if b})
        .values_list("owner", "other")
    )  # fmt: skip
    return [PayeeFacts(payee, (owner, payee) in known) for owner, payee in pairs]


class ReleaseHold(ChangeKind):
    """The transfer goes on as if it had not been held."""

    name = RELEASE

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return locate_delivery(batch)

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[PayeeFacts]:
        return payees(batch, view)

    def decide(self, intent: Intent, facts: PayeeFacts, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.state != "held" or is_due(operation, view):
            return refused("hold_not_open")
        if intent.actor.kind == "customer":
            return refused("hold_not_open")
        if not can_spend(view.standing(operation.owner)):
            return refused("sender_frozen")
        payee, deadline = facts.payee, view.moment + hours(waiting().unclaimed_hours)
        if payee is None or not can_receive(view.standing(payee)):
            return Decision(
                "approved", "sent", pending_id=operation.pending_id, resolves_by=deadline,
                parties=(sender(operation, "sent", known=payee if facts.dealt else None),), event="released",
            )  # fmt: skip
        state: OperationState = "succeeded" if facts.dealt else "sent"
        parties = (
            sender(operation, state, known=payee if facts.dealt else None),
            Party(payee, "in", "succeeded", None, operation.owner),
        )
        return Decision(
            "approved", state, legs=delivery(operation, payee), delivered=True, payee=payee,
            resolves_by=None if facts.dealt else deadline, parties=parties, dealings=((payee, operation.owner),),
            event="released",
        )  # fmt: skip


class DeclineHold(ChangeKind):
    """The money goes back to the sender: staff declined it, or the sender thought better of it."""

    name = DECLINE

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(operations=(intent.operation_id,)) for intent in batch]

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        own = intent.actor.kind != "customer" or (operation and str(operation.owner) == intent.actor.id)
        if operation is None or not own or operation.state != "held" or operation.pending_id is None:
            return refused("hold_not_open")
        code = "hold_cancelled" if intent.actor.kind == "customer" else "hold_declined"
        return give_back(operation, code)


def give_back(operation: OperationRecord, code: str) -> Decision:
    """Undo what was set aside, and give the limits back to the windows they were taken from."""
    if operation.pending_id is None:
        raise RuntimeError("nothing is set aside for this operation")
    leg = resolve(
        operation.pending_id, operation.amount.currency, TransferFlag.VOID_PENDING, "transfer.return"
    )
    total = (operation.amount + operation.fee).fact()
    return Decision(
        "approved", "returned", code, {"returned": total}, (leg,), gives_back=True,
        parties=(sender(operation, "returned", code),), event="returned",
    )  # fmt: skip


def _place(operation: OperationRecord, found: Mapping[str, UUID]) -> Place:
    currency, payee = operation.amount.currency, found.get(operation.payee_phone)
    accounts = [
        chart.customer_account(operation.owner, currency),
        chart.house_account(chart.TRANSIT, currency),
        chart.house_account(chart.FEES, currency),
    ]
    if payee is not None:
        accounts.append(chart.customer_account(payee, currency))
    persons = (operation.owner, payee) if payee else (operation.owner,)
    return Place(persons=persons, operations=(operation.id,), accounts=tuple(accounts))
