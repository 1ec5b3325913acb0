"""Statements over whole batches: one round trip a table, whatever the batch's size.

Parameters go to the server as binary arrays, which cost a tenth of their text.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper

Row = tuple[Any, ...]
# Of these a list of values is no array of the server's: they travel as text and are cast there.
_AS_TEXT = frozenset({"jsonb", "uuid[]", "text[]"})


class _BatchCursor(psycopg.Cursor[Any]):
    """A cursor that answers in binary."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Any:
        return super().execute(query, params, binary=True)


def cursor() -> CursorWrapper:
    """A cursor of Django's present connection, with server-side parameters (`%b` for arrays)."""
    connection.ensure_connection()
    return connection.make_cursor(_BatchCursor(connection.connection))


def fetch(query: str, params: Sequence[Any] = ()) -> list[Row]:
    """Run one statement; gives its rows."""
    with cursor() as opened:
        opened.execute(query, params)
        return opened.fetchall()


def run(query: str, params: Sequence[Any] = ()) -> int:
    """Run one statement; gives how many rows it touched."""
    with cursor() as opened:
        opened.execute(query, params)
        return int(opened.rowcount)


@contextmanager
def pipelined() -> Iterator[None]:
    """Statements inside are sent one after the other without waiting: the server works on one while the next is made.

    Their results are not to be read; what goes wrong is raised at the end.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def send(query: str, params: Sequence[Any] = ()) -> None:
    """Run one statement of which nothing is asked back."""
    cursor().execute(query, params)


def columns(rows: Iterable[Row]) -> list[list[Any]]:
    """Rows as one list a column: the shape in which `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]


def array_literal(items: Iterable[object]) -> str:
    """An array of plain values (ids, names without quotes) as the server reads it."""
    return "{" + ",".join(str(item) for item in items) + "}"


class Table:
    """Where rows of one shape are inserted, all at once."""

    def __init__(self, table: str, conflict: str = "", /, **types: str) -> None:
        """takes the table's name, what to do on conflict, and each column's type"""
        names = ", ".join(types)
        arrays = ", ".join(f"%b::{'text' if kind in _AS_TEXT else kind}[]" for kind in types.values())
        chosen = ", ".join(f"{name}::{kind}" if kind in _AS_TEXT else name for name, kind in types.items())
        given = f"SELECT {chosen} FROM unnest({arrays}) AS given({names})"
        self.statement = f"INSERT INTO {table} ({names}) {given} {conflict}"

    def insert(self, rows: Sequence[Row]) -> None:
        """Write rows, each in the order of the columns."""
        if rows:
            send(self.statement, columns(rows))
