"""adjustment.make: the house gives a customer something, a fee back, or puts right what it had done wrong."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from msgspec import Struct

from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.wallet.kinds.base import ChangeKind, can_receive, move
from guitai.wallet.models.adjustment import Adjustment
from guitai.wallet.rules import chart
from guitai.wallet.rules.adjustments import SOURCES, AdjustmentKind
from guitai.wallet.till.types import Decision, Intent, OperationDraft, Party, Place, View, refused

NAME = "adjustment.make"
# Only a fee that stands with the house can be given back; one that is set aside or came back already cannot.
_FEE_TAKEN = "succeeded"


class AdjustFacts(Struct, frozen=True):
    """What was made before: this very decision, or the waiver of the same fee."""

    made: bool
    waived: bool


class MakeAdjustment(ChangeKind):
    """One movement from an account of the house into the customer's. Decided once, it is carried out once."""

    name = NAME

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [
            Place(
                persons=(_owner(i),),
                operations=(about,) if (about := _about(i)) else (),
                accounts=(
                    chart.house_account(SOURCES[_kind(i)], _amount(i).currency),
                    chart.customer_account(_owner(i), _amount(i).currency),
                ),
            )
            for i in batch
        ]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[AdjustFacts]:
        """Under the locks of the operations named; of two waivers of one fee in a batch the first one counts."""
        made = set(
            Adjustment.objects.filter(approval__in=[_approval(i) for i in batch]).values_list(
                "approval", flat=True
            )
        )
        named = [about for i in batch if _kind(i) == "fee_waiver" and (about := _about(i))]
        waived: set[UUID | None] = set(
            Adjustment.objects.filter(kind="fee_waiver", about__in=named).values_list("about", flat=True)
        )
        found = []
        for intent in batch:
            about = _about(intent)
            found.append(AdjustFacts(_approval(intent) in made, about in waived))
            if _kind(intent) == "fee_waiver":
                waived.add(about)
            made.add(_approval(intent))
        return found

    def draft(self, intent: Intent, facts: AdjustFacts) -> OperationDraft:
        amount = _amount(intent)
        return OperationDraft("adjustment", _owner(intent), amount, Money(0, amount.currency))

    def decide(self, intent: Intent, facts: AdjustFacts, view: View) -> Decision:
        if facts.made:
            return refused("adjustment_made_before")
        owner, amount, kind = _owner(intent), _amount(intent), _kind(intent)
        if not can_receive(view.standing(owner)):
            return refused("adjustment_owner_stopped")
        told: dict[str, Fact] = {}
        if kind == "fee_waiver":
            refusal = _refuse_waiver(intent, facts, view)
            if refusal is not None:
                return refusal
        if _about(intent):
            told["about"] = str(intent.body["reference"])
        code = str(intent.body["code"])
        source = chart.house_account(SOURCES[kind], amount.currency).id
        leg = move(source, chart.customer_account(owner, amount.currency).id, amount, f"adjustment.{kind}")
        return Decision(
            "approved", "succeeded", code, told, (leg,), parties=(Party(owner, "in", "succeeded", code),),
            event="succeeded",
        )  # fmt: skip

    def record(
        self, batch: Sequence[Intent], facts: Sequence[AdjustFacts], decisions: Sequence[Decision]
    ) -> None:
        Adjustment.objects.bulk_create(
            Adjustment(
                operation_id=i.operation_id,
                approval=_approval(i),
                owner=_owner(i),
                kind=_kind(i),
                about=_about(i),
                case_id=UUID(str(i.body["case"])),
                reason=str(i.body["reason"]),
                made_by=UUID(str(i.body["made_by"])),
                agreed_by=UUID(str(agreed)) if (agreed := i.body["agreed_by"]) else None,
            )
            for i, decision in zip(batch, decisions, strict=True)
            if decision.outcome == "approved"
        )


def _refuse_waiver(intent: Intent, facts: AdjustFacts, view: View) -> Decision | None:
    about = _about(intent)
    paid = view.operation(about) if about else None
    if paid is None or paid.owner != _owner(intent) or paid.state != _FEE_TAKEN or not paid.fee:
        return refused("fee_waiver_no_fee")
    if facts.waived:
        return refused("fee_waived_before")
    amount = _amount(intent)
    if amount.currency != paid.fee.currency or amount.minor > paid.fee.minor:
        return refused("fee_waiver_too_much", fee=paid.fee.fact())
    return None


def _kind(intent: Intent) -> AdjustmentKind:
    return cast(AdjustmentKind, intent.body["kind"])


def _owner(intent: Intent) -> UUID:
    return UUID(str(intent.body["owner"]))


def _about(intent: Intent) -> UUID | None:
    return UUID(str(intent.body["about"])) if intent.body["about"] else None


def _approval(intent: Intent) -> UUID:
    return UUID(str(intent.body["approval"]))


def _amount(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))
