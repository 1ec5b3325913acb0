"""receipt.*: money that a statement shows, on its way through suspense and the house's own accounts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from guitai.base.money import Money
from guitai.ledger.types import NewAccount, NewTransfer, TransferFlag
from guitai.wallet.kinds.base import ChangeKind, can_receive, load, move, resolve, stopped
from guitai.wallet.rules import chart
from guitai.wallet.till.types import Decision, Intent, OperationDraft, Party, Place, View, refused
from guitai.wallet.types import Direction, OperationState

HOLD = "receipt.hold"
WRITE = "receipt.write"
REVERSE = "receipt.reverse"
UNDO = "receipt.undo"
ASSIGN = "receipt.assign"
CREDIT = "receipt.credit"
RECEIVE = "receipt.receive"
RETURN = "receipt.return"
RETURN_END = "receipt.return_end"
_PAYABLE = ("awaiting_payment", "processing", "unknown", "expired", "failed")


class HouseMovement(ChangeKind):
    """Between two of the house's own accounts, as an operation of the house: no customer sees it.

    `body` names both accounts by their place in the chart, `debit` and `credit`.
    """

    pending = False

    def __init__(self, name: str, *, pending: bool = False) -> None:
        self.name, self.pending = name, pending

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(accounts=_sides(intent)) for intent in batch]

    def draft(self, intent: Intent, facts: Any) -> OperationDraft:
        amount = amount_of(intent)
        return OperationDraft("receipt", chart.HOUSE, amount, Money(0, amount.currency))

    def decide(self, intent: Intent, facts: Any, view: View) -> Decision:
        debit, credit = _sides(intent)
        leg = move(debit.id, credit.id, amount_of(intent), self.name)
        # What comes and what goes, seen from the rail.
        direction: Direction = "in" if debit.code in chart.RAILS.values() else "out"
        named = {"line": str(intent.body.get("line") or ""), "code": str(intent.body.get("code") or "")}
        if self.pending:
            leg = NewTransfer(
                leg.id, leg.debit_account, leg.credit_account, leg.amount, leg.currency, leg.kind, TransferFlag.PENDING
            )  # fmt: skip
            return Decision(
                "approved", "processing", facts=named, legs=(leg,), pending_id=leg.id,
                parties=(Party(chart.HOUSE, "out", "processing", label="bank"),), event="processing",
            )  # fmt: skip
        return Decision(
            "approved", "succeeded", facts=named, legs=(leg,),
            parties=(Party(chart.HOUSE, direction, "succeeded", label="bank"),),
            event="succeeded",
        )  # fmt: skip

    def ledger_refusal(self, intent: Intent, result: str, facts: Any, view: View) -> Decision:
        if result == "exceeds_debits":
            # What would leave a rail does not lie there: it was moved on, or paid out.
            return refused("rail_account_short")
        return super().ledger_refusal(intent, result, facts, view)


class AssignReceipt(ChangeKind):
    """What stands in suspense was meant for this top-up, for exactly its amount."""

    name = ASSIGN

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        places = []
        for operation in load(batch):
            currency = operation.amount.currency
            accounts = [
                chart.customer_account(operation.owner, currency),
                chart.house_account(chart.SUSPENSE, currency),
            ]
            if operation.fee:
                accounts.append(chart.house_account(chart.FEES, currency))
            places.append(Place((operation.owner,), (operation.id,), accounts=tuple(accounts)))
        return places

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.kind != "top_up" or operation.state not in _PAYABLE:
            return refused("top_up_not_payable")
        if operation.amount != amount_of(intent):
            paid = amount_of(intent).fact()
            return refused("top_up_wrong_amount", expected=operation.amount.fact(), paid=paid)
        if not can_receive(view.standing(operation.owner)):
            return stopped(view.standing(operation.owner))
        currency = operation.amount.currency
        credit = chart.customer_account(operation.owner, currency).id
        legs = [move(chart.house_account(chart.SUSPENSE, currency).id, credit, operation.amount, ASSIGN)]
        if operation.fee:
            legs.append(move(credit, chart.house_account(chart.FEES, currency).id, operation.fee, "fee"))
        return Decision(
            "approved", "succeeded", facts={"bank_reference": str(intent.body.get("bank_reference") or "")},
            legs=tuple(legs), parties=(Party(operation.owner, "in", "succeeded"),), event="succeeded",
        )  # fmt: skip


class CreditReceipt(ChangeKind):
    """Money that is a customer's, and no top-up of theirs waits for it: it becomes one.

    It stands in suspense, or has just come by a rail to the customer's own reference.
    """

    def __init__(self, name: str, *, from_rail: bool = False) -> None:
        self.name, self._from_rail = name, from_rail

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place((_owner(i),), accounts=self._accounts(i)) for i in batch]

    def draft(self, intent: Intent, facts: None) -> OperationDraft:
        amount = amount_of(intent)
        return OperationDraft("top_up", _owner(intent), amount, Money(0, amount.currency))

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        owner = _owner(intent)
        party = Party(owner, "in", "succeeded", label=str(intent.body.get("rail") or "bank"))
        if not can_receive(view.standing(owner)):
            refusal = stopped(view.standing(owner))
            bill = Party(owner, "in", "refused", refusal.code, label=party.label)
            return Decision(
                "refused", "refused", refusal.code, refusal.facts, parties=(bill,), event="refused"
            )
        customer, source = self._accounts(intent)
        return Decision(
            "approved", "succeeded", facts={"bank_reference": str(intent.body.get("bank_reference") or "")},
            legs=(move(source.id, customer.id, amount_of(intent), self.name),), parties=(party,), event="succeeded",
        )  # fmt: skip

    def _accounts(self, intent: Intent) -> tuple[NewAccount, NewAccount]:
        currency = amount_of(intent).currency
        source = chart.RAILS[str(intent.body["rail"])] if self._from_rail else chart.SUSPENSE
        return chart.customer_account(_owner(intent), currency), chart.house_account(source, currency)


class EndReturn(ChangeKind):
    """What was sent back to its payer has left, or it has not and stands in suspense again."""

    name = RETURN_END

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [
            Place(
                operations=(operation.id,),
                accounts=(
                    chart.house_account(chart.SUSPENSE, operation.amount.currency),
                    chart.house_account(chart.RAILS[str(intent.body["rail"])], operation.amount.currency),
                ),
            )
            for intent, operation in zip(batch, load(batch), strict=True)
        ]

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.pending_id is None or operation.state != "processing":
            return refused("nothing_to_close")
        left = bool(intent.body["left"])
        flag = TransferFlag.POST_PENDING if left else TransferFlag.VOID_PENDING
        leg = resolve(operation.pending_id, operation.amount.currency, flag, RETURN_END)
        state: OperationState = "succeeded" if left else "failed"
        code = None if left else str(intent.body.get("code") or "return_rejected")
        return Decision(
            "approved", state, code, legs=(leg,), delivered=left, event=state,
            parties=(Party(chart.HOUSE, "out", state, code),),
        )  # fmt: skip


KINDS = (
    HouseMovement(HOLD),
    HouseMovement(WRITE),
    HouseMovement(REVERSE),
    HouseMovement(UNDO),
    HouseMovement(RETURN, pending=True),
    AssignReceipt(),
    CreditReceipt(CREDIT),
    CreditReceipt(RECEIVE, from_rail=True),
    EndReturn(),
)


def amount_of(intent: Intent) -> Money:
    """The amount that an intent is about."""
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))


def _sides(intent: Intent) -> tuple[NewAccount, NewAccount]:
    currency = str(intent.body["currency"])
    return (
        chart.house_account(int(intent.body["debit"] or 0), currency),
        chart.house_account(int(intent.body["credit"] or 0), currency),
    )


def _owner(intent: Intent) -> UUID:
    return UUID(str(intent.body["owner"]))
