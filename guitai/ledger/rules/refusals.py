"""Why a transfer cannot be posted, check by check, in TigerBeetle's documented order of precedence.

Flags come as plain integers: they are asked for several times a transfer.
"""

from datetime import datetime
from uuid import UUID

from guitai.ledger.rules.running import CLOSED, CREDITS_LIMIT, DEBITS_LIMIT, Running
from guitai.ledger.types import AMOUNT_MAX, NewTransfer, Pending, Transfer, TransferFlag

LINKED, PENDING = int(TransferFlag.LINKED), int(TransferFlag.PENDING)
POST, VOID = int(TransferFlag.POST_PENDING), int(TransferFlag.VOID_PENDING)
BALANCING_DEBIT, BALANCING_CREDIT = int(TransferFlag.BALANCING_DEBIT), int(TransferFlag.BALANCING_CREDIT)
CLOSING_DEBIT, CLOSING_CREDIT = int(TransferFlag.CLOSING_DEBIT), int(TransferFlag.CLOSING_CREDIT)
RESOLVING = POST | VOID
BALANCING = BALANCING_DEBIT | BALANCING_CREDIT
CLOSING = CLOSING_DEBIT | CLOSING_CREDIT
KNOWN = LINKED | PENDING | RESOLVING | BALANCING | CLOSING
ID_MAX = 2**128 - 1
# Refusals that depend on the state of the books: a retry with the same id must not succeed later.
TRANSIENT = frozenset({
    "debit_account_not_found", "credit_account_not_found", "pending_transfer_not_found", "exceeds_credits",
    "exceeds_debits", "debit_account_already_closed", "credit_account_already_closed",
})  # fmt: skip
Posted = NewTransfer | Transfer


def of_existing(new: NewTransfer, existing: Posted, reserved: Posted | None) -> str:
    """How a transfer differs from the one that has its id; `exists` when it does not."""
    flags = int(new.flags)
    if flags != int(existing.flags):
        return "exists_with_different_flags"
    if _number(new.pending_id) != _number(existing.pending_id):
        return "exists_with_different_pending_id"
    if new.expires_at != existing.expires_at:
        return "exists_with_different_timeout"
    # What a resolution may leave out, it may leave out again.
    optional = bool(flags & RESOLVING)
    if new.debit_account != existing.debit_account and not (optional and new.debit_account.int == 0):
        return "exists_with_different_debit_account_id"
    if new.credit_account != existing.credit_account and not (optional and new.credit_account.int == 0):
        return "exists_with_different_credit_account_id"
    if _amount_differs(new, flags, existing, reserved):
        return "exists_with_different_amount"
    inherited = reserved.user_data if reserved is not None else None
    if _number(new.user_data or inherited) != _number(existing.user_data):
        return "exists_with_different_user_data_128"
    if new.book != existing.book or (
        new.currency != existing.currency and not (optional and not new.currency)
    ):
        return "exists_with_different_ledger"
    if new.kind != existing.kind and not (optional and not new.kind):
        return "exists_with_different_code"
    return "exists"


def of_shape(new: NewTransfer, flags: int) -> str | None:
    """What is wrong with a movement or a reservation as it was written, whatever the books say."""
    debit, credit = new.debit_account.int, new.credit_account.int
    if debit == 0:
        return "debit_account_id_must_not_be_zero"
    if debit == ID_MAX:
        return "debit_account_id_must_not_be_int_max"
    if credit == 0:
        return "credit_account_id_must_not_be_zero"
    if credit == ID_MAX:
        return "credit_account_id_must_not_be_int_max"
    if debit == credit:
        return "accounts_must_be_different"
    if new.pending_id is not None and new.pending_id.int:
        return "pending_id_must_be_zero"
    if not flags & PENDING:
        if new.expires_at is not None:
            return "timeout_reserved_for_pending_transfer"
        if flags & CLOSING:
            return "closing_transfer_must_be_pending"
    if new.amount <= 0 and (new.amount or not flags & CLOSING):
        return "amount_must_not_be_negative" if new.amount else "amount_must_not_be_zero"
    if not new.currency:
        return "ledger_must_not_be_zero"
    return None if new.kind else "code_must_not_be_zero"


