"""What becomes of a withdrawal: released or cancelled by people, and everything that a rail says about it.

A bank tells things late, twice and in any order. Whatever comes first is carried out whole; what comes after it and
agrees changes nothing, and what contradicts it moves nothing and is said upward (`wallet.withdrawal_contradicted`).
"""

from collections.abc import Sequence
from typing import Any, cast

from django.db import transaction
from msgspec import Struct

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.topics import emit_many
from guitai.ledger.types import NewTransfer, TransferFlag
from guitai.rails import api as rails
from guitai.rails.errors import PayoutUnderWay
from guitai.wallet.kinds.base import is_due, move
from guitai.wallet.kinds.payouts import (
    FEE_BACK,
    OPEN,
    RETURN,
    WithdrawalChange,
    account_name,
    given_back,
    of_withdrawal,
    queue,
    resolved,
)
from guitai.wallet.kinds.withdraw import can_withdraw, delay_of, promise, promised
from guitai.wallet.models import Withdrawal
from guitai.wallet.rules import chart
from guitai.wallet.rules.withdrawals import Stage, Withdrawals, is_further
from guitai.wallet.till.types import Decision, Intent, OperationRecord, Party, Place, View, refused

RELEASE, CANCEL = "withdrawal.release", "withdrawal.cancel"
ADVANCE, SETTLE = "withdrawal.advance", "withdrawal.settle"
FAIL, RETURN_MONEY = "withdrawal.fail", "withdrawal.return"
CONTRADICTED = "wallet.withdrawal_contradicted"
# Why a withdrawal was taken back before it left, each with words of its own.
LAPSED = "withdrawal_lapsed"
_DIFFERS = ("withdrawal_contradicted", "withdrawal_amount_differs")


class ReleaseWithdrawal(WithdrawalChange):
    """Staff have looked at it: it goes on as if it had not been held, with a promise made now."""

    name = RELEASE

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[Any]:
        policy = policies.current(Withdrawals).value
        return [(place.found, _promise_of(place.found, policy)) for place in places]

    def decide(self, intent: Intent, facts: Any, view: View) -> Decision:
        operation, (row, arrives) = view.operation(intent.operation_id), facts
        if not of_withdrawal(operation, row) or operation is None or operation.state != "held":
            return refused("hold_not_open")
        if is_due(operation, view) or intent.actor.kind == "customer":
            return refused("hold_not_open")
        if not can_withdraw(view.standing(operation.owner)):
            return refused("sender_frozen")
        return Decision(
            "approved", "processing", None, {**promised(arrives), "stage": "queued"},
            pending_id=operation.pending_id, resolves_by=arrives.latest,
            parties=(Party(operation.owner, "out", "processing"),), event="released",
        )  # fmt: skip

    def enact(
        self,
        batch: Sequence[Intent],
        facts: Sequence[Any],
        decisions: Sequence[Decision],
        operations: Sequence[OperationRecord],
    ) -> None:
        for (row, _), decision, operation in zip(facts, decisions, operations, strict=True):
            if decision.outcome == "approved":
                queue(operation, row)


class _Unqueued(Struct, frozen=True):
    """Whether the payout is out of the queue now, so that it can no longer leave."""

    row: Withdrawal | None
    out: bool


