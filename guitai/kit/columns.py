"""Reading and writing one column of any table in batches. Names come from our own registry, never from outside."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from django.db import connection, transaction

BATCH = 500
_quoted = connection.ops.quote_name


Key: TypeAlias = str | tuple[str, ...]


def batches(
    table: str, key: Key, names: Sequence[str], *, json_form: bool = False
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows in order of their key, a batch at a time, each read for itself.

    takes    a table, its key (one column or several), further columns (the last one is the one that must not be
             empty, and is opened when it holds JSON)
    gives    lists of (key values as a tuple, *columns)
    """
    keys = _keys(key)
    order, wanted = ", ".join(keys), ", ".join([*keys, *map(_quoted, names)])
    places = ", ".join(["%s"] * len(keys))
    after, values = "", ()
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {wanted} FROM {_quoted(table)} WHERE {_quoted(names[-1])} IS NOT NULL{after}"
                f" ORDER BY {order} LIMIT {BATCH}",
                values,
            )
            rows = cursor.fetchall()
        if not rows:
            return
        found = [(row[: len(keys)], *row[len(keys) :]) for row in rows]
        yield [(*row[:-1], json.loads(row[-1])) for row in found] if json_form else found
        after, values = f" AND ({order}) > ({places})", found[-1][0]


def write(
    table: str,
    key: Key,
    column: str,
    writes: Sequence[tuple[Any, tuple[Any, ...], Any]],
    *,
    json_form: bool = False,
) -> int:
    """Write values where still stands what was read.

    takes    (new value, key values, what was read) for each row
    gives    how many were written
    """
    form = "%s::jsonb" if json_form else "%s"
    where = " AND ".join(f"{name} = %s" for name in _keys(key))
    statement = (
        f"UPDATE {_quoted(table)} SET {_quoted(column)} = {form} WHERE {where} AND {_quoted(column)} = {form}"
    )
    written = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for new, row, before in writes:
            values = (json.dumps(new), *row, json.dumps(before)) if json_form else (new, *row, before)
            cursor.execute(statement, values)
            written += cursor.rowcount
    return written


def _keys(key: Key) -> list[str]:
    return [_quoted(name) for name in ((key,) if isinstance(key, str) else key)]


def size(table: str) -> int:
    """About how many rows a table has, by PostgreSQL's own estimate: a count would read all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = %s::regclass", [table]
        )
        return int(cursor.fetchone()[0])


def clear(table: str) -> None:
    """Delete every row."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_quoted(table)}")
