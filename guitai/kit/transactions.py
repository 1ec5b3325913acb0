"""Who owns a transaction: the outermost flow opens it, inner ones insist on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from guitai.kit.environment import environment


@contextmanager
def outermost() -> Iterator[None]:
    """One durable transaction, owned by the flow that opens it."""
    # Tests run inside a transaction of their own, where a durable block cannot be had.
    with transaction.atomic(durable=environment().mode != "test"):
        yield


def required() -> None:
    """Raise unless the caller is inside a transaction: what follows must commit with its cause or not at all."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("this must run inside the transaction of its cause")
