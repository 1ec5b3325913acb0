"""The rights of the role that works with the books: it adds, it changes balances and fates, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from guitai.base import clock
from guitai.ledger import api, poster
from tests.ledger.conftest import ALICE, BOB, NOON, balances, give_back, hold, post, take, transfer

pytestmark = pytest.mark.usefixtures("books")


@contextmanager
def protected() -> Iterator[None]:
    """Work as somebody whose rights were taken: a role of its own, or, without the right to make one, ourselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("CREATE ROLE guitai_test_worker")
            cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO guitai_test_worker")
            api.protect("guitai_test_worker")
            cursor.execute("SET ROLE guitai_test_worker")
        else:
            api.protect()
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


FORBIDDEN = [
    "UPDATE ledger_transfer SET amount = amount",
    "DELETE FROM ledger_transfer",
    "UPDATE ledger_entry SET amount = amount",
    "DELETE FROM ledger_entry",
    "UPDATE ledger_failed_transfer SET result = ''",
    "DELETE FROM ledger_failed_transfer",
    "DELETE FROM ledger_account",
    "UPDATE ledger_account SET owner = owner",
    "UPDATE ledger_account SET currency = 'USD'",
    "DELETE FROM ledger_pending",
    "UPDATE ledger_pending SET amount = 1",
    "TRUNCATE ledger_transfer",
    "TRUNCATE ledger_entry",
    "TRUNCATE ledger_account CASCADE",
    "TRUNCATE ledger_pending",
    "CREATE TRIGGER own BEFORE INSERT ON ledger_entry EXECUTE FUNCTION suppress_redundant_updates_trigger()",
]  # fmt: skip


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_what_is_written_stays(sql):
    """By right, before any trigger is asked."""
    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
    with protected(), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_everything_that_posting_needs_is_left():
    with protected():
        part, back, late = hold(amount=50), hold(amount=40), hold(amount=30, expires_at=NOON)
        with clock.stopped(NOON - timedelta(hours=1)):
            assert post(part, back, late, *(transfer(ALICE, BOB, 1) for _ in range(150))) == ["created"] * 153
            assert post(take(part), give_back(back), transfer(ALICE, BOB, 9_999)) == [
                "created", "created", "exceeds_credits",
            ]  # fmt: skip
        with clock.stopped(NOON), transaction.atomic():
            assert poster.expire() == [late.id]
        assert balances(BOB) == (0, 0, 0, 200)


@pytest.mark.parametrize("table", ["ledger_transfer", "ledger_entry", "ledger_failed_transfer"])
@pytest.mark.parametrize(
    "attempt", ["UPDATE {} SET recorded_at = NULL WHERE false", "DELETE FROM {} WHERE false"]
)
def test_even_an_owners_attempt_is_refused(table, attempt):
    attempt = attempt.replace("recorded_at = NULL", "result = ''") if "failed" in table else attempt
    with (
        pytest.raises(DatabaseError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attempt.format(table))
