"""The one way to post: lock, evaluate, write, inside the transaction of the caller. Only the till imports this."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from guitai.base.clock import now
from guitai.kit.collector import paused
from guitai.kit.transactions import required
from guitai.ledger import locking, wire, writing
from guitai.ledger.raw import another, pipeline, raw_cursor
from guitai.ledger.reads import transfer_of
from guitai.ledger.rules.changes import Changes
from guitai.ledger.rules.evaluate import Evaluation
from guitai.ledger.types import AccountRow, Locked, NewTransfer, Pending, Transfer, TransferResult

__all__ = ["Evaluation", "expire", "lock", "post", "write"]

_TRANSFERS = """
SELECT id, book, debit_account, credit_account, amount, currency, kind, flags, pending_id, expires_at,
       effective_at, recorded_at, user_data
FROM ledger_transfer WHERE id = ANY(%b)
"""
_PENDINGS = "SELECT transfer_id, state, amount, expires_at FROM ledger_pending WHERE transfer_id = ANY(%b)"
_FAILED = "SELECT id, result FROM ledger_failed_transfer WHERE id = ANY(%b)"
_DUE = (
    "SELECT transfer_id FROM ledger_pending WHERE state = 'pending' AND expires_at <= %b"
    " ORDER BY expires_at, transfer_id LIMIT %b"
)


def lock(accounts: Sequence[UUID], transfers: Sequence[UUID], pendings: Sequence[UUID]) -> Locked:
    """Lock what a batch touches and read it.

    takes    the accounts, the ids of the batch's own transfers, and the ids of the reservations it resolves
    gives    Locked; the accounts of the reservations are locked too
    """
    required()
    with paused(len(accounts)), raw_cursor() as cursor:
        # Only to learn whose accounts the reservations hold; what a transfer says never changes.
        reserved = _transfers(cursor.execute(_TRANSFERS, [wire.ids(pendings)])) if pendings else {}
        sides = {t.debit_account.bytes for t in reserved.values()}
        sides |= {t.credit_account.bytes for t in reserved.values()}
        wanted = sorted(sides.union([account.bytes for account in accounts]))
        others = [another() for _ in range(3)]  # one answer a cursor
        with pipeline():
            # Everything else is read behind the locks: a reservation is resolved only by who holds its accounts.
            locking.begin(cursor, wire.uuids(wanted))
            if transfers:
                named = wire.ids(transfers)
                others[0].execute(_TRANSFERS, [named])
                others[1].execute(_FAILED, [named])
            if pendings:
                others[2].execute(_PENDINGS, [wire.ids(pendings)])
        rows = locking.rows(cursor)
        existing = _transfers(others[0]) if transfers else {}
        failed: dict[UUID, str] = dict(others[1].fetchall()) if transfers else {}
        fates = {row[0]: Pending(*row) for row in others[2].fetchall()} if pendings else {}
    return Locked(rows, reserved | existing, fates, failed, _moment(rows))


def write(changes: Changes) -> None:
    """Store an evaluated batch: each table once."""
    required()
    with paused(len(changes.transfers)), raw_cursor() as cursor:
        writing.write(cursor, changes)


def post(transfers: Sequence[NewTransfer]) -> list[TransferResult]:
    """Lock, evaluate and write one batch.

    takes    transfers, each with an id of its own, positive minor units
    gives    one result per item in input order: `created`, or the name of what stood in the way
    source   TigerBeetle's result names and order of checks
    """
    accounts = [t.debit_account for t in transfers] + [t.credit_account for t in transfers]
    pendings = [t.pending_id for t in transfers if t.pending_id is not None]
    with paused(len(transfers)):
        evaluation = Evaluation(lock(accounts, [t.id for t in transfers], pendings))
        results = evaluation.apply(transfers)
        write(evaluation.changes)
    return results


def expire(limit: int = 500) -> list[UUID]:
    """Give back what reservations held whose deadline has passed.

    takes    the most reservations to end in this transaction
    gives    the ids of those that expired, for the caller to tell whom they belong to
    """
    required()
    with raw_cursor() as cursor:
        due = [row[0] for row in cursor.execute(_DUE, [now(), limit]).fetchall()]
    evaluation = Evaluation(lock([], [], due))
    expired = evaluation.expire(due)
    write(evaluation.changes)
    return expired


def _transfers(cursor: psycopg.Cursor[Any]) -> dict[UUID, Transfer]:
    return {row[0]: transfer_of(row) for row in cursor.fetchall()}


def _moment(rows: Sequence[AccountRow]) -> datetime:
    """The recording moment: never before what an account has already recorded, whatever the clock does."""
    present = now()
    return max((row[9] for row in rows if row[9] is not None and row[9] > present), default=present)
