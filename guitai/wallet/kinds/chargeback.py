"""chargeback.hold and chargeback.end: what is unspent of a disputed top-up stands aside until the bank has decided."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.ledger.types import NewAccount, NewTransfer, TransferFlag
from guitai.wallet.kinds.base import ChangeKind, load, resolve
from guitai.wallet.reconciliation.kinds import HouseMovement
from guitai.wallet.rules import chart
from guitai.wallet.till.types import Decision, Intent, OperationDraft, Party, Place, View, refused

HOLD, END, BEAR = "chargeback.hold", "chargeback.end", "chargeback.bear"
TAKE, LEAVE, RELEASE = "chargeback.take", "chargeback.leave", "chargeback.release"


class HoldDisputed(ChangeKind):
    """Set aside at most what is disputed, and at most what is left of it: nobody's balance goes below zero for it."""

    name = HOLD

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place((_owner(i),), accounts=_accounts(i)) for i in batch]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[View]:
        return [view] * len(batch)

    def draft(self, intent: Intent, facts: View) -> OperationDraft:
        amount = _unspent(intent, facts) or _disputed(intent)
        return OperationDraft("chargeback", _owner(intent), amount, Money(0, amount.currency))

    def decide(self, intent: Intent, facts: View, view: View) -> Decision:
        amount = _unspent(intent, view)
        if not amount:
            # The flow undoes this one: there is nothing to hold, and nothing to show a bill about.
            return refused("chargeback_nothing_unspent")
        debit, credit = _accounts(intent)
        leg = NewTransfer(
            new_id(), debit.id, credit.id, amount.minor, amount.currency, HOLD, TransferFlag.PENDING
        )  # fmt: skip
        return Decision(
            "approved", "processing", None, {"disputed": spoken(str(intent.body["reference"]))}, (leg,),
            pending_id=leg.id, resolves_by=datetime.fromisoformat(str(intent.body["decide_by"])),
            parties=(Party(_owner(intent), "out", "processing"),), event="processing",
        )  # fmt: skip


class EndDisputed(ChangeKind):
    """Lost, it is taken, and leaves with what the house adds to it; won or lapsed, it is its owner's again."""

    name = END

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        places = []
        for operation in load(batch):
            currency = operation.amount.currency
            accounts = (
                chart.customer_account(operation.owner, currency),
                chart.house_account(chart.SUSPENSE, currency),
            )
            places.append(Place((operation.owner,), (operation.id,), accounts=accounts))
        return places

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.kind != "chargeback" or operation.state != "processing":
            return refused("nothing_to_close")
        if operation.pending_id is None:
            raise RuntimeError("what is disputed and open is held")
        currency, verdict = operation.amount.currency, str(intent.body["verdict"])
        if verdict == "lost":
            legs = (resolve(operation.pending_id, currency, TransferFlag.POST_PENDING, TAKE),)
            return Decision(
                "approved", "succeeded", None, operation.facts, legs, delivered=True,
                parties=(Party(operation.owner, "out", "succeeded"),), event="succeeded",
            )  # fmt: skip
        code = f"chargeback_{verdict}"
        leg = resolve(operation.pending_id, currency, TransferFlag.VOID_PENDING, RELEASE)
        return Decision(
            "approved", "returned", code, operation.facts, (leg,),
            parties=(Party(operation.owner, "out", "returned", code),), event="returned",
        )  # fmt: skip


# What a lost one has cost beyond what was left of it is the house's; the rail is given the whole in one movement.
KINDS = (HoldDisputed(), EndDisputed(), HouseMovement(BEAR), HouseMovement(LEAVE))


def _unspent(intent: Intent, view: View) -> Money:
    disputed = _disputed(intent)
    account = view.account(_accounts(intent)[0].id)
    return Money(max(0, min(disputed.minor, account.available_credit if account else 0)), disputed.currency)


def _disputed(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))


def _owner(intent: Intent) -> UUID:
    return UUID(str(intent.body["owner"]))


def _accounts(intent: Intent) -> tuple[NewAccount, NewAccount]:
    currency = str(intent.body["currency"])
    return chart.customer_account(_owner(intent), currency), chart.house_account(chart.SUSPENSE, currency)
