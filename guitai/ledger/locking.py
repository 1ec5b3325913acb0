"""The one statement that locks: two variants of it, since not every engine has both.

`rows`    in id order, so that two posters never wait for each other in a circle: one PostgreSQL server.
`serial`  for tables that are spread over servers (Citus), where a SELECT may not lock on several of them: an UPDATE
          that changes nothing takes the same locks, but in no order, so posters take turns.
"""

from typing import Any, Literal

import psycopg

from guitai.ledger.types import AccountRow
from guitai.ledger.wire import Uuids

Variant = Literal["rows", "serial"]
_COLUMNS = (
    "uuid_send(id), book, currency, flags, debits_pending, debits_posted, credits_pending, credits_posted, version,"
    " recorded_at"
)
ORDERED = f"SELECT {_COLUMNS} FROM ledger_account WHERE id = ANY(%b) ORDER BY id FOR NO KEY UPDATE"
UNORDERED = f"UPDATE ledger_account SET version = version WHERE id = ANY(%b) RETURNING {_COLUMNS}"
TURN = "SELECT pg_advisory_xact_lock(7310295)"
_variant: Variant = "rows"


def choose(variant: Variant) -> None:
    """Say once, at the start of a process, what kind of engine holds the books; all processes must agree."""
    global _variant
    _variant = variant


def begin(cursor: psycopg.Cursor[Any], accounts: Uuids) -> psycopg.Cursor[Any]:
    """Send what locks the accounts; inside a pipeline the answer comes later."""
    if _variant == "serial":
        cursor.execute(TURN)
        return cursor.execute(UNORDERED, [accounts])
    return cursor.execute(ORDERED, [accounts])


def rows(cursor: psycopg.Cursor[Any]) -> list[AccountRow]:
    """What was locked, in id order."""
    found: list[AccountRow] = cursor.fetchall()
    return sorted(found) if _variant == "serial" else found
