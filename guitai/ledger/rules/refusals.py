"""Why a transfer cannot be posted, check by check, in TigerBeetle's documented order of precedence."""

from datetime import datetime
from uuid import UUID

from guitai.ledger.types import AMOUNT_MAX, Account, AccountFlag, NewTransfer, Pending, Transfer, TransferFlag

RESOLVING = TransferFlag.POST_PENDING | TransferFlag.VOID_PENDING
_PHASES = TransferFlag.PENDING | RESOLVING
_KNOWN = int(TransferFlag.LINKED | _PHASES)
_ID_MAX = UUID(int=2**128 - 1)


def of_identity(new: NewTransfer) -> str | None:
    """What is wrong with the flags' bits or the id, before anything is looked up."""
    if int(new.flags) & ~_KNOWN:
        return "reserved_flag"
    if new.id.int == 0:
        return "id_must_not_be_zero"
    return "id_must_not_be_int_max" if new.id == _ID_MAX else None


def of_existing(new: NewTransfer, existing: Transfer, reserved: Transfer | None) -> str:
    """How a transfer differs from the one that has its id; `exists` when it does not."""
    if new.flags != existing.flags:
        return "exists_with_different_flags"
    if new.pending_id != existing.pending_id:
        return "exists_with_different_pending_id"
    if new.expires_at != existing.expires_at:
        return "exists_with_different_timeout"
    # What a resolution may leave out, it may leave out again.
    resolving = bool(existing.flags & RESOLVING)
    if new.debit_account != existing.debit_account and not (resolving and new.debit_account.int == 0):
        return "exists_with_different_debit_account_id"
    if new.credit_account != existing.credit_account and not (resolving and new.credit_account.int == 0):
        return "exists_with_different_credit_account_id"
    amount = reserved.amount if resolving and new.amount == 0 and reserved is not None else new.amount
    if amount != existing.amount:
        return "exists_with_different_amount"
    if new.book != existing.book or (
        new.currency != existing.currency and not (resolving and not new.currency)
    ):
        return "exists_with_different_ledger"
    return "exists_with_different_code" if new.kind != existing.kind else "exists"


def of_shape(new: NewTransfer) -> str | None:
    """What is wrong with a transfer as it was written, whatever the books say."""
    phase = new.flags & _PHASES
    if phase and phase not in (TransferFlag.PENDING, TransferFlag.POST_PENDING, TransferFlag.VOID_PENDING):
        return "flags_are_mutually_exclusive"
    if refusal := _of_pending_id(new) if new.flags & RESOLVING else _of_account_ids(new):
        return refusal
    if new.expires_at is not None and not new.flags & TransferFlag.PENDING:
        return "timeout_reserved_for_pending_transfer"
    if new.amount < 0:
        return "amount_must_not_be_negative"
    if new.amount == 0 and not new.flags & RESOLVING:
        return "amount_must_not_be_zero"
    if not new.currency and not new.flags & RESOLVING:
        return "ledger_must_not_be_zero"
    return None if new.kind else "code_must_not_be_zero"


def of_accounts(new: NewTransfer, debit: Account, credit: Account) -> str | None:
    """Whether two accounts and a transfer between them are of one book and currency."""
    if (debit.currency, debit.book) != (credit.currency, credit.book):
        return "accounts_must_have_the_same_ledger"
    if (new.currency, new.book) != (debit.currency, debit.book):
        return "transfer_must_have_the_same_ledger_as_accounts"
    return None


def of_closed(debit: Account, credit: Account, moves: bool) -> str | None:
    """A closed account takes part in nothing but the voiding of what it had reserved."""
    if moves and debit.flags & AccountFlag.CLOSED:
        return "debit_account_already_closed"
    return "credit_account_already_closed" if moves and credit.flags & AccountFlag.CLOSED else None


def of_balances(debit: Account, credit: Account, amount: int, pending: bool) -> str | None:
    """Whether the balances allow a movement or a reservation."""
    if refusal := of_closed(debit, credit, moves=True):
        return refusal
    if pending and debit.debits_pending + amount > AMOUNT_MAX:
        return "overflows_debits_pending"
    if pending and credit.credits_pending + amount > AMOUNT_MAX:
        return "overflows_credits_pending"
    if not pending and debit.debits_posted + amount > AMOUNT_MAX:
        return "overflows_debits_posted"
    if not pending and credit.credits_posted + amount > AMOUNT_MAX:
        return "overflows_credits_posted"
    if debit.debits_pending + debit.debits_posted + amount > AMOUNT_MAX:
        return "overflows_debits"
    if credit.credits_pending + credit.credits_posted + amount > AMOUNT_MAX:
        return "overflows_credits"
    if debit.flags & AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS and amount > debit.available_credit:
        return "exceeds_credits"
    available_debit = credit.debits_posted - credit.credits_posted - credit.credits_pending
    if credit.flags & AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS and amount > available_debit:
        return "exceeds_debits"
    return None


def of_resolution(new: NewTransfer, reserved: Transfer, pending: Pending, moment: datetime) -> str | None:
    """Whether a reservation can be posted or voided as asked."""
    if new.debit_account.int and new.debit_account != reserved.debit_account:
        return "pending_transfer_has_different_debit_account_id"
    if new.credit_account.int and new.credit_account != reserved.credit_account:
        return "pending_transfer_has_different_credit_account_id"
    if new.book != reserved.book or (new.currency and new.currency != reserved.currency):
        return "pending_transfer_has_different_ledger"
    if new.amount > reserved.amount:
        return "exceeds_pending_transfer_amount"
    if new.flags & TransferFlag.VOID_PENDING and new.amount not in (0, reserved.amount):
        return "pending_transfer_has_different_amount"
    if pending.state in ("posted", "voided"):
        return f"pending_transfer_already_{pending.state}"
    if pending.state == "expired" or is_due(pending, moment):
        return "pending_transfer_expired"
    return None


def is_due(pending: Pending, moment: datetime) -> bool:
    """Whether an open reservation has reached its deadline, whether or not somebody has noticed."""
    return pending.state == "pending" and pending.expires_at is not None and pending.expires_at <= moment


def _of_account_ids(new: NewTransfer) -> str | None:
    if new.debit_account.int == 0:
        return "debit_account_id_must_not_be_zero"
    if new.debit_account == _ID_MAX:
        return "debit_account_id_must_not_be_int_max"
    if new.credit_account.int == 0:
        return "credit_account_id_must_not_be_zero"
    if new.credit_account == _ID_MAX:
        return "credit_account_id_must_not_be_int_max"
    if new.debit_account == new.credit_account:
        return "accounts_must_be_different"
    return "pending_id_must_be_zero" if new.pending_id is not None else None


def _of_pending_id(new: NewTransfer) -> str | None:
    if new.pending_id is None or new.pending_id.int == 0:
        return "pending_id_must_not_be_zero"
    if new.pending_id == _ID_MAX:
        return "pending_id_must_not_be_int_max"
    return "pending_id_must_be_different" if new.pending_id == new.id else None
