"""claim.hold and claim.decide: what is unspent of a disputed payment stands aside until it is decided whose it is."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.ledger.types import NewAccount, NewTransfer, TransferFlag
from guitai.wallet.kinds.base import ChangeKind, can_receive, load, move, resolve
from guitai.wallet.rules import chart
from guitai.wallet.till.types import Decision, Intent, OperationDraft, Party, Place, View, refused

HOLD, DECIDE = "claim.hold", "claim.decide"
TAKE, RETURN, RELEASE = "claim.take", "claim.return", "claim.release"


class HoldClaim(ChangeKind):
    """Set aside at the receiving wallet, at most what was paid and at most what is left of it."""

    name = HOLD

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place((_holder(i),), accounts=_accounts(i)) for i in batch]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[View]:
        # Looked at again for each of a batch: what one claim takes, the next one does not find.
        return [view] * len(batch)

    def draft(self, intent: Intent, facts: View) -> OperationDraft:
        amount = _unspent(intent, facts) or _claimed(intent)
        sender = UUID(str(intent.body["sender"]))
        return OperationDraft("claim", _holder(intent), amount, Money(0, amount.currency), payee=sender)

    def decide(self, intent: Intent, facts: View, view: View) -> Decision:
        holder, amount = _holder(intent), _unspent(intent, view)
        if not amount:
            # The flow undoes this one: a bill about nothing would tell the payee of a claim that holds nothing.
            return refused("claim_nothing_unspent")
        debit, credit = _accounts(intent)
        leg = NewTransfer(
            new_id(), debit.id, credit.id, amount.minor, amount.currency, HOLD, TransferFlag.PENDING
        )  # fmt: skip
        named = intent.body["disclosure"] == "open"
        told: dict[str, Fact] = {"disputed": str(intent.body["reference"])} if named else {}
        code = None if named else "claim_checked"
        return Decision(
            "approved", "processing", code, told, (leg,), pending_id=leg.id,
            payee=UUID(str(intent.body["sender"])), resolves_by=_moment(intent),
            parties=(Party(holder, "out", "processing", code),), event="processing",
        )  # fmt: skip


class DecideClaim(ChangeKind):
    """It goes back to whoever had sent it, or is the holder's again. Only the sender of the payment is credited."""

    name = DECIDE

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        places = []
        for operation in load(batch):
            if operation.payee is None:
                raise RuntimeError("a claim has somebody to give back to")
            currency = operation.amount.currency
            accounts = (
                chart.customer_account(operation.owner, currency),
                chart.customer_account(operation.payee, currency),
                chart.house_account(chart.SUSPENSE, currency),
            )
            places.append(Place((operation.owner, operation.payee), (operation.id,), accounts=accounts))
        return places

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.kind != "claim" or operation.state != "processing":
            return refused("claim_not_open")
        if operation.pending_id is None or operation.payee is None:
            raise RuntimeError("an open claim holds something for somebody")
        currency, verdict = operation.amount.currency, str(intent.body["verdict"])
        if verdict != "return":
            code = "claim_lapsed" if verdict == "lapse" else "claim_released"
            leg = resolve(operation.pending_id, currency, TransferFlag.VOID_PENDING, RELEASE)
            return Decision(
                "approved", "returned", code, operation.facts, (leg,), payee=operation.payee,
                parties=(Party(operation.owner, "out", "returned", code),), event="returned",
            )  # fmt: skip
        if not can_receive(view.standing(operation.payee)):
            return refused("claim_owner_stopped")
        suspense = chart.house_account(chart.SUSPENSE, currency).id
        back = chart.customer_account(operation.payee, currency).id
        legs = (
            resolve(operation.pending_id, currency, TransferFlag.POST_PENDING, TAKE),
            move(suspense, back, operation.amount, RETURN),
        )
        return Decision(
            "approved", "succeeded", None, operation.facts, legs, delivered=True, payee=operation.payee,
            parties=(Party(operation.owner, "out", "succeeded"), Party(operation.payee, "in", "succeeded")),
            event="succeeded",
        )  # fmt: skip


def _unspent(intent: Intent, view: View) -> Money:
    claimed = _claimed(intent)
    account = view.account(_accounts(intent)[0].id)
    return Money(max(0, min(claimed.minor, account.available_credit if account else 0)), claimed.currency)


def _claimed(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))


def _holder(intent: Intent) -> UUID:
    return UUID(str(intent.body["payee"]))


def _accounts(intent: Intent) -> tuple[NewAccount, NewAccount]:
    currency = str(intent.body["currency"])
    return chart.customer_account(_holder(intent), currency), chart.house_account(chart.SUSPENSE, currency)


def _moment(intent: Intent) -> datetime:
    return datetime.fromisoformat(str(intent.body["decide_by"]))
