"""Whoever changes the database behind our back is found: `guitai verify` fails and names what was changed."""

import pytest

from tests.journeys.client import Customer
from tests.machine.load import database_url, owner, verified

pytestmark = pytest.mark.live

# name, the row that is changed, how, and what verify has to say of it
CHANGES = [
    (
        "a balance",
        "SELECT id FROM ledger_account WHERE flags & 2 > 0 AND credits_posted > 100 ORDER BY id DESC LIMIT 1",
        "UPDATE ledger_account SET credits_posted = credits_posted + {by} WHERE id = %s",
        "account {id}",
    ),
    (
        "an entry",
        "SELECT account_id FROM ledger_entry WHERE amount > 100 ORDER BY account_id DESC, seq DESC LIMIT 1",
        (
            "UPDATE ledger_entry SET amount = amount + {by} WHERE ctid = (SELECT ctid FROM ledger_entry e"
            " WHERE amount > 100 AND account_id = %s ORDER BY seq DESC LIMIT 1)"
        ),
        "account {id}",
    ),
    (
        "the amount of a movement",
        "SELECT id FROM ledger_transfer WHERE amount > 100 ORDER BY id DESC LIMIT 1",
        "UPDATE ledger_transfer SET amount = amount + {by} WHERE id = %s",
        "entry that does not follow",
    ),
    (
        "the amount of an operation",
        "SELECT reference FROM wallet_operation WHERE state = 'succeeded' ORDER BY created_at DESC LIMIT 1",
        "UPDATE wallet_operation SET amount_minor = amount_minor + {by} WHERE reference = %s",
        "operation {id}",
    ),
    (
        "an audit row",
        "SELECT id FROM audit_row WHERE id <= (SELECT max(last_row) FROM audit_seal) ORDER BY id DESC LIMIT 1",
        # A blank more, a blank less.
        "UPDATE audit_row SET reason = CASE WHEN {by} > 0 THEN reason || ' ' ELSE rtrim(reason) END WHERE id = %s",
        "audit chain",
    ),
]


@pytest.fixture(scope="module")
def connection(broken):
    payee, payer = Customer(broken, "Payee Books").signed_up(), Customer(broken, "Payer Books").rich(500_00)
    assert payer.transfer(payee.phone, 120_00).status_code == 201
    verified(broken)
    with owner(database_url(broken)) as connection:
        yield connection


@pytest.mark.parametrize(("row", "change", "words"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_a_change_behind_our_back_is_found_and_named(broken, connection, row, change, words):
    found = connection.execute(row).fetchone()
    assert found is not None
    assert connection.execute(change.format(by=100), [found[0]]).rowcount == 1
    try:
        done = broken.run("verify")
    finally:
        connection.execute(change.format(by=-100), [found[0]])
    assert done.returncode == 1, done.stdout + done.stderr
    assert words.format(id=found[0]) in done.stdout + done.stderr


def test_a_removed_movement_is_found(broken, connection):
    """A whole transfer with its entries, as if it had never been."""
    tables = {"ledger_transfer": "id", "ledger_entry": "transfer_id"}
    found = connection.execute("SELECT id FROM ledger_transfer ORDER BY id DESC LIMIT 1").fetchone()
    assert found is not None
    for table, column in tables.items():
        connection.execute(
            f"CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE {column} = %s", [found[0]]
        )
        assert connection.execute(f"DELETE FROM {table} WHERE {column} = %s", [found[0]]).rowcount >= 1
    try:
        done = broken.run("verify")
    finally:
        for table in tables:
            connection.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
            connection.execute(f"DROP TABLE kept_{table}")
    assert done.returncode == 1, done.stdout + done.stderr


def test_a_removed_audit_row_is_found(broken, connection):
    connection.execute(
        "CREATE TABLE kept_audit AS SELECT * FROM audit_row WHERE id = (SELECT max(last_row) FROM audit_seal)"
    )
    assert connection.execute("DELETE FROM audit_row WHERE id IN (SELECT id FROM kept_audit)").rowcount == 1
    try:
        done = broken.run("verify")
    finally:
        connection.execute("INSERT INTO audit_row SELECT * FROM kept_audit")
        connection.execute("DROP TABLE kept_audit")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "audit chain" in done.stdout + done.stderr


def test_everybody_else_cannot_even_change_it(broken):
    """What the product's own connection is refused by the database itself."""
    code = """
from django.db import connection, transaction
for sql in ("UPDATE audit_row SET action = 'x'", "DELETE FROM ledger_entry", "UPDATE ledger_transfer SET amount = 1",
            "DELETE FROM audit_seal"):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        print("CHANGED", sql)
    except Exception as error:
        print("REFUSED", type(error).__name__)
"""
    done = broken.run("shell", "-c", code)
    assert "CHANGED" not in done.stdout, done.stdout
    assert done.stdout.count("REFUSED") == 4, done.stdout + done.stderr
    verified(broken)


def test_the_books_are_whole_again_in_the_end(broken, connection):
    """Proves that each of the tests above failed for the change it made, and not for what another left."""
    assert "are right" in verified(broken)
