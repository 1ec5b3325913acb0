"""Judge a batch over locked balances: pure, in order, with an undo log for linked chains.

The order of the checks is that of `refusals`, and of the README's table.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from guitai.ledger.rules import refusals
from guitai.ledger.types import (
    Account,
    Changes,
    Entry,
    Locked,
    NewTransfer,
    Pending,
    PendingState,
    Transfer,
    TransferFlag,
    TransferResult,
)

# Refusals that depend on the state of the books: a retry with the same id must not succeed later.
TRANSIENT = frozenset({
    "debit_account_not_found", "credit_account_not_found", "pending_transfer_not_found", "exceeds_credits",
    "exceeds_debits", "debit_account_already_closed", "credit_account_already_closed",
})  # fmt: skip


class Evaluation:
    """Running balances of one batch. What is applied is visible to what follows; what is refused leaves no mark."""

    def __init__(self, locked: Locked) -> None:
        self._locked = locked
        self._accounts = dict(locked.accounts)
        self._transfers = dict(locked.transfers)
        self._pendings = dict(locked.pendings)
        self._failed = dict(locked.failed)
        self._undo: list[Callable[[], None]] = []
        self.changes = Changes()

    def account(self, account_id: UUID) -> Account | None:
        """An account with everything applied so far."""
        return self._accounts.get(account_id)

    def pending(self, transfer_id: UUID) -> Pending | None:
        """A reservation with everything applied so far."""
        return self._pendings.get(transfer_id)

    def apply(self, transfers: Sequence[NewTransfer]) -> list[TransferResult]:
        """Post what can be posted; gives one result per item, in input order."""
        results: list[TransferResult] = []
        chain: list[NewTransfer] = []
        for position, transfer in enumerate(transfers):
            chain.append(transfer)
            if transfer.flags & TransferFlag.LINKED and position < len(transfers) - 1:
                continue
            is_open = bool(transfer.flags & TransferFlag.LINKED)
            results += self._apply_chain(chain, is_open)
            chain = []
        return results

    def expire(self, reserved_ids: Sequence[UUID]) -> list[UUID]:
        """Give back what reservations held whose deadline has passed; gives the ids of those that did expire."""
        expired = []
        for reserved_id in reserved_ids:
            pending = self._pendings.get(reserved_id)
            if pending is None or not refusals.is_due(pending, self._locked.moment):
                continue
            after = self._released(self._transfers[reserved_id], 0)
            self._undo = []
            for account in after:
                self._write_entry(replace(account, version=account.version + 1), reserved_id, 0)
            self._fate(reserved_id, "expired", reserved_id)
            expired.append(reserved_id)
        return expired

    def _apply_chain(self, chain: Sequence[NewTransfer], is_open: bool) -> list[TransferResult]:
        self._undo = []
        # Every link is checked for being the open end first: TigerBeetle says so even of a chain that is broken.
        failure = (len(chain) - 1, "linked_event_chain_open") if is_open else None
        for position, transfer in enumerate(chain[:-1] if is_open else chain):
            result = self._apply_one(transfer)
            if result != "created":
                failure = position, result
                break
        if failure is None:
            return [TransferResult(transfer.id, "created") for transfer in chain]
        for revert in reversed(self._undo):
            revert()
        position, result = failure
        if result in TRANSIENT:
            self._failed[chain[position].id] = self.changes.failed[chain[position].id] = result
        failed = [TransferResult(other.id, "linked_event_failed") for other in chain]
        failed[position] = TransferResult(chain[position].id, result)
        if is_open:
            failed[-1] = TransferResult(chain[-1].id, "linked_event_chain_open")
        return failed

    def _apply_one(self, new: NewTransfer) -> str:
        if refusal := refusals.of_identity(new):
            return refusal
        if (existing := self._transfers.get(new.id)) is not None:
            reserved = self._transfers.get(existing.pending_id) if existing.pending_id else None
            return refusals.of_existing(new, existing, reserved)
        if new.id in self._failed:
            return "id_already_failed"
        if refusal := refusals.of_shape(new):
            return refusal
        return self._resolve(new) if new.flags & refusals.RESOLVING else self._move(new)

    def _move(self, new: NewTransfer) -> str:
        debit, credit = self._accounts.get(new.debit_account), self._accounts.get(new.credit_account)
        pending = bool(new.flags & TransferFlag.PENDING)
        if debit is None:
            return "debit_account_not_found"
        if credit is None:
            return "credit_account_not_found"
        if refusal := refusals.of_accounts(new, debit, credit):
            return refusal
        if refusal := refusals.of_balances(debit, credit, new.amount, pending):
            return refusal
        if pending:
            after = (
                replace(debit, debits_pending=debit.debits_pending + new.amount),
                replace(credit, credits_pending=credit.credits_pending + new.amount),
            )
        else:
            after = (
                replace(debit, debits_posted=debit.debits_posted + new.amount),
                replace(credit, credits_posted=credit.credits_posted + new.amount),
            )
        self._write(new, new.amount, after, 0 if pending else new.amount)
        if pending:
            self._open(Pending(new.id, "pending", new.amount, new.expires_at))
        return "created"

    def _resolve(self, new: NewTransfer) -> str:
        pending_id = new.pending_id
        if pending_id is None or (reserved := self._transfers.get(pending_id)) is None:
            return "pending_transfer_not_found"
        if (pending := self._pendings.get(pending_id)) is None:
            return "pending_transfer_not_pending"
        if refusal := refusals.of_resolution(new, reserved, pending, self._locked.moment):
            return refusal
        post = bool(new.flags & TransferFlag.POST_PENDING)
        if refusal := refusals.of_closed(
            self._accounts[reserved.debit_account], self._accounts[reserved.credit_account], post
        ):
            return refusal
        amount = (new.amount or reserved.amount) if post else reserved.amount
        posted = amount if post else 0
        same = replace(
            new,
            debit_account=reserved.debit_account,
            credit_account=reserved.credit_account,
            currency=reserved.currency,
            book=reserved.book,
        )
        self._write(same, amount, self._released(reserved, posted), posted)
        self._fate(pending_id, "posted" if post else "voided", new.id)
        return "created"

    def _released(self, reserved: Transfer, posted: int) -> tuple[Account, Account]:
        """Both accounts without the reservation, and with what of it was posted."""
        debit, credit = self._accounts[reserved.debit_account], self._accounts[reserved.credit_account]
        return (
            replace(
                debit,
                debits_pending=debit.debits_pending - reserved.amount,
                debits_posted=debit.debits_posted + posted,
            ),
            replace(
                credit,
                credits_pending=credit.credits_pending - reserved.amount,
                credits_posted=credit.credits_posted + posted,
            ),
        )

    def _write(self, new: NewTransfer, amount: int, after: tuple[Account, Account], posted: int) -> None:
        moment = self._locked.moment
        transfer = Transfer(
            new.id, new.book, new.debit_account, new.credit_account, amount, new.currency, new.kind, new.flags,
            new.pending_id, new.expires_at, new.effective_at or moment, moment,
        )  # fmt: skip
        self._transfers[new.id] = transfer
        self.changes.transfers.append(transfer)

        def revert() -> None:
            del self._transfers[new.id]
            self.changes.transfers.pop()

        self._undo.append(revert)
        for account, signed in ((after[0], -posted), (after[1], posted)):
            self._write_entry(replace(account, version=account.version + 1), new.id, signed)

    def _write_entry(self, account: Account, transfer_id: UUID, signed: int) -> None:
        before, changed = self._accounts[account.id], self.changes.accounts.get(account.id)
        self._accounts[account.id] = self.changes.accounts[account.id] = account
        self.changes.entries.append(
            Entry(
                account.id, account.version, transfer_id, signed, account.debits_pending, account.debits_posted,
                account.credits_pending, account.credits_posted, self._locked.moment,
            )
        )  # fmt: skip

        def revert() -> None:
            self._accounts[account.id] = before
            self.changes.entries.pop()
            if changed is None:
                del self.changes.accounts[account.id]
            else:
                self.changes.accounts[account.id] = changed

        self._undo.append(revert)

    def _open(self, pending: Pending) -> None:
        self._pendings[pending.transfer_id] = pending
        self.changes.pendings_opened.append(pending)

        def revert() -> None:
            del self._pendings[pending.transfer_id]
            self.changes.pendings_opened.pop()

        self._undo.append(revert)

    def _fate(self, pending_id: UUID, state: PendingState, by: UUID) -> None:
        before = self._pendings[pending_id]
        self._pendings[pending_id] = replace(before, state=state)
        self.changes.pendings_resolved[pending_id] = (state, by)

        def revert() -> None:
            self._pendings[pending_id] = before
            del self.changes.pendings_resolved[pending_id]

        self._undo.append(revert)
