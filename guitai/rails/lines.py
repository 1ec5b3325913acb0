"""Statement lines in the database: stored many at a time, each booking counted once."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from guitai.kit.crypto import seal_bytes, unseal_bytes
from guitai.kit.transactions import required
from guitai.rails.rules.lines import identity, payment_reference
from guitai.rails.statements.shape import Entry, StatementHead

PURPOSE = "rails.statement_entry"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('rails.statement_entry', 0))"
_COLUMNS = (
    ("statement_id", "uuid"), ("position", "bigint"), ("booking", "bigint"), ("account", "text"), ("currency", "text"),
    ("amount_minor", "bigint"), ("credit", "bool"), ("reversal", "bool"), ("booked_on", "date"), ("value_on", "date"),
    ("reference", "text"), ("end_to_end_id", "text"), ("transaction_id", "text"), ("payment_reference", "text"),
    ("bank_code", "text"), ("return_reason", "text"), ("charges_minor", "bigint"), ("batch_count", "int"),
    ("batch_part", "int"), ("batch_reference", "text"), ("person_sealed", "bytea"), ("identity", "bytea"),
)  # fmt: skip
_NAMES = ", ".join(name for name, _ in _COLUMNS)
# Numbered within its statement among lines that look the same; then whoever has the same number there came first.
_INSERT = f"""
WITH given AS (
    SELECT * FROM unnest({", ".join(f"%s::{kind}[]" for _, kind in _COLUMNS)}) AS line({_NAMES})
), numbered AS (
    SELECT given.*, row_number() OVER (PARTITION BY statement_id, identity ORDER BY position) - 1 + (
        SELECT count(*) FROM rails_statement_entry AS before
        WHERE before.identity = given.identity AND before.statement_id = given.statement_id
    ) AS occurrence FROM given
)
INSERT INTO rails_statement_entry ({_NAMES}, occurrence, repeat_of)
SELECT {_NAMES}, occurrence, (
    SELECT min(first.id) FROM rails_statement_entry AS first
    WHERE first.identity = numbered.identity AND first.occurrence = numbered.occurrence AND first.repeat_of IS NULL
) FROM numbered ORDER BY position
RETURNING id, position, repeat_of
"""


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a line says about people, sealed as one."""

    counterparty: str | None = None
    account: str | None = None
    remittance: str | None = None
    returned: str | None = None


class Line(msgspec.Struct, frozen=True):
    """A line on its way into the database."""

    file_id: UUID
    statement_id: UUID
    head: StatementHead
    entry: Entry


def store_lines(lines: Sequence[Line]) -> list[tuple[int, Line]]:
    """Store lines in the caller's transaction; gives (id, line) of those that no other statement had said before.

    One import at a time: so ids grow as they become visible, a reader that remembers the last one misses none, and
    of two copies of a booking the second sees the first.
    """
    required()
    if not lines:
        return []
    fresh: list[tuple[int, Line]] = []
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        # Statement by statement: two in one file may tell of the same booking, and the second must see the first.
        for _, of_one in groupby(lines, key=lambda line: line.statement_id):
            group = list(of_one)
            cursor.execute(_INSERT, [list(column) for column in zip(*map(_row, group), strict=True)])
            by_position = {position: (line_id, repeat) for line_id, position, repeat in cursor.fetchall()}
            for line in group:
                line_id, repeat_of = by_position[line.entry.position]
                if repeat_of is None:
                    fresh.append((line_id, line))
    return fresh


def person(sealed: bytes, statement_id: UUID) -> Person:
    """What a stored line says about people."""
    return msgspec.json.decode(unseal_bytes(sealed, purpose=PURPOSE, row=statement_id), type=Person)


def _row(line: Line) -> tuple[Any, ...]:
    entry, head = line.entry, line.head
    said = Person(entry.counterparty, entry.counterparty_account, entry.remittance, entry.return_text)
    return (
        line.statement_id, entry.position, entry.booking, head.account, head.currency or "",
        entry.amount, entry.credit, entry.reversal, entry.booked_on, entry.value_on,
        entry.reference, entry.end_to_end_id, entry.transaction_id, payment_reference(entry),
        entry.bank_code, entry.return_reason, entry.charges, entry.batch_count,
        entry.batch_part, entry.batch_reference,
        seal_bytes(msgspec.json.encode(said), purpose=PURPOSE, row=line.statement_id),
        identity(head, entry, line.file_id),
    )  # fmt: skip
