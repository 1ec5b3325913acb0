"""The one way to post: lock, evaluate, write, inside the transaction of the caller. Only the till imports this."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from guitai.base.clock import now
from guitai.kit.transactions import required
from guitai.ledger.reads import account_of, transfer_of
from guitai.ledger.rules.evaluate import Evaluation
from guitai.ledger.types import (
    Account,
    Changes,
    Entry,
    Locked,
    NewTransfer,
    Pending,
    Transfer,
    TransferResult,
)

__all__ = ["Evaluation", "expire", "lock", "post", "write"]

# In id order and before anything is read, so that two batches never wait for each other in a circle.
_LOCK = """
SELECT id, book, owner, code, currency, flags, debits_pending, debits_posted, credits_pending, credits_posted, version
FROM ledger_account WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
_TRANSFERS = """
SELECT id, book, debit_account, credit_account, amount, currency, kind, flags, pending_id, expires_at,
       effective_at, recorded_at
FROM ledger_transfer WHERE id = ANY(%s)
"""


def lock(accounts: Sequence[UUID], transfers: Sequence[UUID], pendings: Sequence[UUID]) -> Locked:
    """Lock what a batch touches and read it.

    takes    the accounts, the ids of the batch's own transfers, and the ids of the reservations it resolves
    gives    Locked; the accounts of the reservations are locked too
    """
    required()
    # Only to learn whose accounts the reservations hold; what a transfer says never changes.
    existing = _transfers(sorted({*transfers, *pendings}))
    wanted = {*accounts}
    for pending_id in pendings:
        if (reserved := existing.get(pending_id)) is not None:
            wanted |= {reserved.debit_account, reserved.credit_account}
    locked = _lock_accounts(sorted(wanted))
    # Read the fates again under the locks: a reservation is resolved only by who holds its accounts.
    existing |= _transfers(sorted({*transfers}))
    return Locked(
        locked, existing, _pendings(sorted({*pendings})), _failed(sorted({*transfers})), _moment(locked)
    )


def write(changes: Changes) -> None:
    """Store an evaluated batch: each table once."""
    required()
    with connection.cursor() as cursor:
        if changes.transfers:
            _write_transfers(cursor, changes.transfers)
        if changes.entries:
            _write_entries(cursor, changes.entries)
            _write_balances(cursor, list(changes.accounts.values()))
        _write_pendings(cursor, changes)
        if changes.failed:
            burnt = sorted(
                changes.failed.items()
            )  # or two batches that burn the same ids could wait in a circle
            cursor.execute(
                "INSERT INTO ledger_failed_transfer (id, result) SELECT * FROM unnest(%s::uuid[], %s::text[])"
                " ON CONFLICT DO NOTHING",
                [[i for i, _ in burnt], [result for _, result in burnt]],
            )


def post(transfers: Sequence[NewTransfer]) -> list[TransferResult]:
    """Lock, evaluate and write one batch.

    takes    transfers, each with an id of its own, positive minor units
    gives    one result per item in input order: `created`, or the name of what stood in the way
    source   TigerBeetle's result names and order of checks
    """
    accounts = {t.debit_account for t in transfers} | {t.credit_account for t in transfers}
    pendings = [t.pending_id for t in transfers if t.pending_id is not None]
    evaluation = Evaluation(lock(sorted(accounts), [t.id for t in transfers], pendings))
    results = evaluation.apply(transfers)
    write(evaluation.changes)
    return results


def expire(limit: int = 500) -> list[UUID]:
    """Give back what reservations held whose deadline has passed.

    takes    the most reservations to end in this transaction
    gives    the ids of those that expired, for the caller to tell whom they belong to
    """
    required()
    due = _due(limit)
    evaluation = Evaluation(lock([], [], due))
    expired = evaluation.expire(due)
    write(evaluation.changes)
    return expired


def _due(limit: int) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT transfer_id FROM ledger_pending WHERE state = 'pending' AND expires_at <= %s"
            " ORDER BY expires_at, transfer_id LIMIT %s",
            [now(), limit],
        )
        return [row[0] for row in cursor.fetchall()]


def _lock_accounts(ids: Sequence[UUID]) -> dict[UUID, Account]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(ids)])
        return {row[0]: account_of(row) for row in cursor.fetchall()}


def _transfers(ids: Sequence[UUID]) -> dict[UUID, Transfer]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TRANSFERS, [list(ids)])
        return {row[0]: transfer_of(row) for row in cursor.fetchall()}


