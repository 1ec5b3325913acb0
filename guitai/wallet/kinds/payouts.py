"""What the kinds of a withdrawal share: its reservations, its row, and what rails are asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.kit.crypto import seal, unseal
from guitai.ledger.types import NewTransfer, TransferFlag
from guitai.people.types import AccountDetails
from guitai.rails import api as rails
from guitai.rails.types import PayeeBank, Payout
from guitai.wallet import destinations
from guitai.wallet.kinds.base import ChangeKind, load, resolve
from guitai.wallet.models import Operation, Withdrawal
from guitai.wallet.models.withdrawal import ACCOUNT
from guitai.wallet.rules import chart
from guitai.wallet.rules.withdrawals import priority
from guitai.wallet.till.types import Decision, Intent, OperationRecord, Party, Place, View
from guitai.wallet.types import OperationState
from guitai.wallet.withdrawal_types import Destination

RESERVE, FEE = "withdrawal.reserve", "withdrawal.fee"
TAKE, GIVE_BACK = "withdrawal.take", "withdrawal.give_back"
RETURN, FEE_BACK = "withdrawal.return", "withdrawal.fee_back"
# Nobody knows its end yet.
OPEN = ("processing", "unknown")
_SYSTEMS = {"us_account": "USABA", "gb_account": "GBDSC", "hk_account": "HKNCC"}


class AccountName(msgspec.Struct, frozen=True):
    """How an account is told: the bank as its owner calls it, and the masked number."""

    bank: str
    masked: str


class WithdrawalChange(ChangeKind):
    """An intent about a withdrawal that exists; what the books refuse of it is a fault of ours and undoes it all."""

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        operations = load(batch)
        rows = Withdrawal.objects.in_bulk([operation.id for operation in operations])
        return [_place(operation, rows.get(operation.id)) for operation in operations]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[Any]:
        return [place.found for place in places]

    def ledger_refusal(self, intent: Intent, result: str, facts: Any, view: View) -> Decision:
        raise RuntimeError(f"the books refuse {intent.kind} of {intent.operation_id}: {result}")

    def enact(
        self,
        batch: Sequence[Intent],
        facts: Sequence[Any],
        decisions: Sequence[Decision],
        operations: Sequence[OperationRecord],
    ) -> None:
        for decision, operation in zip(decisions, operations, strict=True):
            if decision.outcome == "approved":
                _follow(operation)


def of_withdrawal(operation: OperationRecord | None, row: Withdrawal | None) -> bool:
    """Whether there is such a withdrawal."""
    return operation is not None and operation.kind == "withdrawal" and row is not None


def set_aside(owner: UUID, rail: str, amount: Money, fee: Money) -> tuple[NewTransfer, ...]:
    """The amount on its way to the rail, the fee on its way to the house: neither has moved or can be spent."""
    debit, currency = chart.customer_account(owner, amount.currency).id, amount.currency
    ways = [(chart.RAILS[rail], amount, RESERVE), (chart.FEES, fee, FEE)]
    return tuple(
        NewTransfer(
            new_id(),
            debit,
            chart.house_account(code, currency).id,
            money.minor,
            currency,
            kind,
            TransferFlag.PENDING,
        )
        for code, money, kind in ways
        if money
    )


def resolved(operation: OperationRecord, row: Withdrawal, flag: TransferFlag) -> tuple[NewTransfer, ...]:
    """Both reservations taken (POST_PENDING) or given back (VOID_PENDING)."""
    if operation.pending_id is None:
        raise RuntimeError("nothing is set aside for this withdrawal")
    kind = TAKE if flag == TransferFlag.POST_PENDING else GIVE_BACK
    pendings = [operation.pending_id, *([row.fee_pending] if row.fee_pending else [])]
    return tuple(resolve(pending, operation.amount.currency, flag, kind) for pending in pendings)


def given_back(
    operation: OperationRecord, row: Withdrawal, state: OperationState, code: str, **facts: Any
) -> Decision:
    """Nothing has left: amount, fee and limits go back to where they were taken from."""
    total = (operation.amount + operation.fee).fact()
    return Decision(
        "approved", state, code, {"returned": total, **facts}, resolved(operation, row, TransferFlag.VOID_PENDING),
        gives_back=True, parties=(Party(operation.owner, "out", state, code),), event=state,
    )  # fmt: skip


def begin(
    operation: OperationRecord, account: Destination, rail: str, decision: Decision, *, closing: bool
) -> None:
    """The row of a new withdrawal; one that is approved is queued at its rail in the same transaction."""
    moment, name = now(), AccountName(account.bank, account.masked)
    ended = decision.outcome == "refused"
    row = Withdrawal(
        operation_id=operation.id,
        rail=rail,
        account=account.id,
        account_sealed=seal(msgspec.json.encode(name).decode(), purpose=ACCOUNT, row=operation.id),
        fee_pending=next((leg.id for leg in decision.legs if leg.kind == FEE), None),
        priority=priority(closing=closing, again=_failed_at_bank(operation.owner)),
        stage="ended" if ended else "held",
        started_at=moment,
        ended_at=moment if ended else None,
    )
    row.save(force_insert=True)
    if decision.outcome == "approved":
        queue(operation, row)


def queue(operation: OperationRecord, row: Withdrawal) -> None:
    """Ask the rail for the payout, and write down what was promised with it."""
    details, words = destinations.details_of(row.account, operation.id), spoken(operation.reference)
    if details is None:
        # Back to a payment, which its rail knows by our reference of it.
        paid = destinations.order_of(row.account)
        payout = Payout(operation.reference, operation.amount, "", paid, None, words)
    else:
        payout = Payout(
            operation.reference, operation.amount, details.holder, details.number, bank_of(details), words
        )
    rails.start_payout(payout, rail=row.rail, priority=row.priority)
    row.stage, row.queued_at = "queued", now()
    row.earliest_at = datetime.fromisoformat(str(operation.facts["earliest"]))
    row.promised_at = datetime.fromisoformat(str(operation.facts["latest"]))
    row.save(update_fields=["stage", "queued_at", "earliest_at", "promised_at"])


def account_name(row: Withdrawal) -> AccountName | None:
    """How the account was told when the withdrawal was made; None once it was erased."""
    if not row.account_sealed:
        return None
    return msgspec.json.decode(
        unseal(row.account_sealed, purpose=ACCOUNT, row=row.operation_id), type=AccountName
    )


def _follow(operation: OperationRecord) -> None:
    """The row goes with its operation: how far it has come, or that it has ended."""
    rows = Withdrawal.objects.filter(operation_id=operation.id)
    if operation.state in OPEN or operation.state == "held":
        rows.update(stage=str(operation.facts["stage"]))
    else:
        rows.exclude(stage="ended").update(stage="ended", ended_at=now())


def _place(operation: OperationRecord, row: Withdrawal | None) -> Place:
    if row is None:
        return Place(operations=(operation.id,))
    currency = operation.amount.currency
    return Place(
        persons=(operation.owner,),
        operations=(operation.id,),
        accounts=(
            chart.customer_account(operation.owner, currency),
            chart.house_account(chart.RAILS[row.rail], currency),
            chart.house_account(chart.FEES, currency),
        ),
        pendings=(row.fee_pending,) if row.fee_pending else (),
        found=row,
    )


def _failed_at_bank(owner: UUID) -> bool:
    """Whether the last withdrawal of somebody failed for a reason that was not theirs."""
    last = (
        Operation.objects.filter(owner=owner, kind="withdrawal").order_by("-id").values_list("code").first()
    )
    return last is not None and last[0] == "payout_failed_at_bank"


def bank_of(details: AccountDetails) -> PayeeBank | None:
    """The bank by its number in its country's clearing system, where the account has one."""
    if not details.code:
        return None
    return PayeeBank(clearing_system=_SYSTEMS.get(details.kind, ""), clearing_number=details.code)
