"""withdrawal.late and withdrawal.unknown: what is said when a promise is not kept."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from guitai.kit import policies
from guitai.rails import api as rails
from guitai.wallet.kinds.base import is_due
from guitai.wallet.kinds.payouts import WithdrawalChange, account_name, of_withdrawal
from guitai.wallet.kinds.withdraw import delay_of, promise, promised
from guitai.wallet.models import Withdrawal
from guitai.wallet.rules.withdrawals import Withdrawals, after_bank_days
from guitai.wallet.till.types import Decision, Intent, OperationRecord, Party, Place, View, refused

LATE, UNKNOWN = "withdrawal.late", "withdrawal.unknown"
# The code that a late withdrawal carries, and the fact that says since when.
CODE, SINCE = "withdrawal_is_late", "late_since"
# That it has been told late while it was with the bank, and now has its margin.
MARGIN = "margin"


class _Waiting(WithdrawalChange):
    """An intent about a withdrawal whose promised moment has passed."""

    def facts(
        self, batch: Sequence[Intent], places: Sequence[Place], view: View
    ) -> Sequence[tuple[Withdrawal | None, Withdrawals]]:
        policy = policies.current(Withdrawals).value
        return [(place.found, policy) for place in places]


class TellLate(_Waiting):
    """The promise is broken and is said to be. What has not left yet is promised anew; what has gets its margin."""

    name = LATE

    def decide(self, intent: Intent, facts: Any, view: View) -> Decision:
        operation, (row, policy) = view.operation(intent.operation_id), facts
        if not of_withdrawal(operation, row) or operation is None or operation.resolves_by is None:
            return refused("nothing_to_close")
        if operation.state != "processing" or not is_due(operation, view):
            return refused("nothing_to_close")
        since = str(operation.facts.get(SINCE) or operation.resolves_by.isoformat())
        if operation.facts["stage"] == "queued":
            name = account_name(row)
            moment = view.moment + delay_of(row.rail)
            arrives = promise(policy, row.rail, name.bank if name else "", moment)
            return _told(
                operation, {**promised(arrives), "stage": "queued", SINCE: since}, arrives.latest, "delayed"
            )
        if MARGIN in operation.facts:
            return refused("nothing_to_close")
        until = _days_after(policy, operation, row.rail, policy.margin_days)
        return _told(operation, {**operation.facts, SINCE: since, MARGIN: True}, until, "late")


class TellUnknown(_Waiting):
    """It is with the bank, its margin is over, and nothing was heard: nobody knows, and here is by when we will."""

    name = UNKNOWN

    def decide(self, intent: Intent, facts: Any, view: View) -> Decision:
        operation, (row, policy) = view.operation(intent.operation_id), facts
        if not of_withdrawal(operation, row) or operation is None:
            return refused("nothing_to_close")
        waits = operation.state == "processing" and MARGIN in operation.facts
        if not waits or not is_due(operation, view):
            return refused("nothing_to_close")
        return Decision(
            "approved", "unknown", None, operation.facts, pending_id=operation.pending_id,
            resolves_by=_days_after(policy, operation, row.rail, policy.answer_days),
            parties=(Party(operation.owner, "out", "unknown"),), event="unknown",
        )  # fmt: skip


def _told(operation: OperationRecord, facts: Any, until: Any, event: str) -> Decision:
    return Decision(
        "approved", "processing", CODE, facts, pending_id=operation.pending_id, resolves_by=until,
        parties=(Party(operation.owner, "out", "processing", CODE),), event=event,
    )  # fmt: skip


def _days_after(policy: Withdrawals, operation: OperationRecord, rail: str, days: int) -> Any:
    """So many days after what was last promised: bank days, by a rail that has them."""
    if operation.resolves_by is None:
        raise RuntimeError("a withdrawal that is late has a promise")
    by = time.fromisoformat(policy.arrives_by)
    return after_bank_days(operation.resolves_by, days, by, lambda at: rails.payouts_leave_at(at, rail=rail))
