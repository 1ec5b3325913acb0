"""The sandbox's own storage: one SQLite file that survives any restart."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_order (
    reference TEXT PRIMARY KEY, amount INTEGER NOT NULL, currency TEXT NOT NULL,
    notify_url TEXT NOT NULL, payment_reference TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS bank_payment (
    id TEXT PRIMARY KEY, order_reference TEXT, amount INTEGER NOT NULL, currency TEXT NOT NULL,
    payment_reference TEXT NOT NULL, payer_name TEXT NOT NULL, payer_account TEXT NOT NULL,
    paid_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS bank_payment_order ON bank_payment (order_reference);
CREATE TABLE IF NOT EXISTS bank_arrangement (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS delivery (
    id TEXT PRIMARY KEY, payment_id TEXT NOT NULL, url TEXT NOT NULL, body BLOB NOT NULL, signature TEXT NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL, created_at INTEGER NOT NULL,
    delivered_at INTEGER, result TEXT NOT NULL DEFAULT '', sender TEXT NOT NULL DEFAULT 'bank'
) STRICT;
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due_at) WHERE state = 'pending';
CREATE INDEX IF NOT EXISTS delivery_payment ON delivery (payment_id);
CREATE TABLE IF NOT EXISTS handset_message (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, phone TEXT NOT NULL, text TEXT NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS handset_message_phone ON handset_message (phone, number);
"""

Row = dict[str, Any]


class Store:
    """One connection for the one thread that serves; every write is durable before it is answered."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)
        self.add_column("delivery", "sender", "TEXT NOT NULL DEFAULT 'bank'")

    def extend(self, schema: str) -> None:
        """Make the tables of a part of the world that keeps its own."""
        self._connection.executescript(schema)

    def close(self) -> None:
        self._connection.close()

    def add_column(self, table: str, name: str, kind: str) -> None:
        """A column that a storage of an earlier version does not have yet."""
        if name not in {row["name"] for row in self.rows(f"PRAGMA table_info({table})")}:
            self._connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; never held across an await."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def execute(self, statement: str, *values: object) -> int:
        """Run a statement; gives how many rows it changed."""
        return self._connection.execute(statement, values).rowcount

    def rows(self, statement: str, *values: object) -> list[Row]:
        return [dict(row) for row in self._connection.execute(statement, values)]

    def row(self, statement: str, *values: object) -> Row | None:
        found = self._connection.execute(statement, values).fetchone()
        return dict(found) if found else None

    def insert(self, table: str, values: Row) -> None:
        names = ", ".join(values)
        marks = ", ".join("?" for _ in values)
        self._connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
