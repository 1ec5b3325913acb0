"""Django's connection without Django's cursor: binary both ways, pipelines and COPY, in the same transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import psycopg
from django.db import connection, transaction
from psycopg.pq import Format

from guitai.ledger import wire

# Connections that know how to send the arrays of `wire`.
_prepared: WeakSet[psycopg.Connection[Any]] = WeakSet()


@contextmanager
def raw_cursor() -> Iterator[psycopg.Cursor[Any]]:
    """A cursor of the driver's own inside the caller's transaction.

    gives    rows and parameters in binary; arrays of `wire` as parameters
    refuses  Django's database errors, as its own cursor would; what failed cannot be committed by mistake
    """
    # Django learns of an error only from its own cursors: without the mark it would "commit" what is broken.
    with transaction.mark_for_rollback_on_error(), connection.wrap_database_errors:
        connection.ensure_connection()
        with another() as cursor:
            yield cursor


def another() -> psycopg.Cursor[Any]:
    """One more cursor, for the answers of a pipeline: each cursor keeps one."""
    driver = connection.connection
    if driver not in _prepared:
        for array, dumper in wire.DUMPERS:
            driver.adapters.register_dumper(array, dumper)
        _prepared.add(driver)
    cursor = psycopg.Cursor(driver)  # Django's own kind writes parameters into the statement
    cursor.format = Format.BINARY
    return cursor


@contextmanager
def pipeline() -> Iterator[None]:
    """Statements inside are sent together and answered together. No COPY in here."""
    with connection.connection.pipeline():
        yield
