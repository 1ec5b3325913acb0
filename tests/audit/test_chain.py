"""The chain of digests: what it seals, what it leaves for later, and how every tampering shows."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from guitai.audit import api
from guitai.audit.models import AuditRow, AuditSeal
from guitai.audit.rules.chain import GENESIS, canonical, digest_of
from guitai.audit.types import Entry
from guitai.base.actor import SYSTEM
from tests.audit.conftest import sealed

pytestmark = pytest.mark.django_db(transaction=True)
SUBJECT = ("operation", "1")


def write(*actions: str) -> None:
    with transaction.atomic():
        api.record_many([Entry(SYSTEM, action, SUBJECT, details={"n": 1}) for action in actions])


@pytest.fixture
def chain():
    """Three links over six rows, and one row not yet sealed."""
    for actions in (("a", "b"), ("c",), ("d", "e", "f")):
        write(*actions)
        sealed(len(actions))
    write("tail")
    assert api.verify() == api.Findings(6, 1, ())


def behind_its_back(sql: str) -> None:
    with connection.cursor() as cursor:
        for table in ("audit_row", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            cursor.execute(sql)
            assert cursor.rowcount != 0
        finally:
            for table in ("audit_row", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_seals_what_is_there_once():
    assert api.seal() == 0
    assert api.verify() == api.Findings(0, 0, ())
    write("a", "b", "c")
    assert api.verify() == api.Findings(0, 3, ())
    sealed(3)
    assert api.seal() == 0
    assert api.verify() == api.Findings(3, 0, ())


FIELDS = [
    "actor_kind",
    "actor_id",
    "action",
    "subject_kind",
    "subject_id",
    "purpose_kind",
    "purpose_id",
    "reason",
]
TAMPERINGS = {
    **{f"{field} of a row": f"UPDATE audit_row SET {field} = 'x' WHERE action = 'b'" for field in FIELDS},
    "details of a row": """UPDATE audit_row SET details = '{"n": 2}' WHERE action = 'b'""",
    "moment of a row": "UPDATE audit_row SET at = at + interval '1 microsecond' WHERE action = 'b'",
    "transaction of a row": "UPDATE audit_row SET transaction = transaction + 1 WHERE action = 'b'",
    "id of a row": "UPDATE audit_row SET id = id + 1000 WHERE action = 'c'",
    "the first row removed": "DELETE FROM audit_row WHERE action = 'a'",
    "a row in the middle removed": "DELETE FROM audit_row WHERE action = 'e'",
    "the last sealed row removed": "DELETE FROM audit_row WHERE action = 'f'",
    "all rows removed": "DELETE FROM audit_row",
    "two rows swapped":
        "UPDATE audit_row r SET action = o.action FROM audit_row o"
        " WHERE (r.action, o.action) IN (('d', 'e'), ('e', 'd'))",
    "a row slipped in":
        "INSERT INTO audit_row (transaction, at, actor_kind, actor_id, action, subject_kind, subject_id, purpose_kind,"
        " purpose_id, reason, details) SELECT transaction, at, actor_kind, actor_id, 'made up', subject_kind,"
        " subject_id, purpose_kind, purpose_id, reason, details FROM audit_row WHERE action = 'b'",
    "the first link removed": "DELETE FROM audit_seal WHERE id = (SELECT min(id) FROM audit_seal)",
    "a link in the middle removed":
        "DELETE FROM audit_seal WHERE id NOT IN (SELECT min(id) FROM audit_seal UNION SELECT max(id) FROM audit_seal)",
    "a digest changed": "UPDATE audit_seal SET digest = sha256('x') WHERE id = (SELECT min(id) FROM audit_seal)",
    "how much a link covers": "UPDATE audit_seal SET rows = rows + 1 WHERE id = (SELECT max(id) FROM audit_seal)",
    "where a link ends": "UPDATE audit_seal SET last_row = last_row + 1 WHERE id = (SELECT max(id) FROM audit_seal)",
    "two links swapped":
        "UPDATE audit_seal s SET rows = o.rows, last_row = o.last_row, last_transaction = o.last_transaction,"
        " digest = o.digest FROM audit_seal o WHERE s.id + o.id = (SELECT min(id) + max(id) FROM audit_seal)"
        " AND s.id <> o.id",
}  # fmt: skip


@pytest.mark.parametrize("sql", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_finds_tampering(chain, sql):
    behind_its_back(sql)
    assert len(api.verify().problems) == 1


def test_a_removed_last_link_shows_as_a_tail_that_grew(chain):
    """Nothing inside a database can prove that its own end was cut off: the digest has to be kept elsewhere too."""
    behind_its_back("DELETE FROM audit_seal WHERE id = (SELECT max(id) FROM audit_seal)")
    assert api.verify() == api.Findings(3, 4, ())


def test_rows_of_open_transactions_wait_and_are_never_overtaken():
    opened, finish = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                api.record(SYSTEM, "slow", SUBJECT)
                opened.set()
                assert finish.wait(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(slow)
        assert opened.wait(10)
        write("quick")
        # The quick row is committed, but an older transaction may still write rows that come before it.
        assert api.seal() == 0 and api.verify() == api.Findings(0, 1, ())
        finish.set()
        running.result(10)
    sealed(2)
    assert api.verify() == api.Findings(2, 0, ())
    assert list(AuditRow.objects.order_by("transaction", "id").values_list("action", flat=True)) == [
        "slow",
        "quick",
    ]


def test_gaps_left_by_rolled_back_rows_are_no_tampering():
    write("a")
    with transaction.atomic():
        api.record(SYSTEM, "undone", SUBJECT)
        transaction.set_rollback(True)
    write("b")
    sealed(2)
    ids = list(AuditRow.objects.order_by("id").values_list("id", flat=True))
    assert ids[1] - ids[0] == 2
    assert api.verify() == api.Findings(2, 0, ())


def test_two_sealers_at_once_make_one_chain():
    gate = threading.Barrier(4)

    def work(seals: bool):
        try:
            gate.wait(10)
            for number in range(15):
                _ = api.seal() if seals else write(f"row {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(work, seals) for seals in (True, True, False, False)]:
            future.result(60)
    sealed(30 - sum(AuditSeal.objects.values_list("rows", flat=True)))
    assert api.verify() == api.Findings(30, 0, ())
    assert sum(AuditSeal.objects.values_list("rows", flat=True)) == 30


def test_a_link_takes_only_so_many_rows(monkeypatch):
    monkeypatch.setattr("guitai.audit.flows.seal._LINK_ROWS_MAX", 2)
    write("a", "b", "c")
    write("d", "e")
    for count in (2, 2, 1, 0):
        sealed(count)
    assert api.verify() == api.Findings(5, 0, ())


def test_the_digest_depends_on_every_part_and_their_order():
    one, two = {"id": 1, "reason": "a"}, {"id": 2, "reason": "b"}
    digests = {
        digest_of(GENESIS, [one, two]), digest_of(GENESIS, [two, one]), digest_of(GENESIS, [one]),
        digest_of(bytes(31) + b"\x01", [one, two]), digest_of(GENESIS, [one, {**two, "reason": "c"}]),
        digest_of(GENESIS, []), digest_of(digest_of(GENESIS, [one]), [two]),
    }  # fmt: skip
    assert len(digests) == 7 and {len(digest) for digest in digests} == {32}
    assert canonical({"b": 1, "a": "数"}) == '{"a":"数","b":1}'.encode()
