"""transfer.deliver and operation.close: what becomes of things that were waiting."""

from collections.abc import Sequence

from guitai.wallet.kinds.base import ChangeKind, PayeeFacts, can_receive, can_spend, delivery, is_due, sender
from guitai.wallet.kinds.holds import give_back, locate_delivery, payees
from guitai.wallet.kinds.top_up import ENDED, outcome_by
from guitai.wallet.till.types import Decision, Intent, OperationRecord, Party, Place, View, refused

DELIVER = "transfer.deliver"
CLOSE = "operation.close"


class DeliverTransfer(ChangeKind):
    """A payee who could not be given the money can be now: they registered, or were released from a freeze."""

    name = DELIVER

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return locate_delivery(batch)

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[PayeeFacts]:
        return payees(batch, view)

    def decide(self, intent: Intent, facts: PayeeFacts, view: View) -> Decision:
        operation, payee = view.operation(intent.operation_id), facts.payee
        if (
            operation is None
            or operation.state != "sent"
            or operation.pending_id is None
            or is_due(operation, view)
        ):
            return refused("nothing_to_deliver")
        if payee is None or not can_receive(view.standing(payee)):
            return refused("nothing_to_deliver")
        if not can_spend(view.standing(operation.owner)):
            # A freeze stops what has not arrived yet; it goes back to the frozen wallet at its deadline.
            return refused("sender_frozen")
        return Decision(
            "approved", "sent", legs=delivery(operation, payee), delivered=True, payee=payee,
            resolves_by=operation.resolves_by,
            parties=(sender(operation, "sent"), Party(payee, "in", "succeeded", None, operation.owner)),
            dealings=((payee, operation.owner),), event="delivered",
        )  # fmt: skip


class CloseOperation(ChangeKind):
    """An operation's deadline has passed: what was given stays, what was not goes back, what was not paid expires."""

    name = CLOSE

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(operations=(intent.operation_id,)) for intent in batch]

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is not None and intent.body.get("closed") and is_doubtful(operation):
            return _expire(operation, view)
        if operation is None or operation.kind == "withdrawal" or not is_due(operation, view):
            return refused("nothing_to_close")
        if operation.state == "sent":
            return _close_sent(operation)
        if operation.state == "held":
            return give_back(operation, "hold_lapsed")
        if operation.kind == "top_up" and operation.state in ("awaiting_payment", "processing"):
            return _close_top_up(operation, view, doubtful=bool(intent.body.get("doubtful")))
        return refused("nothing_to_close")


def _close_top_up(operation: OperationRecord, view: View, *, doubtful: bool) -> Decision:
    """Not paid in time, unless the rail cannot say so: then nobody knows, and the limit stays taken."""
    if operation.state == "processing" or doubtful:
        return Decision(
            "approved", "unknown", operation.code, operation.facts, resolves_by=outcome_by(view),
            parties=(Party(operation.owner, "in", "unknown", operation.code),), event="unknown",
        )  # fmt: skip
    return _expire(operation, view)


def is_doubtful(operation: OperationRecord) -> bool:
    """A top-up of which only the rail could say whether it was paid."""
    return operation.kind == "top_up" and operation.state == "unknown" and operation.code is None


def _expire(operation: OperationRecord, view: View) -> Decision:
    ended = operation.resolves_by or view.moment
    return Decision(
        "approved", "expired", "top_up_expired", {ENDED: ended.isoformat()}, gives_back=True,
        parties=(Party(operation.owner, "in", "expired", "top_up_expired"),), event="expired",
    )  # fmt: skip


def _close_sent(operation: OperationRecord) -> Decision:
    if not operation.delivered:
        return give_back(operation, "transfer_unclaimed")
    payee = operation.payee
    if payee is None:
        raise RuntimeError("a delivered transfer has a payee")
    return Decision(
        "approved", "succeeded", delivered=True, payee=payee, parties=(sender(operation, "succeeded", known=payee),),
        dealings=((operation.owner, payee),), event="succeeded",
    )  # fmt: skip