class CancelWithdrawal(WithdrawalChange):
    """Taken back while nothing has left: by its owner, by staff who decline it, or because something stops it."""

    name = CANCEL

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[_Unqueued]:
        return [
            _Unqueued(place.found, _unqueue(intent, place.found, view))
            for intent, place in zip(batch, places, strict=True)
        ]

    def decide(self, intent: Intent, facts: _Unqueued, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or facts.row is None or not _may_cancel(intent, operation):
            return refused("withdrawal_not_cancellable")
        code = str(intent.body["code"])
        if operation.state != "held" and intent.body.get("only_held"):
            return refused("hold_not_open")
        if operation.state == "held" and code == LAPSED and not is_due(operation, view):
            return refused("nothing_to_close")
        if operation.state == "held" or (operation.state in OPEN and facts.out):
            return given_back(operation, facts.row, "cancelled", code)
        return refused("withdrawal_under_way" if operation.state in OPEN else "withdrawal_not_cancellable")


class _Told(WithdrawalChange):
    """What a rail says. A contradiction moves nothing, and a person is told."""

    def enact(
        self,
        batch: Sequence[Intent],
        facts: Sequence[Any],
        decisions: Sequence[Decision],
        operations: Sequence[OperationRecord],
    ) -> None:
        super().enact(batch, facts, decisions, operations)
        emit_many([
            (CONTRADICTED, {"operation_id": str(o.id), "reference": o.reference, "owner": str(o.owner),
                            "told": intent.kind, "code": decision.code})
            for intent, decision, o in zip(batch, decisions, operations, strict=True)
            if decision.code in _DIFFERS
        ])  # fmt: skip


class AdvanceWithdrawal(_Told):
    """It was handed to the bank, or the bank has taken it on: a step on its way, and nothing moves."""

    name = ADVANCE

    def decide(self, intent: Intent, facts: Withdrawal | None, view: View) -> Decision:
        operation, stage = view.operation(intent.operation_id), cast(Stage, intent.body["stage"])
        if not of_withdrawal(operation, facts) or operation is None or operation.state not in OPEN:
            return refused("withdrawal_has_ended")
        if not is_further(stage, cast(Stage, operation.facts["stage"])):
            return refused("withdrawal_is_further")
        return Decision(
            "approved", operation.state, operation.code, {**operation.facts, "stage": stage},
            pending_id=operation.pending_id, resolves_by=operation.resolves_by, event=stage,
        )  # fmt: skip


class SettleWithdrawal(_Told):
    """It has left our account: the amount and the fee are taken for good."""

    name = SETTLE

    def decide(self, intent: Intent, facts: Withdrawal | None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if not of_withdrawal(operation, facts) or operation is None or facts is None:
            return refused("withdrawal_has_ended")
        if (amount := _amount(intent)) != operation.amount:
            return refused("withdrawal_amount_differs", told=_fact(amount), expected=operation.amount.fact())
        if operation.state in ("succeeded", "returned"):
            return refused("withdrawal_has_ended")
        if operation.state not in OPEN:
            return refused("withdrawal_contradicted", state=operation.state)
        return Decision(
            "approved", "succeeded", legs=resolved(operation, facts, TransferFlag.POST_PENDING),
            facts={name: operation.facts[name] for name in ("latest",) if name in operation.facts},
            parties=(Party(operation.owner, "out", "succeeded"),), event="succeeded",
        )  # fmt: skip


class FailWithdrawal(_Told):
    """The bank has refused it, and nothing has left: everything is given back."""

    name = FAIL

    def decide(self, intent: Intent, facts: Withdrawal | None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if not of_withdrawal(operation, facts) or operation is None or facts is None:
            return refused("withdrawal_has_ended")
        if (amount := _amount(intent)) != operation.amount:
            return refused("withdrawal_amount_differs", told=_fact(amount), expected=operation.amount.fact())
        if operation.state in ("failed", "cancelled"):
            return refused("withdrawal_has_ended")
        if operation.state not in OPEN:
            return refused("withdrawal_contradicted", state=operation.state)
        reason = {"bank_reason": str(intent.body["reason"])} if intent.body.get("reason") else {}
        code = str(intent.body["code"])
        return given_back(operation, facts, "failed", code, **reason, currency=operation.amount.currency)


class ReturnWithdrawal(_Told):
    """It left and came back, perhaps less than all of it: what came is the customer's again, and so is our fee."""

    name = RETURN_MONEY

    def decide(self, intent: Intent, facts: Withdrawal | None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if not of_withdrawal(operation, facts) or operation is None or facts is None:
            return refused("withdrawal_has_ended")
        amount, came = _amount(intent), int(intent.body["returned"] or 0)
        if amount != operation.amount or not 0 < came <= operation.amount.minor:
            return refused("withdrawal_amount_differs", told=_fact(amount), expected=operation.amount.fact())
        if operation.state == "returned":
            return refused("withdrawal_has_ended")
        if operation.state not in (*OPEN, "succeeded"):
            return refused("withdrawal_contradicted", state=operation.state)
        # It may be the first word that we hear of it: then it has left and come back in one.
        left = resolved(operation, facts, TransferFlag.POST_PENDING) if operation.state in OPEN else ()
        returned = Money(came, operation.amount.currency)
        fee = operation.fee if policies.current(Withdrawals).value.fee_back else Money(0, amount.currency)
        return Decision(
            "approved", "returned", str(intent.body["code"]), _came_back(intent, operation, returned, fee),
            (*left, *_back(operation, facts, returned, fee)), gives_back=True,
            parties=(Party(operation.owner, "out", "returned", str(intent.body["code"])),), event="returned",
        )  # fmt: skip


def _came_back(intent: Intent, operation: OperationRecord, returned: Money, fee: Money) -> dict[str, Any]:
    """What the customer has again, and where the rest stayed."""
    told: dict[str, Any] = {"returned": (returned + fee).fact(), "currency": operation.amount.currency}
    if charge := operation.amount - returned:
        told |= {"came_back": returned.fact(), "charge": charge.fact()}
    if fee:
        told["fee_back"] = fee.fact()
    if intent.body.get("reason"):
        told["bank_reason"] = str(intent.body["reason"])
    return told


def _back(
    operation: OperationRecord, row: Withdrawal, returned: Money, fee: Money
) -> tuple[NewTransfer, ...]:
    currency = operation.amount.currency
    customer = chart.customer_account(operation.owner, currency).id
    rail, fees = (
        chart.house_account(chart.RAILS[row.rail], currency).id,
        chart.house_account(chart.FEES, currency).id,
    )
    legs = [move(rail, customer, returned, RETURN)]
    if fee:
        legs.append(move(fees, customer, fee, FEE_BACK))
    return tuple(legs)


def _may_cancel(intent: Intent, operation: OperationRecord) -> bool:
    if operation.kind != "withdrawal":
        return False
    return intent.actor.kind in ("staff", "system") or str(operation.owner) == intent.actor.id


def _unqueue(intent: Intent, row: Withdrawal | None, view: View) -> bool:
    """Take the payout out of its rail's queue, if it is still there: from then on it can no longer leave."""
    operation = view.operation(intent.operation_id)
    if operation is None or row is None or operation.state not in OPEN or not _may_cancel(intent, operation):
        return False
    if intent.body.get("only_held"):
        return False
    try:
        with transaction.atomic():
            rails.cancel_payout(operation.reference, intent.actor, rail=row.rail)
    except PayoutUnderWay:
        return False
    return True


def _promise_of(row: Withdrawal | None, policy: Withdrawals) -> Any:
    if row is None:
        return None
    name = account_name(row)
    return promise(policy, row.rail, name.bank if name else "", now() + delay_of(row.rail))


def _amount(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))


def _fact(money: Money) -> Any:
    return money.fact()
