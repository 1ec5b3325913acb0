"""What was done or seen: recorded with its cause, for a purpose, and never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from guitai.audit import api, purposes
from guitai.audit.errors import PurposeMissing, PurposeNotReal
from guitai.audit.types import Entry, Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.kit.explain import explain, status
from tests.audit.conftest import sealed

WEN = Actor("staff", "wen")
CASE = Purpose("case", "7", "customer asks")
SUBJECT = ("operation", "1")


@pytest.fixture(autouse=True)
def only_case_seven(monkeypatch):
    monkeypatch.setattr(purposes, "_checkers", {})
    api.set_purpose_checker("case", lambda actor, purpose: (actor, purpose.id) == (WEN, "7"))


def recorded() -> list[str]:
    return [row.entry.action for row in api.entries_about(SUBJECT)]


@pytest.mark.django_db
def test_records_with_everything_that_was_said():
    entry = Entry(WEN, "operation.read", SUBJECT, CASE, {"reference": "7KMR", "数": [1, {"a": None}]})
    api.record(entry.actor, entry.action, entry.subject, purpose=CASE, details=entry.details)
    api.record(SYSTEM, "operation.settled", SUBJECT)
    newest, first = api.entries_about(SUBJECT)
    assert first.entry == entry and newest.entry == Entry(SYSTEM, "operation.settled", SUBJECT)
    assert newest.id > first.id and newest.at >= first.at


@pytest.mark.django_db
def test_staff_need_a_purpose_and_a_batch_is_all_or_nothing():
    with pytest.raises(PurposeMissing):
        api.record(WEN, "operation.read", SUBJECT)
    with pytest.raises(PurposeMissing):
        api.record_many([Entry(SYSTEM, "a", SUBJECT), Entry(WEN, "b", SUBJECT)])
    assert recorded() == []
    api.record_many([Entry(SYSTEM, "a", SUBJECT), Entry(WEN, "b", SUBJECT, CASE)])
    api.record_many([])
    assert recorded() == ["b", "a"]
    assert explain("purpose_missing", {}).code == "purpose_missing" and status("purpose_missing") == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("actor", "purpose"),
    [(WEN, Purpose("case", "8")), (WEN, Purpose("curiosity", "7")), (Actor("staff", "rao"), CASE)],
    ids=["another case", "a kind nobody answers for", "somebody else's case"],
)
def test_the_purpose_must_be_real(actor, purpose):
    with pytest.raises(PurposeNotReal):
        api.record(actor, "operation.read", SUBJECT, purpose=purpose)
    api.record(WEN, "operation.read", SUBJECT, purpose=CASE)
    api.record(Actor("customer", "1"), "operation.read", SUBJECT)
    assert len(recorded()) == 2
    assert explain("purpose_not_real", {}).code == "purpose_not_real" and status("purpose_not_real") == 403


@pytest.mark.django_db
def test_gives_the_newest_first_and_no_more_than_asked():
    api.record_many([Entry(SYSTEM, str(n), SUBJECT) for n in range(210)])
    api.record(SYSTEM, "other", ("operation", "2"))
    assert [row.entry.action for row in api.entries_about(SUBJECT, 2)] == ["209", "208"]
    assert len(api.entries_about(SUBJECT, 10_000)) == 200
    assert api.entries_about(SUBJECT, 0) == api.entries_about(SUBJECT, -1) == []


@pytest.mark.django_db(transaction=True)
def test_commits_with_its_cause_or_not_at_all():
    with pytest.raises(transaction.TransactionManagementError):
        api.record(SYSTEM, "alone", SUBJECT)
    with transaction.atomic():
        api.record(SYSTEM, "undone", SUBJECT)
        transaction.set_rollback(True)
    assert recorded() == []
    with transaction.atomic():
        api.record(SYSTEM, "done", SUBJECT)
    assert recorded() == ["done"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_row SET actor_id = 'other'",
        "DELETE FROM audit_row",
        "UPDATE audit_seal SET rows = 0",
        "DELETE FROM audit_seal",
    ],
)
def test_the_database_refuses_to_change_the_record(sql):
    with transaction.atomic():
        api.record(SYSTEM, "done", SUBJECT)
    sealed(1)
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)
    assert api.verify().problems == () and recorded() == ["done"]
