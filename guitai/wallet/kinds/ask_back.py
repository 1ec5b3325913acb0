"""transfer.ask_back: the sender asks for money back that went to the wrong person. Nothing moves; the payee decides."""

from collections.abc import Sequence

from guitai.wallet.kinds.base import ChangeKind
from guitai.wallet.till.types import Decision, Intent, Place, View, refused

NAME = "transfer.ask_back"
_POSSIBLE = frozenset({"sent", "succeeded"})


class AskBack(ChangeKind):
    """Said once on the operation. To a number that has no wallet yet it looks the same: the money then comes back by
    itself at its deadline, and nobody learns who is registered."""

    name = NAME

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(operations=(intent.operation_id,)) for intent in batch]

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        own = operation is not None and str(operation.owner) == intent.actor.id
        if operation is None or not own or operation.kind != "transfer" or operation.state not in _POSSIBLE:
            return refused("ask_back_not_possible")
        return Decision(
            "approved", operation.state, operation.code, operation.facts, pending_id=operation.pending_id,
            resolves_by=operation.resolves_by, delivered=operation.delivered, payee=operation.payee,
            event="asked_back",
        )  # fmt: skip
