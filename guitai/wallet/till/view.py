"""What a batch's decisions look at: everything under lock, with the batch's own earlier decisions applied."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from guitai.base.refusal import Fact
from guitai.ledger.poster import Evaluation
from guitai.ledger.types import Account, Pending
from guitai.people.types import Standing
from guitai.wallet.till.types import FEE_POLICY, Decision, LimitKey, LimitUse, OperationRecord


class Running:
    """The View of a batch in the making."""

    def __init__(
        self,
        moment: datetime,
        standings: dict[UUID, Standing],
        operations: dict[UUID, OperationRecord],
        limits: dict[LimitKey, int],
        evaluation: Evaluation,
    ) -> None:
        self.moment = moment
        self.standings = standings
        self.operations = operations
        self.limits = limits
        self.limits_before = dict(limits)
        self.evaluation = evaluation

    def standing(self, person: UUID) -> Standing | None:
        return self.standings.get(person)

    def account(self, account_id: UUID) -> Account | None:
        return self.evaluation.account(account_id)

    def pending(self, transfer_id: UUID) -> Pending | None:
        return self.evaluation.pending(transfer_id)

    def operation(self, operation_id: UUID) -> OperationRecord | None:
        return self.operations.get(operation_id)

    def used(self, key: LimitKey) -> int:
        return self.limits.get(key, 0)

    def window(self, owner: UUID, name: str, currency: str) -> LimitKey:
        """The window that was located and locked: at midnight `now` may already be in the next one."""
        own = (k for k in self.limits if (k.owner, k.name, k.currency) == (owner, name, currency))
        return max(own, key=lambda key: key.window_start)

    def take(self, operation: OperationRecord, decision: Decision) -> None:
        """Let what was decided be seen by what is decided next."""
        self._count(decision.uses, 1)
        if decision.gives_back:
            self._count(operation.limits_taken, -1)
        taken = () if decision.gives_back else operation.limits_taken
        self.operations[operation.id] = replace(
            operation,
            state=decision.state,
            code=decision.code,
            facts=_kept(operation, decision),
            pending_id=decision.pending_id,
            delivered=operation.delivered or decision.delivered,
            payee=decision.payee or operation.payee,
            resolves_by=decision.resolves_by,
            limits_taken=(*taken, *decision.uses),
        )

    def _count(self, uses: Iterable[LimitUse], sign: int) -> None:
        for use in uses:
            self.limits[use.key] = self.limits.get(use.key, 0) + sign * use.minor


def _kept(operation: OperationRecord, decision: Decision) -> Mapping[str, Fact]:
    """An operation's facts are those of its latest decision; what its fee was computed from stays with it."""
    pinned = {name: value for name, value in operation.facts.items() if name == FEE_POLICY}
    return {**pinned, **decision.facts}
