"""Tampering. The database refuses it; done behind the database's back, `verify` finds it."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from guitai.base import clock
from guitai.ledger import api, poster
from guitai.ledger.types import NewAccount, TransferFlag
from tests.ledger.conftest import ALICE, BANK, BOB, NOON, OWNER, YEN, give_back, hold, post, take, transfer

OPEN, CLOSED = UUID(int=0xA8), UUID(int=0xA9)

_GUARDED = ("ledger_account", "ledger_transfer", "ledger_entry", "ledger_pending", "ledger_failed_transfer")
_CONSTRAINTS = (
    "ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_debits_within_credits",
    "ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_credits_within_debits",
    "ALTER TABLE ledger_pending DROP CONSTRAINT ledger_pending_known_fate",
)


@pytest.fixture
def story(chart):
    """One of everything: a transfer, a reservation posted in part, voided, expired and open, a burnt id, an account
    that is closed."""
    with transaction.atomic():
        api.create_accounts([NewAccount(account, OWNER, 1, "JPY") for account in (OPEN, CLOSED)])
    with clock.stopped(NOON):
        part, back, late, still = (
            hold(amount=50),
            hold(amount=40),
            hold(amount=30, expires_at=NOON),
            hold(amount=20),
        )
        assert post(transfer(BANK, ALICE, 1_000), transfer(ALICE, BOB, 100), part, back, late, still,
                    take(part, 45), give_back(back)) == ["created"] * 8  # fmt: skip
        assert post(transfer(ALICE, BOB, 5_000)) == ["exceeds_credits"]
        assert post(hold(OPEN, CLOSED, 0, currency="JPY", flags=TransferFlag.CLOSING_CREDIT)) == ["created"]
    with clock.stopped(NOON + timedelta(minutes=1)), transaction.atomic():
        assert poster.expire() == [late.id]
    assert api.verify() == []
    return {"part": part.id, "back": back.id, "late": late.id, "still": still.id, "alice": ALICE, "bob": BOB,
            "bank": BANK, "yen": YEN, "shut": CLOSED}  # fmt: skip


def behind_its_back(sql: str, names: dict) -> None:
    with connection.cursor() as cursor:
        for table in _GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for constraint in _CONSTRAINTS:
            cursor.execute(constraint)
        cursor.execute(sql, names)
        assert cursor.rowcount != 0


TAMPERINGS = {
    "a balance": "UPDATE ledger_account SET credits_posted = credits_posted + 1 WHERE id = %(bob)s",
    "two balances, so that the sum still holds":
        "UPDATE ledger_account SET credits_posted = credits_posted + 1, debits_posted = debits_posted + 1"
        " WHERE id = %(bob)s",
    "a balance and its last entry":
        "WITH a AS (UPDATE ledger_account SET credits_posted = credits_posted + 1 WHERE id = %(bob)s"
        " RETURNING id, version) UPDATE ledger_entry e SET credits_posted = e.credits_posted + 1, amount = amount + 1"
        " FROM a WHERE e.account_id = a.id AND e.seq = a.version",
    "a version": "UPDATE ledger_account SET version = version + 1 WHERE id = %(bob)s",
    "the currency of an account": "UPDATE ledger_account SET currency = 'USD' WHERE id = %(bob)s",
    "the book of an account": "UPDATE ledger_account SET book = 'test' WHERE id = %(bob)s",
    "a limit that was not there": "UPDATE ledger_account SET flags = 4 WHERE id = %(alice)s",
    "when an account last recorded something":
        "UPDATE ledger_account SET recorded_at = recorded_at + interval '1 hour' WHERE id = %(bob)s",
    "a closed account opened": "UPDATE ledger_account SET flags = 0 WHERE id = %(shut)s",
    "an account removed": "DELETE FROM ledger_account WHERE id = %(bob)s",
    "the last entry removed":
        "DELETE FROM ledger_entry e USING ledger_account a"
        " WHERE a.id = %(bob)s AND e.account_id = a.id AND e.seq = a.version",
    "an entry in the middle removed": "DELETE FROM ledger_entry WHERE account_id = %(alice)s AND seq = 2",
    "the amount of an entry": "UPDATE ledger_entry SET amount = amount + 1 WHERE account_id = %(bob)s AND seq = 1",
    "what an old entry says was posted":
        "UPDATE ledger_entry SET credits_posted = credits_posted + 1, debits_posted = debits_posted + 1"
        " WHERE account_id = %(alice)s AND seq = 2",
    "what an old entry says was reserved":
        "UPDATE ledger_entry SET debits_pending = debits_pending + 1 WHERE account_id = %(alice)s AND seq = 4",
    "when an entry was recorded":
        "UPDATE ledger_entry SET recorded_at = recorded_at + interval '1 hour'"
        " WHERE account_id = %(alice)s AND seq = 2",
    "whose an entry is": "UPDATE ledger_entry SET account_id = %(yen)s WHERE account_id = %(bob)s AND seq = 1",
    "which transfer an entry is of":
        "UPDATE ledger_entry SET transfer_id = gen_random_uuid() WHERE account_id = %(bob)s AND seq = 1",
    "the amount of a transfer": "UPDATE ledger_transfer SET amount = amount + 1 WHERE credit_account = %(alice)s",
    "the direction of a transfer":
        "UPDATE ledger_transfer SET debit_account = credit_account, credit_account = debit_account"
        " WHERE credit_account = %(alice)s",
    "the currency of a transfer": "UPDATE ledger_transfer SET currency = 'USD' WHERE credit_account = %(alice)s",
    "the kind of movement": "UPDATE ledger_transfer SET flags = flags | 2 WHERE credit_account = %(alice)s",
    "when a transfer was recorded":
        "UPDATE ledger_transfer SET recorded_at = recorded_at - interval '1 hour' WHERE credit_account = %(alice)s",
    "a transfer removed": "DELETE FROM ledger_transfer WHERE credit_account = %(alice)s",
    "a transfer made up":
        "INSERT INTO ledger_transfer SELECT gen_random_uuid(), book, debit_account, credit_account, amount, currency,"
        " kind, flags, pending_id, expires_at, effective_at, recorded_at FROM ledger_transfer"
        " WHERE credit_account = %(alice)s",
    "the amount of a reservation": "UPDATE ledger_pending SET amount = amount + 1 WHERE transfer_id = %(still)s",
    "the deadline of a reservation":
        "UPDATE ledger_pending SET expires_at = '2030-01-01Z' WHERE transfer_id = %(still)s",
    "a posted one reopened":
        "UPDATE ledger_pending SET state = 'pending', resolved_by = NULL WHERE transfer_id = %(part)s",
    "a posted one called voided": "UPDATE ledger_pending SET state = 'voided' WHERE transfer_id = %(part)s",
    "a voided one called expired": "UPDATE ledger_pending SET state = 'expired' WHERE transfer_id = %(back)s",
    "an expired one reopened":
        "UPDATE ledger_pending SET state = 'pending', resolved_by = NULL WHERE transfer_id = %(late)s",
    "an open one called posted":
        "UPDATE ledger_pending SET state = 'posted', resolved_by = transfer_id WHERE transfer_id = %(still)s",
    "who resolved it": "UPDATE ledger_pending SET resolved_by = gen_random_uuid() WHERE transfer_id = %(part)s",
    "a fate nobody knows": "UPDATE ledger_pending SET state = 'lost' WHERE transfer_id = %(still)s",
    "a reservation removed": "DELETE FROM ledger_pending WHERE transfer_id = %(still)s",
    "a reservation made up":
        "INSERT INTO ledger_pending (transfer_id, state, amount) VALUES (gen_random_uuid(), 'pending', 1)",
    "what a resolution resolves":
        "UPDATE ledger_transfer SET pending_id = %(still)s WHERE pending_id = %(part)s",
    "how much a resolution took":
        "UPDATE ledger_transfer SET amount = 51 WHERE pending_id = %(part)s",
}  # fmt: skip


@pytest.mark.parametrize("sql", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_finds_tampering(story, sql):
    behind_its_back(sql, story)
    assert api.verify() != []


def test_finds_an_account_spent_beyond_its_limit(story):
    behind_its_back("UPDATE ledger_account SET flags = 0 WHERE id = %(bob)s", story)
    assert post(transfer(BOB, ALICE, 10_000)) == ["created"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_account SET flags = 2 WHERE id = %s", [BOB])
    assert api.verify() == [f"ledger: account {BOB} was overdrawn"]


REFUSED = {
    name: sql
    for name, sql in TAMPERINGS.items()
    if not name.startswith(("a balance", "two balances", "a version", "when an account", "a closed account",
                            "a transfer made up", "a reservation made up",
                            "an open one called posted"))
} | {
    "a burnt id revived": "DELETE FROM ledger_failed_transfer",
    "overdrawn": "UPDATE ledger_account SET debits_posted = credits_posted + 1 WHERE id = %(bob)s",
    "overdrawn by a reservation": "UPDATE ledger_account SET debits_pending = credits_posted + 1 WHERE id = %(bob)s",
    "negative": "UPDATE ledger_account SET debits_posted = -1 WHERE id = %(bob)s",
    "an older version": "UPDATE ledger_account SET version = version - 1 WHERE id = %(bob)s",
    "another owner": "UPDATE ledger_account SET owner = gen_random_uuid() WHERE id = %(bob)s",
}  # fmt: skip


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED.keys())
def test_the_database_refuses_it(story, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, story)
    assert api.verify() == []
