"""What a batch's decisions look at: everything under lock, with the batch's own earlier decisions applied."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace

from guitai.base.refusal import Fact
from guitai.ledger.poster import Evaluation
from guitai.ledger.types import Account, Pending
from guitai.people.types import Standing
from guitai.wallet.rules.windows import day_in_month
from guitai.wallet.till.types import (
    FEE_POLICY,
    Decision,
    LimitKey,
    LimitUse,
    LimitUsed,
    OperationRecord,
    Pace,
)


class Running:
    """The View of a batch in the making."""

    def __init__(
        self,
        moment: datetime,
        local_day: date,
        standings: Mapping[UUID, Standing],
        operations: Mapping[UUID, OperationRecord],
        limits: Mapping[LimitKey, LimitUsed],
        paces: Mapping[UUID, Pace],
        evaluation: Evaluation,
    ) -> None:
        self.moment = moment
        self.local_day = local_day
        self.standings = standings
        self.operations = dict(operations)
        self.limits = dict(limits)
        self.limits_changed: set[LimitKey] = set()
        self.paces = {person: pace.at(moment) for person, pace in paces.items()}
        self.paces_changed: set[UUID] = set()
        self.evaluation = evaluation
        self._windows = {(key.owner, key.name, key.currency): key for key in sorted(limits, key=_by_month)}

    def standing(self, person: UUID) -> Standing | None:
        return self.standings.get(person)

    def account(self, account_id: UUID) -> Account | None:
        return self.evaluation.account(account_id)

    def pending(self, transfer_id: UUID) -> Pending | None:
        return self.evaluation.pending(transfer_id)

    def operation(self, operation_id: UUID) -> OperationRecord | None:
        return self.operations.get(operation_id)

    def used(self, key: LimitKey) -> LimitUsed:
        return self.limits[key]

    def today(self, key: LimitKey) -> date:
        """The day that counts now: around midnight, or with a clock that lags, never one before what is recorded."""
        return max(day_in_month(self.local_day, key.month), self.limits[key].day)

    def sent_last_hour(self, person: UUID) -> int:
        return sum(self.paces[person].counts)

    def window(self, owner: UUID, name: str, currency: str) -> LimitKey:
        """The month that was located and locked: at midnight `now` may already be in the next one."""
        return self._windows[owner, name, currency]

    def take(self, operation: OperationRecord, decision: Decision) -> None:
        """Let what was decided be seen by what is decided next."""
        self._take(decision.uses)
        if decision.gives_back:
            self._give_back(operation.limits_taken)
        if decision.paced is not None:
            self.paces[decision.paced] = self.paces[decision.paced].more()
            self.paces_changed.add(decision.paced)
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

    def _take(self, uses: Iterable[LimitUse]) -> None:
        for use in uses:
            used = self.limits[use.key]
            self._count(
                use.key, LimitUsed(use.day, used.on(use.day) + use.minor, used.month_minor + use.minor)
            )

    def _give_back(self, uses: Iterable[LimitUse]) -> None:
        for use in uses:
            used = self.limits[use.key]
            # A day that is over is nobody's limit any more; its month may still be running.
            day_minor = used.day_minor - use.minor if used.day == use.day else used.day_minor
            self._count(use.key, LimitUsed(used.day, day_minor, used.month_minor - use.minor))

    def _count(self, key: LimitKey, used: LimitUsed) -> None:
        self.limits[key] = used
        self.limits_changed.add(key)


def _by_month(key: LimitKey) -> date:
    return key.month


def _kept(operation: OperationRecord, decision: Decision) -> Mapping[str, Fact]:
    """An operation's facts are those of its latest decision; what its fee was computed from stays with it."""
    if FEE_POLICY not in operation.facts:
        return decision.facts
    return {FEE_POLICY: operation.facts[FEE_POLICY], **decision.facts}
