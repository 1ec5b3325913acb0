"""Fit for tables that are spread over servers: what Citus refuses does not stand in this room."""

import ast
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models, transaction

import guitai.ledger
from guitai.ledger import api, locking
from tests.ledger.conftest import ALICE, BANK, BOB, CHART, hold, post, take, transfer

_ROOM = Path(guitai.ledger.__file__).parent
# By which column each table would be spread; accounts and entries by the same, so that they lie together.
SPREAD_BY = {
    "ledger_account": "id", "ledger_entry": "account_id", "ledger_transfer": "id", "ledger_pending": "transfer_id",
    "ledger_failed_transfer": "id",
}  # fmt: skip
_SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|COPY|TRUNCATE|MERGE|LOCK TABLE)\b")
# A multi-shard SELECT may not lock; the triggers, cursors and sequences of a server know nothing of the others.
_REFUSED = re.compile(
    r"\b(FOR (NO KEY |KEY )?(UPDATE|SHARE)|CREATE TRIGGER|DECLARE \w+ CURSOR|nextval|MERGE|LOCK TABLE)\b"
)


def statements() -> list[tuple[str, str]]:
    """Each piece of SQL of this room outside its migrations, with its file."""
    found = []
    for path in sorted(_ROOM.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.search(node.value):
                found.append((path.name, node.value))
            elif isinstance(node, ast.JoinedStr):
                text = "".join(str(p.value) if isinstance(p, ast.Constant) else "?" for p in node.values)
                found += [(path.name, text)] if _SQL.search(text) else []
    return found


def test_only_the_ordered_lock_holds_what_citus_refuses():
    refused = {(name, text) for name, text in statements() if _REFUSED.search(text)}
    assert {name for name, _ in refused} == {"locking.py"}
    assert all(locking.ORDERED.endswith(text[-20:]) for _, text in refused if "SELECT" in text)
    assert not _REFUSED.search(locking.UNORDERED) and len(statements()) > 25


def test_every_unique_key_holds_the_column_its_table_is_spread_by(db):
    with connection.cursor() as cursor:
        for model in apps.get_app_config("ledger").get_models():
            column = SPREAD_BY[model._meta.db_table]
            constraints = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
            assert all(column in c["columns"] for c in constraints if c["unique"] or c["primary_key"])
            assert not any(c["foreign_key"] for c in constraints)
            assert not any(isinstance(f, models.ForeignKey) for f in model._meta.get_fields())


@pytest.fixture
def serial():
    locking.choose("serial")
    yield
    locking.choose("rows")


@pytest.mark.django_db(transaction=True)
def test_posters_that_take_turns_lose_nothing(serial):
    with transaction.atomic():
        api.create_accounts(CHART)
    assert post(transfer(BANK, ALICE, 1_000), transfer(BANK, BOB, 1_000)) == ["created"] * 2
    gate = threading.Barrier(4)

    def work() -> list[str]:
        try:
            gate.wait(10)
            results = []
            for _ in range(10):
                held = hold(ALICE, BOB, 1)
                results += post(transfer(ALICE, BOB, 2), transfer(BOB, ALICE, 2), held)
                results += post(take(held))
            return results
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        results = [r for future in [pool.submit(work) for _ in range(4)] for r in future.result(60)]
    assert results == ["created"] * 4 * 10 * 4
    assert api.verify() == []
