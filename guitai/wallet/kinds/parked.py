"""top_up.settle_parked and top_up.follow_parked: money that did not fit goes to its owner, or back."""

from collections.abc import Sequence
from typing import get_args
from uuid import UUID

from msgspec import Struct

from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.ledger.types import NewTransfer, TransferFlag
from guitai.wallet.kinds.base import ChangeKind, move, resolve
from guitai.wallet.kinds.top_up import (
    ENDED,
    GIVE_BACK,
    RETURN,
    outcome_by,
    rail_of,
    reserve,
    suspense_accounts,
)
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
    """The top-up that a parked payment named learns what became of it; what was sent back leaves the books.

    While the rail is to send it back it is set aside on the rail's account, so that nothing else is promised from it.
    """

    name = FOLLOW

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [
            Place(operations=(i.operation_id,), accounts=suspense_accounts(i), pendings=_reserved(i))
            for i in batch
        ]

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
        return Decision(
            "approved", then.state, then.code, told, _legs(intent, step), gives_back=then.gives_back,
            resolves_by=outcome_by(view) if then.promised else None,
            parties=(Party(operation.owner, "in", then.state, then.code),), event=_EVENTS[step],
        )  # fmt: skip

    def ledger_refusal(self, intent: Intent, result: str, facts: FollowFacts, view: View) -> Decision:
        if result == "exceeds_debits":
            return refused("rail_account_short")
        return super().ledger_refusal(intent, result, facts, view)


_EVENTS: dict[Step, str] = {
    "credited": "parked_credited", "returning": "returning", "returned": "returned", "refused": "return_refused",
    "asked": "payer_asked", "named": "payer_named",
}  # fmt: skip


def _reserved(intent: Intent) -> tuple[UUID, ...]:
    """What is set aside already, for a step that resolves it."""
    kept = intent.body.get("reserved")
    return (UUID(str(kept)),) if kept and intent.body["step"] != "returning" else ()


def _legs(intent: Intent, step: Step) -> tuple[NewTransfer, ...]:
    """What a step does in the books; of what another movement carries (`paid_out`), nothing."""
    if step not in ("returning", "returned", "refused") or intent.body.get("paid_out"):
        return ()
    if step == "returning":
        return (reserve(intent, UUID(str(intent.body["reserved"]))),)
    currency, kept = _amount(intent).currency, _reserved(intent)
    if kept:
        flag = TransferFlag.POST_PENDING if step == "returned" else TransferFlag.VOID_PENDING
        return (resolve(kept[0], currency, flag, RETURN if step == "returned" else GIVE_BACK),)
    # It was asked back before anything was set aside for it.
    rail, suspense = suspense_accounts(intent)
    return (move(suspense.id, rail.id, _amount(intent), RETURN),) if step == "returned" else ()


def _owner(intent: Intent) -> UUID:
    return UUID(str(intent.body["owner"]))


def _amount(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))
