"""Statement lines in the database: stored many at a time, each booking counted once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from guitai.kit import sql
from guitai.kit.crypto import Sealer, unseal_bytes
from guitai.kit.transactions import required
from guitai.rails.policies import statement_settings
from guitai.rails.rail_types import ReceivingAccount
from guitai.rails.rules.lines import addressed_to, identity
from guitai.rails.statements.shape import Entry, StatementHead

PURPOSE = "rails.statement_entry"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('rails.statement_entry', 0))"
_COLUMNS = (
    ("id", "int8"), ("statement_id", "uuid"), ("position", "int8"), ("booking", "int8"), ("account", "text"),
    ("currency", "text"), ("amount_minor", "int8"), ("credit", "bool"), ("reversal", "bool"), ("booked_on", "date"),
    ("value_on", "date"), ("reference", "text"), ("end_to_end_id", "text"), ("transaction_id", "text"),
    ("payment_reference", "text"), ("bank_code", "text"), ("return_reason", "text"), ("charges_minor", "int8"),
    ("batch_count", "int4"), ("batch_part", "int4"), ("batch_reference", "text"), ("person_sealed", "bytea"),
    ("identity", "bytea"), ("occurrence", "int4"), ("repeat_of", "int8"),
)  # fmt: skip
_COPY = f"COPY rails_statement_entry ({', '.join(name for name, _ in _COLUMNS)}) FROM STDIN (FORMAT BINARY)"
_TYPES = [kind for _, kind in _COLUMNS]
# Ids are drawn under the lock, so that lines of two files never mix and a later line has a higher id.
_DRAW = """
WITH own AS MATERIALIZED (SELECT pg_get_serial_sequence('rails_statement_entry', 'id')::regclass AS ids)
SELECT nextval(own.ids) FROM own CROSS JOIN generate_series(1, %b::int8)
"""
# Who told of these bookings first. Two statements, for two partial indexes, each asked line by line (which is what
# OFFSET is for): nothing else may be read for a line, least of all every line that was ever stored.
_FIRST = """
SELECT first.identity, first.occurrence, first.id, first.statement_id
FROM unnest(%b::bytea[]) AS given(identity) CROSS JOIN LATERAL (
  SELECT * FROM rails_statement_entry e WHERE e.identity = given.identity AND e.repeat_of IS NULL OFFSET 0) first
"""
_REPEATED = """
SELECT again.identity, again.statement_id, count(*)
FROM unnest(%b::bytea[]) AS given(identity) CROSS JOIN LATERAL (
  SELECT * FROM rails_statement_entry e WHERE e.identity = given.identity AND e.repeat_of IS NOT NULL OFFSET 0) again
WHERE again.statement_id = ANY(%b::text::uuid[]) GROUP BY again.identity, again.statement_id
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


_encode = msgspec.json.Encoder().encode


def store_lines(lines: Sequence[Line]) -> list[tuple[int, Line]]:
    """Store lines in the caller's transaction; gives (id, line) of those that no other statement had said before.

    One import at a time: so ids grow as they become visible, a reader that remembers the last one misses none, and
    of two copies of a booking the second sees the first.
    """
    required()
    if not lines:
        return []
    sql.run(_LOCK)
    identities = [identity(line.head, line.entry, line.file_id) for line in lines]
    known = _Known(identities, {line.statement_id for line in lines})
    ids = [line_id for (line_id,) in sql.fetch(_DRAW, [len(lines)])]
    fresh: list[tuple[int, Line]] = []
    receiving = statement_settings().receiving
    # Nothing else may be asked of the connection while it copies, not even for a key; so the server works on one line
    # while the next is made.
    sealer = Sealer(PURPOSE)
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for line_id, line, name in zip(ids, lines, identities, strict=True):
            occurrence, repeat_of = known.number(name, line.statement_id, line_id)
            copy.write_row((line_id, *_row(line, sealer, receiving), name, occurrence, repeat_of))
            if repeat_of is None:
                fresh.append((line_id, line))
    return fresh


class _Known:
    """What is stored of some bookings: numbered within a statement among lines that look the same, a line repeats
    whoever has the same number and came first."""

    def __init__(self, identities: Sequence[bytes], statements: set[UUID]) -> None:
        asked = list(set(identities))
        self._first: dict[tuple[bytes, int], int] = {}
        # How many lines that look the same a statement has had.
        self._seen: defaultdict[tuple[bytes, UUID], int] = defaultdict(int)
        for name, occurrence, line_id, statement_id in sql.fetch(_FIRST, [asked]):
            self._first[bytes(name), occurrence] = line_id
            if statement_id in statements:
                self._seen[bytes(name), statement_id] += 1
        for name, statement_id, count in sql.fetch(_REPEATED, [asked, sql.array_literal(statements)]):
            self._seen[bytes(name), statement_id] += count

    def number(self, name: bytes, statement_id: UUID, line_id: int) -> tuple[int, int | None]:
        """Which of several alike a line is, and which line it repeats, if it does."""
        occurrence = self._seen[name, statement_id]
        self._seen[name, statement_id] = occurrence + 1
        first = self._first.setdefault((name, occurrence), line_id)
        return occurrence, None if first == line_id else first


def person(sealed: bytes, statement_id: UUID) -> Person:
    """What a stored line says about people."""
    return msgspec.json.decode(unseal_bytes(sealed, purpose=PURPOSE, row=statement_id), type=Person)


def _row(line: Line, sealer: Sealer, receiving: Sequence[ReceivingAccount]) -> tuple[Any, ...]:
    entry, head = line.entry, line.head
    said = Person(entry.counterparty, entry.counterparty_account, entry.remittance, entry.return_text)
    return (
        line.statement_id, entry.position, entry.booking, head.account, head.currency or "",
        entry.amount, entry.credit, entry.reversal, entry.booked_on, entry.value_on,
        entry.reference, entry.end_to_end_id, entry.transaction_id, addressed_to(entry, receiving),
        entry.bank_code, entry.return_reason, entry.charges, entry.batch_count,
        entry.batch_part, entry.batch_reference,
        sealer.seal(_encode(said), line.statement_id),
    )  # fmt: skip
