"""The textbook's ledger: one transaction a transfer, as a careful engineer writes it by hand.

The same tables with the same constraints, indexes, triggers and fill factors in a schema of their own. Each
transfer locks its two accounts in id order, judges them, inserts the transfer and its two entries in one statement
each, updates both balances in one statement (measured faster than two) and commits. Every statement is prepared once
on each connection; nothing is read that is not needed, and there is no ORM. A second variant sends the writes as one
pipeline: few write that, but it shows what is still to be had without batches.
"""

import random
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from guitai.base.clock import now
from guitai.base.ids import new_id

SCHEMA = "textbook"
_TABLES = ("ledger_account", "ledger_transfer", "ledger_entry")
_CUSTOMER, _OVERDRAFT_REFUSED = 2010, 2
LOCK = """
SELECT id, book, currency, flags, debits_pending, debits_posted, credits_pending, credits_posted, version
FROM ledger_account WHERE id = ANY(%s) ORDER BY id FOR UPDATE
"""
_TRANSFER = """
INSERT INTO ledger_transfer
  (id, book, debit_account, credit_account, amount, currency, kind, flags, effective_at, recorded_at, user_data)
VALUES (%s, %s, %s, %s, %s, %s, %s, 0, %s, %s, %s)
"""
_ENTRIES = """
INSERT INTO ledger_entry (account_id, seq, transfer_id, amount, debits_pending, debits_posted, credits_pending,
                          credits_posted, recorded_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s), (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
BALANCES = """
UPDATE ledger_account a SET debits_posted = v.debits, credits_posted = v.credits, version = v.version,
  recorded_at = v.moment
FROM (VALUES (%s::bigint, %s::bigint, %s::bigint, %s::timestamptz, %s::uuid), (%s, %s, %s, %s, %s))
  AS v(debits, credits, version, moment, id)
WHERE a.id = v.id
"""
BALANCE = """
UPDATE ledger_account SET debits_posted = %s, credits_posted = %s, version = %s, recorded_at = %s WHERE id = %s
"""


@dataclass(slots=True)
class Account:
    """One locked account, in the order of `LOCK`."""

    id: UUID
    book: str
    currency: str
    flags: int
    debits_pending: int
    debits_posted: int
    credits_pending: int
    credits_posted: int
    version: int


class Worker:
    """One client: a process and a connection of its own."""

    def __init__(self) -> None:
        self._random = random.Random(new_id().int)
        self._accounts: list[UUID] = []
        self._connection: psycopg.Connection[Any] | None = None

    def connect(self, url: str) -> None:
        self._connection = connection = psycopg.connect(url, prepare_threshold=0)
        connection.execute(f"SET search_path = {SCHEMA}")
        rows = connection.execute("SELECT id FROM ledger_account WHERE code = %s ORDER BY id", [_CUSTOMER])
        self._accounts = [row[0] for row in rows.fetchall()]
        connection.commit()

    def measure(self, hot: bool, pipelined: bool, seconds: float, warm: float) -> dict[str, Any]:
        """Transfer after transfer for so long; gives how many, and the seconds they took."""
        self._spend(hot, pipelined, warm)
        began = time.perf_counter()
        count = self._spend(hot, pipelined, seconds)
        return {"count": count, "seconds": time.perf_counter() - began}

    def _spend(self, hot: bool, pipelined: bool, seconds: float) -> int:
        assert self._connection is not None
        ends, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < ends:
            debit, credit = self._random.sample(range(1, len(self._accounts)), 2)
            transfer(
                self._connection, new_id(), self._accounts[debit], self._accounts[0 if hot else credit],
                self._random.randrange(1, 100), pipelined=pipelined,
            )  # fmt: skip
            count += 1
        return count


def transfer(
    connection: psycopg.Connection[Any],
    new: UUID,
    debit_id: UUID,
    credit_id: UUID,
    amount: int,
    *,
    pipelined: bool,
) -> None:
    """One transfer in one transaction; pipelined, its writes go out together and are answered together."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [[debit_id, credit_id]])
        accounts = {row[0]: Account(*row) for row in cursor.fetchall()}
        debit, credit, moment = accounts[debit_id], accounts[credit_id], now()
        with connection.pipeline() if pipelined else nullcontext():
            move(cursor, Movement(new, debit, credit, amount, "bench", moment))
            cursor.execute(BALANCES, [*balance(debit, moment), *balance(credit, moment)])
    connection.commit()


