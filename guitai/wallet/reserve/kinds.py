"""reserve.move: between what is at hand at the bank and the reserve, as an operation of the house."""

from collections.abc import Sequence
from typing import Any

from guitai.base.money import Money
from guitai.ledger.types import NewAccount
from guitai.wallet.kinds.base import ChangeKind, move
from guitai.wallet.rules import chart
from guitai.wallet.till.types import Decision, Intent, OperationDraft, Party, Place, View, refused

MOVE = "reserve.move"


class ReserveMove(ChangeKind):
    """`body`: amount, currency, `into` (whether into the reserve), `request` (the one that signatures released)."""

    name = MOVE

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(accounts=_accounts(intent)) for intent in batch]

    def draft(self, intent: Intent, facts: Any) -> OperationDraft:
        amount = amount_of(intent)
        return OperationDraft("reserve", chart.HOUSE, amount, Money(0, amount.currency))

    def decide(self, intent: Intent, facts: Any, view: View) -> Decision:
        into, request = bool(intent.body["into"]), str(intent.body.get("request") or "")
        if not into and not request:
            raise ValueError("nothing leaves the reserve without a request that was signed")
        bank, reserve = _accounts(intent)
        debit, credit = (reserve, bank) if into else (bank, reserve)
        return Decision(
            "approved", "succeeded", facts={"request": request, "into": into},
            legs=(move(debit.id, credit.id, amount_of(intent), MOVE),),
            parties=(Party(chart.HOUSE, "out" if into else "in", "succeeded", label="reserve"),), event="succeeded",
        )  # fmt: skip

    def ledger_refusal(self, intent: Intent, result: str, facts: Any, view: View) -> Decision:
        """The two accounts hold what they hold: neither goes below nothing."""
        return refused("reserve_amount_not_there", amount=amount_of(intent).fact())


KINDS = (ReserveMove(),)


def amount_of(intent: Intent) -> Money:
    """The amount that an intent is about."""
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))


def _accounts(intent: Intent) -> tuple[NewAccount, NewAccount]:
    currency = str(intent.body["currency"])
    return chart.house_account(chart.BANK, currency), chart.house_account(chart.RESERVE, currency)
