"""Each proof of `wallet.verify` finds what it is there for."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.db import connection

from guitai.wallet import api as wallet
from tests.wallet.conftest import acquaint, new_phone, send

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]

_TAMPERED = [
    ("UPDATE wallet_operation_event SET transfers = '{}'", "has no movement"),
    ("UPDATE wallet_operation SET state = 'refused' WHERE kind = 'top_up'", "was refused and has a movement"),
    (
        "UPDATE wallet_operation SET amount_minor = amount_minor + 1 WHERE kind = 'top_up'",
        "of another amount",
    ),
    ("DELETE FROM wallet_operation WHERE kind = 'top_up'", "belongs to no operation"),
    ("DELETE FROM wallet_operation_event WHERE event = 'succeeded'", "do not name each other"),
    ("UPDATE wallet_operation SET pending_id = NULL WHERE pending_id IS NOT NULL", "reservation disagree"),
    (
        "UPDATE wallet_operation SET state = 'returned' WHERE state = 'succeeded' AND delivered",
        "in another state",
    ),
    ("UPDATE wallet_operation SET state = 'returned' WHERE state = 'sent' AND delivered", "did not end as"),
    ("UPDATE wallet_operation SET payee = owner WHERE delivered", "did not get its amount"),
    (
        "UPDATE wallet_operation SET delivered = NOT delivered WHERE kind = 'transfer'",
        "did not get its amount",
    ),
    ("UPDATE wallet_party SET state = 'failed'", "in another state"),
    ("UPDATE wallet_limit_used SET month_minor = month_minor + 1", "a limit window"),
    ("UPDATE wallet_limit_used SET day_minor = day_minor - 1", "a limit window"),
    ("DELETE FROM wallet_limit_used", "a limit window"),
    ("UPDATE wallet_claim SET event_id = operation_id", "has no answer"),
]


@pytest.fixture
def undone(db: None) -> Iterator[None]:
    """Whatever the test does to the books is taken back before they are checked."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT untouched")
        yield
        cursor.execute("ROLLBACK TO SAVEPOINT untouched")


@pytest.fixture
def busy(customer: Make) -> None:
    one, other = customer(10_000), customer(10_000)
    acquaint(one, other)
    send(one[0], other[1], 100)
    send(one[0], customer()[1], 100)
    send(one[0], new_phone(), 100)


@pytest.mark.parametrize(("tampering", "found"), _TAMPERED)
def test_tampering_is_found(busy: None, undone: None, tampering: str, found: str) -> None:
    assert wallet.verify() == []
    with connection.cursor() as cursor:
        cursor.execute(tampering)
        assert cursor.rowcount
    assert any(found in problem for problem in wallet.verify())