def of_resolving_shape(new: NewTransfer, flags: int) -> str | None:
    """What is wrong with a posting or a voiding as it was written, whatever the books say."""
    if flags & RESOLVING == RESOLVING or flags & (PENDING | BALANCING | CLOSING):
        return "flags_are_mutually_exclusive"
    if new.pending_id is None or new.pending_id.int == 0:
        return "pending_id_must_not_be_zero"
    if new.pending_id.int == ID_MAX:
        return "pending_id_must_not_be_int_max"
    if new.pending_id == new.id:
        return "pending_id_must_be_different"
    if new.expires_at is not None:
        return "timeout_reserved_for_pending_transfer"
    return "amount_must_not_be_negative" if new.amount < 0 else None


def of_accounts(new: NewTransfer, debit: Running, credit: Running) -> str | None:
    """Whether two accounts and a transfer between them are of one book and currency, and open."""
    if debit.currency != credit.currency or debit.book != credit.book:
        return "accounts_must_have_the_same_ledger"
    if new.currency != debit.currency or new.book != debit.book:
        return "transfer_must_have_the_same_ledger_as_accounts"
    if debit.flags & CLOSED:
        return "debit_account_already_closed"
    return "credit_account_already_closed" if credit.flags & CLOSED else None


def of_balances(debit: Running, credit: Running, amount: int, pending: bool) -> str | None:
    """Whether the balances allow a movement or a reservation."""
    if pending:
        if debit.debits_pending + amount > AMOUNT_MAX:
            return "overflows_debits_pending"
        if credit.credits_pending + amount > AMOUNT_MAX:
            return "overflows_credits_pending"
    debits, credits = debit.debits_posted + amount, credit.credits_posted + amount
    if debits > AMOUNT_MAX:
        return "overflows_debits_posted"
    if credits > AMOUNT_MAX:
        return "overflows_credits_posted"
    debits += debit.debits_pending
    credits += credit.credits_pending
    if debits > AMOUNT_MAX:
        return "overflows_debits"
    if credits > AMOUNT_MAX:
        return "overflows_credits"
    if debit.flags & CREDITS_LIMIT and debits > debit.credits_posted:
        return "exceeds_credits"
    return "exceeds_debits" if credit.flags & DEBITS_LIMIT and credits > credit.debits_posted else None


def of_resolution(
    new: NewTransfer, flags: int, reserved: Posted, pending: Pending, moment: datetime
) -> str | None:
    """Whether a reservation can be posted or voided as asked."""
    if new.debit_account.int and new.debit_account != reserved.debit_account:
        return "pending_transfer_has_different_debit_account_id"
    if new.credit_account.int and new.credit_account != reserved.credit_account:
        return "pending_transfer_has_different_credit_account_id"
    if new.book != reserved.book or (new.currency and new.currency != reserved.currency):
        return "pending_transfer_has_different_ledger"
    amount = resolved_amount(new.amount, flags, reserved.amount)
    if amount > reserved.amount:
        return "exceeds_pending_transfer_amount"
    if flags & VOID and amount < reserved.amount:
        return "pending_transfer_has_different_amount"
    if pending.state in ("posted", "voided"):
        return f"pending_transfer_already_{pending.state}"
    if pending.state == "expired" or is_due(pending, moment):
        return "pending_transfer_expired"
    return None


def of_closed(debit: Running, credit: Running, flags: int) -> str | None:
    """A closed account takes part in nothing but the voiding of what it had reserved."""
    if flags & VOID:
        return None
    if debit.flags & CLOSED:
        return "debit_account_already_closed"
    return "credit_account_already_closed" if credit.flags & CLOSED else None


def resolved_amount(asked: int, flags: int, reserved: int) -> int:
    """How much of a reservation is meant: zero is all of it, and so is AMOUNT_MAX for a posting."""
    return reserved if asked == 0 or (flags & POST and asked == AMOUNT_MAX) else asked


def is_due(pending: Pending, moment: datetime) -> bool:
    """Whether an open reservation has reached its deadline, whether or not somebody has noticed."""
    return pending.state == "pending" and pending.expires_at is not None and pending.expires_at <= moment


def _amount_differs(new: NewTransfer, flags: int, existing: Posted, reserved: Posted | None) -> bool:
    if flags & BALANCING:
        return new.amount < existing.amount  # it was the most that might move
    if flags & RESOLVING and reserved is not None:
        return resolved_amount(new.amount, flags, reserved.amount) != existing.amount
    return new.amount != existing.amount


def _number(optional: UUID | None) -> int:
    return 0 if optional is None else optional.int