def _pendings(ids: Sequence[UUID]) -> dict[UUID, Pending]:
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT transfer_id, state, amount, expires_at FROM ledger_pending WHERE transfer_id = ANY(%s)",
            [list(ids)],
        )
        return {row[0]: Pending(*row) for row in cursor.fetchall()}


def _failed(ids: Sequence[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, result FROM ledger_failed_transfer WHERE id = ANY(%s)", [list(ids)])
        return dict(cursor.fetchall())


def _moment(accounts: dict[UUID, Account]) -> datetime:
    """The recording moment: never before what an account has already recorded, whatever the clock does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(e.recorded_at) FROM unnest(%s::uuid[], %s::bigint[]) AS a(id, seq)"
            " JOIN ledger_entry e ON e.account_id = a.id AND e.seq = a.seq",
            [list(accounts), [account.version for account in accounts.values()]],
        )
        latest = cursor.fetchone()[0]
    return max(now(), latest) if latest is not None else now()


def _write_transfers(cursor: CursorWrapper, rows: Sequence[Transfer]) -> None:
    cursor.execute(
        "INSERT INTO ledger_transfer (id, book, debit_account, credit_account, amount, currency, kind, flags,"
        " pending_id, expires_at, effective_at, recorded_at) SELECT * FROM unnest(%s::uuid[], %s::text[],"
        " %s::uuid[], %s::uuid[], %s::bigint[], %s::text[], %s::text[], %s::int[], %s::uuid[],"
        " %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])",
        [
            [t.id for t in rows], [t.book for t in rows], [t.debit_account for t in rows],
            [t.credit_account for t in rows], [t.amount for t in rows], [t.currency for t in rows],
            [t.kind for t in rows], [int(t.flags) for t in rows], [t.pending_id for t in rows],
            [t.expires_at for t in rows], [t.effective_at for t in rows], [t.recorded_at for t in rows],
        ],
    )  # fmt: skip


def _write_entries(cursor: CursorWrapper, entries: Sequence[Entry]) -> None:
    cursor.execute(
        "INSERT INTO ledger_entry (account_id, seq, transfer_id, amount, debits_pending, debits_posted,"
        " credits_pending, credits_posted, recorded_at) SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::uuid[],"
        " %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[])",
        [
            [e.account_id for e in entries], [e.seq for e in entries], [e.transfer_id for e in entries],
            [e.amount for e in entries], [e.debits_pending for e in entries], [e.debits_posted for e in entries],
            [e.credits_pending for e in entries], [e.credits_posted for e in entries],
            [e.recorded_at for e in entries],
        ],
    )  # fmt: skip


def _write_balances(cursor: CursorWrapper, accounts: Sequence[Account]) -> None:
    cursor.execute(
        "UPDATE ledger_account a SET debits_pending = v.dp, debits_posted = v.dd, credits_pending = v.cp,"
        " credits_posted = v.cd, version = v.version FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[],"
        " %s::bigint[], %s::bigint[], %s::bigint[]) AS v(id, dp, dd, cp, cd, version) WHERE a.id = v.id",
        [
            [a.id for a in accounts], [a.debits_pending for a in accounts], [a.debits_posted for a in accounts],
            [a.credits_pending for a in accounts], [a.credits_posted for a in accounts],
            [a.version for a in accounts],
        ],
    )  # fmt: skip


def _write_pendings(cursor: CursorWrapper, changes: Changes) -> None:
    if opened := changes.pendings_opened:
        cursor.execute(
            "INSERT INTO ledger_pending (transfer_id, state, amount, expires_at)"
            " SELECT * FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::timestamptz[])",
            [
                [p.transfer_id for p in opened], [p.state for p in opened], [p.amount for p in opened],
                [p.expires_at for p in opened],
            ],
        )  # fmt: skip
    if resolved := changes.pendings_resolved:
        cursor.execute(
            "UPDATE ledger_pending p SET state = v.state, resolved_by = v.by"
            " FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS v(id, state, by)"
            " WHERE p.transfer_id = v.id AND p.state = 'pending'",
            [list(resolved), [s for s, _ in resolved.values()], [by for _, by in resolved.values()]],
        )
        if cursor.rowcount != len(resolved):
            raise RuntimeError("a reservation was resolved twice: the batch must not commit")
