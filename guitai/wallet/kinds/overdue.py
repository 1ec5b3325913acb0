"""operation.overdue: the moment has passed by which an outcome was to be known, and it still is not."""

from collections.abc import Sequence

from guitai.kit.topics import emit_many
from guitai.wallet.kinds.base import ChangeKind, is_due
from guitai.wallet.till.types import Decision, Intent, OperationRecord, Place, View, refused

NAME = "operation.overdue"
TOPIC = "wallet.outcome_overdue"
# The fact that an operation keeps from then on, until its outcome is known.
SINCE = "overdue_since"


class MarkOverdue(ChangeKind):
    """Nothing moves and nothing is guessed: the promise is broken, and a person is told to look after it."""

    name = NAME

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(operations=(intent.operation_id,)) for intent in batch]

    def facts(
        self, batch: Sequence[Intent], places: Sequence[Place], view: View
    ) -> Sequence[OperationRecord | None]:
        return [view.operation(intent.operation_id) for intent in batch]

    def decide(self, intent: Intent, facts: OperationRecord | None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        due = operation.resolves_by if operation is not None and is_due(operation, view) else None
        if operation is None or operation.state != "unknown" or due is None:
            return refused("nothing_overdue")
        # Without a deadline from now on: there is nothing left to promise, and nothing to break twice.
        return Decision(
            "approved", "unknown", operation.code, {**operation.facts, SINCE: due.isoformat()},
            pending_id=operation.pending_id, event="overdue",
        )  # fmt: skip

    def record(
        self,
        batch: Sequence[Intent],
        facts: Sequence[OperationRecord | None],
        decisions: Sequence[Decision],
    ) -> None:
        """Say so upward, in the transaction that marks it."""
        emit_many([
            (TOPIC, {"operation_id": str(o.id), "reference": o.reference, "owner": str(o.owner), "kind": o.kind})
            for o, decision in zip(facts, decisions, strict=True)
            if o is not None and decision.outcome == "approved"
        ])  # fmt: skip
