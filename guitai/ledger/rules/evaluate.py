"""Judge a batch over locked balances: pure, in order, with an undo log for linked chains.

The order of the checks is that of `refusals`, and of the README's table. Ids are compared as integers and balances
move in place: a UUID hashes and a frozen value copies ten times slower, and this runs for every transfer there is.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from guitai.ledger.rules import refusals
from guitai.ledger.rules.changes import Changes
from guitai.ledger.rules.refusals import (
    BALANCING,
    BALANCING_CREDIT,
    BALANCING_DEBIT,
    CLOSING,
    CLOSING_CREDIT,
    CLOSING_DEBIT,
    ID_MAX,
    KNOWN,
    LINKED,
    PENDING,
    POST,
    RESOLVING,
    TRANSIENT,
    Posted,
)
from guitai.ledger.rules.running import CLOSED, Running, Saved
from guitai.ledger.types import Locked, NewTransfer, Pending, PendingState, TransferResult


class Evaluation:
    """Running balances of one batch. What is applied is visible to what follows; what is refused leaves no mark."""

    def __init__(self, locked: Locked) -> None:
        self._moment = locked.moment
        self._accounts = {int.from_bytes(row[0]): Running(row) for row in locked.rows}
        self._transfers: dict[int, Posted] = {i.int: transfer for i, transfer in locked.transfers.items()}
        self._pendings = {i.int: pending for i, pending in locked.pendings.items()}
        self._failed = {i.int for i in locked.failed}
        # Only a chain can break after it has begun; a transfer of its own is judged before it is applied.
        self._undo: list[Saved] | None = None
        self.changes = Changes(locked.moment, self._accounts)

    def account(self, account_id: UUID) -> Running | None:
        """An account with everything applied so far; it moves on with what is applied next."""
        return self._accounts.get(account_id.int)

    def pending(self, transfer_id: UUID) -> Pending | None:
        """A reservation with everything applied so far."""
        return self._pendings.get(transfer_id.int)

    def apply(self, transfers: Sequence[NewTransfer]) -> list[TransferResult]:
        """Post what can be posted; gives one result per item, in input order."""
        results: list[TransferResult] = []
        chain: list[NewTransfer] = []
        last = len(transfers) - 1
        for position, transfer in enumerate(transfers):
            is_linked = int(transfer.flags) & LINKED
            if chain or is_linked:
                chain.append(transfer)
                if not is_linked or position == last:
                    results += self._apply_chain(chain, bool(is_linked))
                    chain = []
                continue
            result = self._apply_one(transfer)
            if result in TRANSIENT:
                self._burn(transfer, result)
            results.append(TransferResult(transfer.id, result))
        return results

    def expire(self, reserved_ids: Sequence[UUID]) -> list[UUID]:
        """Give back what reservations held whose deadline has passed; gives the ids of those that did expire."""
        expired = []
        for reserved_id in reserved_ids:
            pending = self._pendings.get(reserved_id.int)
            if pending is None or not refusals.is_due(pending, self._moment):
                continue
            self._release(self._transfers[reserved_id.int], reserved_id.bytes, 0, reopens=True)
            self._decide(pending, "expired", reserved_id)
            expired.append(reserved_id)
        return expired

    def _apply_chain(self, chain: Sequence[NewTransfer], is_open: bool) -> list[TransferResult]:
        self._undo = []
        marks = len(self.changes.transfers), len(self.changes.opened), len(self.changes.resolved)
        # Every link is checked for being the open end first: TigerBeetle says so even of a chain that is broken.
        failure = (len(chain) - 1, "linked_event_chain_open") if is_open else None
        for position, transfer in enumerate(chain[:-1] if is_open else chain):
            result = self._apply_one(transfer)
            if result != "created":
                failure = position, result
                break
        if failure is None:
            self._undo = None
            return [TransferResult(transfer.id, "created") for transfer in chain]
        self._revert(*marks)
        position, result = failure
        if result in TRANSIENT:
            self._burn(chain[position], result)
        failed = [TransferResult(other.id, "linked_event_failed") for other in chain]
        failed[position] = TransferResult(chain[position].id, result)
        if is_open:
            failed[-1] = TransferResult(chain[-1].id, "linked_event_chain_open")
        return failed

    def _apply_one(self, new: NewTransfer) -> str:
        flags, key = int(new.flags), new.id.int
        if flags & ~KNOWN:
            return "reserved_flag"
        if key == 0:
            return "id_must_not_be_zero"
        if key == ID_MAX:
            return "id_must_not_be_int_max"
        if key in self._transfers:
            existing = self._transfers[key]
            reserved = self._transfers.get(existing.pending_id.int) if existing.pending_id else None
            return refusals.of_existing(new, existing, reserved)
        if key in self._failed:
            return "id_already_failed"
        if flags & RESOLVING:
            return refusals.of_resolving_shape(new, flags) or self._resolve(new, flags)
        return refusals.of_shape(new, flags) or self._move(new, flags)

    def _move(self, new: NewTransfer, flags: int) -> str:
        debit = self._accounts.get(new.debit_account.int)
        if debit is None:
            return "debit_account_not_found"
        credit = self._accounts.get(new.credit_account.int)
        if credit is None:
            return "credit_account_not_found"
        if refusal := refusals.of_accounts(new, debit, credit):
            return refusal
        amount, pending = new.amount, bool(flags & PENDING)
        if flags & BALANCING:
            amount = _balancing_amount(debit, credit, amount, flags)
            if amount == 0 and not flags & CLOSING:
                return "exceeds_credits" if _is_exhausted(debit, flags) else "exceeds_debits"
            new = replace(new, amount=amount)
        if refusal := refusals.of_balances(debit, credit, amount, pending):
            return refusal
        if self._undo is not None:
            self._undo += (debit.save(), credit.save())
        raw = new.id.bytes
        if pending:
            debit.debits_pending += amount
            credit.credits_pending += amount
            self._open(new, debit, credit, flags)
            amount = 0
        else:
            debit.debits_posted += amount
            credit.credits_posted += amount
        debit.write(raw, -amount)
        credit.write(raw, amount)
        self._transfers[new.id.int] = new
        self.changes.transfers.append(new)
        return "created"

    def _open(self, new: NewTransfer, debit: Running, credit: Running, flags: int) -> None:
        if flags & CLOSING_DEBIT:
            debit.flags |= CLOSED
        if flags & CLOSING_CREDIT:
            credit.flags |= CLOSED
        pending = Pending(new.id, "pending", new.amount, new.expires_at)
        self._pendings[new.id.int] = pending
        self.changes.opened.append(pending)

    def _resolve(self, new: NewTransfer, flags: int) -> str:
        pending_id = new.pending_id
        if pending_id is None or (reserved := self._transfers.get(pending_id.int)) is None:
            return "pending_transfer_not_found"
        if (pending := self._pendings.get(pending_id.int)) is None:
            return "pending_transfer_not_pending"
        if refusal := refusals.of_resolution(new, flags, reserved, pending, self._moment):
            return refusal
        debit, credit = self._sides(reserved)
        if refusal := refusals.of_closed(debit, credit, flags):
            return refusal
        if self._undo is not None:
            self._undo += (debit.save(), credit.save())
        post = flags & POST
        amount = refusals.resolved_amount(new.amount, flags, reserved.amount)
        whole = replace(
            new,
            debit_account=reserved.debit_account,
            credit_account=reserved.credit_account,
            amount=amount,
            currency=reserved.currency,
            kind=new.kind or reserved.kind,
            user_data=new.user_data or reserved.user_data,
        )
        self._release(reserved, new.id.bytes, amount if post else 0, reopens=not post)
        self._transfers[new.id.int] = whole
        self.changes.transfers.append(whole)
        self._decide(pending, "posted" if post else "voided", new.id)
        return "created"

    def _sides(self, transfer: Posted) -> tuple[Running, Running]:
        return self._accounts[transfer.debit_account.int], self._accounts[transfer.credit_account.int]

    def _release(self, reserved: Posted, raw: bytes, posted: int, *, reopens: bool) -> None:
        """End a reservation: post what was taken of it; when nothing was, what it closed opens again."""
        debit, credit = self._sides(reserved)
        debit.debits_pending -= reserved.amount
        credit.credits_pending -= reserved.amount
        debit.debits_posted += posted
        credit.credits_posted += posted
        closing = int(reserved.flags) & CLOSING if reopens else 0
        if closing & CLOSING_DEBIT:
            debit.flags &= ~CLOSED
        if closing & CLOSING_CREDIT:
            credit.flags &= ~CLOSED
        debit.write(raw, -posted)
        credit.write(raw, posted)

    def _decide(self, pending: Pending, state: PendingState, by: UUID) -> None:
        self._pendings[pending.transfer_id.int] = replace(pending, state=state)
        self.changes.resolved.append((pending.transfer_id, state, by))

    def _burn(self, new: NewTransfer, result: str) -> None:
        self._failed.add(new.id.int)
        self.changes.failed[new.id] = result

    def _revert(self, transfers: int, opened: int, resolved: int) -> None:
        """Take back what a chain did before it broke, last first."""
        for saved in reversed(self._undo or ()):
            Running.restore(saved)
        self._undo = None
        changes = self.changes
        for transfer in changes.transfers[transfers:]:
            del self._transfers[transfer.id.int]
        for pending_id, _, _ in changes.resolved[resolved:]:
            self._pendings[pending_id.int] = replace(self._pendings[pending_id.int], state="pending")
        for pending in changes.opened[opened:]:
            del self._pendings[pending.transfer_id.int]
        del changes.transfers[transfers:], changes.opened[opened:], changes.resolved[resolved:]


def _balancing_amount(debit: Running, credit: Running, most: int, flags: int) -> int:
    """As much as leaves neither side beyond its balance."""
    if flags & BALANCING_DEBIT:
        most = min(most, max(debit.available_credit, 0))
    if flags & BALANCING_CREDIT:
        most = min(most, max(credit.available_debit, 0))
    return most


def _is_exhausted(debit: Running, flags: int) -> bool:
    return bool(flags & BALANCING_DEBIT) and debit.available_credit <= 0