@dataclass(slots=True)
class Movement:
    """One transfer between two locked accounts."""

    id: UUID
    debit: Account
    credit: Account
    amount: int
    kind: str
    moment: datetime
    about: UUID | None = None


def move(cursor: psycopg.Cursor[Any], movement: Movement) -> None:
    """Judge a movement, and write it down with its two entries."""
    debit, credit, amount, moment = movement.debit, movement.credit, movement.amount, movement.moment
    if (debit.book, debit.currency) != (credit.book, credit.currency):
        raise RuntimeError("accounts of one book and one currency")
    if debit.flags & _OVERDRAFT_REFUSED:
        spent = debit.debits_posted + debit.debits_pending + amount
        if spent > debit.credits_posted:
            raise RuntimeError("exceeds_credits")
    debit.debits_posted += amount
    credit.credits_posted += amount
    debit.version += 1
    credit.version += 1
    cursor.execute(
        _TRANSFER,
        [
            movement.id, debit.book, debit.id, credit.id, amount, debit.currency, movement.kind, moment, moment,
            movement.about,
        ],
    )  # fmt: skip
    entries = (*_entry(debit, movement, -amount), *_entry(credit, movement, amount))
    cursor.execute(_ENTRIES, entries)


def _entry(account: Account, movement: Movement, amount: int) -> tuple[Any, ...]:
    return (
        account.id, account.version, movement.id, amount, account.debits_pending, account.debits_posted,
        account.credits_pending, account.credits_posted, movement.moment,
    )  # fmt: skip


def balance(account: Account, moment: datetime) -> tuple[Any, ...]:
    """What `BALANCE` takes, and `BALANCES` twice."""
    return (account.debits_posted, account.credits_posted, account.version, moment, account.id)


def make_tables(url: str) -> None:
    """The textbook's tables: copies of ours as they stand, with every constraint, index, trigger and setting."""
    with psycopg.connect(url) as connection:
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in _TABLES:
            name, copy = sql.Identifier("public", table), sql.Identifier(SCHEMA, table)
            connection.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(copy, name))
            _copy_settings(connection, table, copy)
            _copy_triggers(connection, table)
            connection.execute(sql.SQL("INSERT INTO {} SELECT * FROM {}").format(copy, name))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def verify(url: str) -> list[str]:
    """Whether the textbook kept its books, too: each account its entries, and all of them zero."""
    with psycopg.connect(url) as connection:
        connection.execute(f"SET search_path = {SCHEMA}")
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE a.credits_posted - a.debits_posted <> coalesce(e.total, 0)"
            " OR a.version <> coalesce(e.lines, 0)),"
            " sum(a.credits_posted::numeric) - sum(a.debits_posted::numeric) FROM ledger_account a"
            " LEFT JOIN (SELECT account_id, sum(amount) AS total, count(*) AS lines FROM ledger_entry GROUP BY 1) e"
            " ON e.account_id = a.id"
        ).fetchone()
    return [] if row is not None and row == (0, 0) else [f"the textbook's books are wrong: {row}"]


def _copy_settings(connection: psycopg.Connection[Any], table: str, copy: sql.Identifier) -> None:
    row = connection.execute("SELECT reloptions FROM pg_class WHERE oid = %s::regclass", [f"public.{table}"])
    for option in (row.fetchone() or [None])[0] or ():
        connection.execute(sql.SQL("ALTER TABLE {} SET ({})").format(copy, sql.SQL(option)))


def _copy_triggers(connection: psycopg.Connection[Any], table: str) -> None:
    rows = connection.execute(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
        [f"public.{table}"],
    )
    for (definition,) in rows.fetchall():
        ours, theirs = f" ON public.{table} ", f" ON {SCHEMA}.{table} "
        if ours not in definition:
            raise RuntimeError(f"a trigger that cannot be copied: {definition}")
        connection.execute(definition.replace(ours, theirs, 1))
