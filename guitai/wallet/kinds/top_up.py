"""top_up.start, top_up.settle and top_up.park: money in. The rail's proof moves it, never the browser's return."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from guitai.base.money import Money
from guitai.wallet.kinds.base import ChangeKind, can_receive, load, move, stopped, waiting
from guitai.wallet.kinds.limits import LimitRules, month_key, refuse_limits, rules_of, use_of
from guitai.wallet.rules import chart
from guitai.wallet.rules.policies import Limited
from guitai.wallet.till.types import (
    Decision,
    Intent,
    OperationDraft,
    Party,
    Place,
    View,
    refused,
)
from guitai.wallet.types import OperationState

START = "top_up.start"
SETTLE = "top_up.settle"
PARK = "top_up.park"
_LIMITED: Limited = "top_up"
_PAYABLE = ("awaiting_payment", "processing", "unknown", "expired")


class StartTopUp(ChangeKind):
    """An operation that waits for money from outside. Nothing moves yet; the day's limit is taken."""

    name = START

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [
            Place(
                persons=(_owner(i),),
                limits=(month_key(_owner(i), _LIMITED, _amount(i).currency),),
                accounts=(chart.customer_account(_owner(i), _amount(i).currency),),
            )
            for i in batch
        ]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[LimitRules]:
        return [rules_of(_LIMITED)] * len(batch)

    def draft(self, intent: Intent, facts: LimitRules) -> OperationDraft:
        amount = _amount(intent)
        return OperationDraft("top_up", _owner(intent), amount, Money(0, amount.currency))

    def decide(self, intent: Intent, facts: LimitRules, view: View) -> Decision:
        owner, amount = _owner(intent), _amount(intent)
        standing = view.standing(owner)
        refusal = None if can_receive(standing) else stopped(standing)
        refusal = refusal or refuse_limits(owner, standing, facts, amount, view)
        if refusal is not None:
            return Decision(
                "refused", "refused", refusal.code, refusal.facts, event="refused",
                parties=(Party(owner, "in", "refused", refusal.code, label="bank"),),
            )  # fmt: skip
        return Decision(
            "approved", "awaiting_payment", uses=(use_of(owner, facts, amount, view),),
            resolves_by=view.moment + timedelta(minutes=waiting().top_up_minutes),
            parties=(Party(owner, "in", "awaiting_payment", label="bank"),), event="awaiting_payment",
        )  # fmt: skip


class SettleTopUp(ChangeKind):
    """The rail has proved that the money is there. Late is not lost: an expired order is credited too."""

    name = SETTLE

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [
            Place(
                persons=(operation.owner,),
                operations=(operation.id,),
                accounts=(
                    chart.customer_account(operation.owner, operation.amount.currency),
                    chart.house_account(chart.BANK, operation.amount.currency),
                ),
            )
            for operation in load(batch)
        ]

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.kind != "top_up" or operation.state not in _PAYABLE:
            return refused("top_up_not_payable")
        if operation.amount != _amount(intent):
            return refused(
                "top_up_wrong_amount", expected=operation.amount.fact(), paid=_amount(intent).fact()
            )
        bank = chart.house_account(chart.BANK, operation.amount.currency).id
        credit = chart.customer_account(operation.owner, operation.amount.currency).id
        return Decision(
            "approved", "succeeded", facts={"bank_reference": str(intent.body.get("bank_reference") or "")},
            legs=(move(bank, credit, operation.amount, "top_up"),),
            parties=(Party(operation.owner, "in", "succeeded", label="bank"),), event="succeeded",
        )  # fmt: skip


class ParkTopUp(ChangeKind):
    """Money came, but not as ordered. It waits safely at the rail; the customer is told, and nothing is moved."""

    name = PARK

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(operations=(intent.operation_id,)) for intent in batch]

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.kind != "top_up":
            return refused("top_up_not_payable")
        # What was credited before stays credited; anything else is not over while money lies at the rail.
        state: OperationState = "succeeded" if operation.state == "succeeded" else "unknown"
        code = str(intent.body["code"])
        received = {"received": _amount(intent).fact()} if intent.body["currency"] else {}
        return Decision(
            "approved",
            state,
            code,
            {**received, "expected": operation.amount.fact()},
            parties=(Party(operation.owner, "in", state, code, label="bank"),),
            event="parked",
        )


def _owner(intent: Intent) -> UUID:
    return UUID(str(intent.body["owner"]))


def _amount(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))
