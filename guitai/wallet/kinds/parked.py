"""top_up.settle_parked and top_up.follow_parked: money that did not fit goes to its owner, or back."""

from collections.abc import Sequence
from typing import get_args
from uuid import UUID

from msgspec import Struct

from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.wallet.kinds.base import ChangeKind, move
from guitai.wallet.kinds.top_up import ENDED, outcome_by, rail_of, suspense_accounts
from guitai.wallet.models.parked import ParkedPayment
from guitai.wallet.rules import chart
from guitai.wallet.rules.parked import Step, after
from guitai.wallet.till.types import Decision, Intent, OperationDraft, Party, Place, View, refused

CREDIT = "top_up.settle_parked"
FOLLOW = "top_up.follow_parked"
_STEPS: dict[str, Step] = {step: step for step in get_args(Step)}


class CreditParked(ChangeKind):
    """What really came is a top-up of its own; no fee is taken, for none was shown for it."""

    name = CREDIT

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [
            Place(
                # The top-up that it named as well: it is told in the same transaction.
                operations=(UUID(str(i.body["operation"])),),
                accounts=(*suspense_accounts(i), chart.customer_account(_owner(i), _amount(i).currency)),
            )
            for i in batch
        ]

    def draft(self, intent: Intent, facts: None) -> OperationDraft:
        amount = _amount(intent)
        return OperationDraft("top_up", _owner(intent), amount, Money(0, amount.currency))

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        owner, amount = _owner(intent), _amount(intent)
        suspense = chart.house_account(chart.SUSPENSE, amount.currency).id
        credit = chart.customer_account(owner, amount.currency).id
        named: dict[str, Fact] = {"named": str(intent.body["named"])}
        return Decision(
            "approved", "succeeded", facts=named, legs=(move(suspense, credit, amount, "top_up.settle_parked"),),
            parties=(Party(owner, "in", "succeeded", label=rail_of(intent)),), event="succeeded",
        )  # fmt: skip


class FollowFacts(Struct, frozen=True):
    """Whether other payments of the same top-up still stand in suspense."""

    others: bool


class FollowParked(ChangeKind):
    """The top-up that a parked payment named learns what became of it; what was sent back leaves the books."""

    name = FOLLOW

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(operations=(i.operation_id,), accounts=suspense_accounts(i)) for i in batch]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[FollowFacts]:
        rows = ParkedPayment.objects.filter(operation_id__in={i.operation_id for i in batch})
        standing = set(rows.filter(state__in=("open", "returning")).values_list("operation_id", "id"))
        return [
            FollowFacts(any(o == i.operation_id and p != UUID(str(i.body["parked"])) for o, p in standing))
            for i in batch
        ]

    def decide(self, intent: Intent, facts: FollowFacts, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.kind != "top_up":
            return refused("top_up_not_payable")
        step = _STEPS[str(intent.body["step"])]
        then = after(step, operation.state, operation.code, others=facts.others)
        amount = _amount(intent)
        told: dict[str, Fact] = {"received": amount.fact(), "expected": operation.amount.fact()}
        if step == "credited":
            told["credited_as"] = str(intent.body["credited_as"])
        if then.state in ("failed", "returned"):
            told[ENDED] = view.moment.isoformat()
        rail, suspense = suspense_accounts(intent)
        leaves = step == "returned" and not intent.body.get("paid_out")
        legs = (move(suspense.id, rail.id, amount, "top_up.return"),) if leaves else ()
        return Decision(
            "approved", then.state, then.code, told, legs, gives_back=then.gives_back,
            resolves_by=outcome_by(view) if then.promised else None,
            parties=(Party(operation.owner, "in", then.state, then.code),), event=_EVENTS[step],
        )  # fmt: skip


_EVENTS: dict[Step, str] = {
    "credited": "parked_credited", "returning": "returning", "returned": "returned", "refused": "return_refused",
    "asked": "payer_asked", "named": "payer_named",
}  # fmt: skip


def _owner(intent: Intent) -> UUID:
    return UUID(str(intent.body["owner"]))


def _amount(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))
