"""Tier 1: who may declare which document, and one document to one person."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from guitai.audit import api as audit
from guitai.base import clock
from guitai.base.actor import Actor
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.kit.models import Topic
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.identity_policy import IdentityPolicy
from guitai.people.models import IdentityDocument
from guitai.people.types import IdentityClaim
from tests.people.identity_support import LIN, NUMBER, OTHER_NUMBER, PASSPORT, customer, tier_one

pytestmark = pytest.mark.django_db
OTHER_PHONE = "+8613900139000"


def refused(code: str, work) -> Refusal:
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.code == code, caught.value.facts
    return caught.value


def test_tier_one_by_name_and_number():
    person = customer()
    assert people.identity(person).tier == 0 and people.identity(person).kind is None
    own = people.declare_identity(person, replace(LIN, number="110105 19491231 002x"))
    assert (own.tier, own.number, own.name, own.tier_max) == (1, "1****************X", "林月", 2)
    assert people.profile(person, purpose=None).tier == 1 and people.standing(person).tier == 1
    row = IdentityDocument.objects.get()
    assert (
        NUMBER.encode() not in bytes(row.number_sealed) and row.number == NUMBER and row.birth == "1949-12-31"
    )
    actions = [recorded.entry.action for recorded in audit.entries_about(("person", str(person)))]
    assert "person.identity_declared" in actions
    assert any(item.kind == "people.identity_declared" for item in notify.inbox(person).items)
    assert Topic.objects.filter(name="person.identity_declared", payload__person=str(person)).exists()
    assert NUMBER not in str([entry.entry.details for entry in audit.entries_about(("person", str(person)))])


def test_the_name_in_the_document_is_the_name_of_the_wallet():
    person = customer(name="Yue")
    people.declare_identity(person, LIN)
    assert people.profile(person, purpose=None).name == "林月"


def test_a_document_confirms_one_person_and_nobody_learns_whose_it_is():
    holder, other = tier_one(), customer(OTHER_PHONE, "Somebody")
    refusal = refused("document_taken", lambda: people.declare_identity(other, replace(LIN, name="Somebody")))
    assert refusal.facts == {} and people.identity(other).tier == 0
    assert people.profile(other, purpose=None).name == "Somebody", "nothing of the attempt remains"
    topic = Topic.objects.get(name="person.document_taken")
    assert topic.payload == {"person": str(other), "holder": str(holder)}, "whoever judges risk is told"
    assert people.declare_identity(other, replace(LIN, number=OTHER_NUMBER, name="Somebody")).tier == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_with_one_document_at_once():
    persons = [customer(), customer(OTHER_PHONE, "Somebody"), customer("+8613700137000", "Third")]
    gate = threading.Barrier(len(persons))

    def declare(person):
        try:
            gate.wait(10)
            people.declare_identity(person, LIN)
            return "taken"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(persons)) as pool:
        outcomes = sorted(pool.map(declare, persons))
    assert outcomes == ["document_taken", "document_taken", "taken"]
    assert IdentityDocument.objects.filter(state="current").count() == 1
    assert sorted(people.identity(person).tier for person in persons) == [0, 0, 1]


def test_a_passport_needs_what_its_number_does_not_say():
    person = customer(name="Maya Patel")
    refused("birth_date_needed", lambda: people.declare_identity(person, replace(PASSPORT, birth=None)))
    refused("expiry_needed", lambda: people.declare_identity(person, replace(PASSPORT, expires_on=None)))
    with clock.stopped(datetime(2026, 11, 22, tzinfo=UTC)):
        past = replace(PASSPORT, expires_on=date(2026, 11, 22))
        refused("document_expired", lambda: people.declare_identity(person, past))
        assert people.declare_identity(person, PASSPORT).tier == 1


def test_the_birth_date_given_and_the_number_agree():
    person = customer()
    refused(
        "document_invalid", lambda: people.declare_identity(person, replace(LIN, birth=date(1949, 12, 30)))
    )
    assert people.declare_identity(person, replace(LIN, birth=date(1949, 12, 31))).tier == 1


def test_minors_by_policy():
    with clock.stopped(datetime(2026, 11, 22, tzinfo=UTC)):
        person = customer(name="Maya Patel")
        young = replace(PASSPORT, birth=date(2012, 11, 23))
        assert refused("too_young", lambda: people.declare_identity(person, young)).facts == {"minimum": 14}
        own = people.declare_identity(person, replace(PASSPORT, birth=date(2012, 11, 22)))
        assert (own.tier, own.minor, own.tier_max) == (1, True, 1)
    with clock.stopped(datetime(2030, 11, 22, tzinfo=UTC)):
        assert people.identity(person).tier_max == 2, "of age, the way up is open"


def test_what_was_declared_can_be_corrected_until_it_is_confirmed():
    person = tier_one()
    people.declare_identity(person, replace(LIN, number=OTHER_NUMBER))
    assert people.identity(person).number.startswith("4")
    other = customer(OTHER_PHONE, "林月")
    assert people.declare_identity(other, LIN).tier == 1, "the number that was wrong is free again"


def test_a_frozen_wallet_declares_nothing():
    person = customer()
    people.freeze_self(person, proof="session")
    refused("frozen", lambda: people.declare_identity(person, LIN))


def test_tries_are_few():
    person = customer()
    with clock.stopped(datetime(2026, 11, 22, tzinfo=UTC)):
        for _ in range(5):
            refused("document_invalid", lambda: people.declare_identity(person, replace(LIN, number="1")))
        refused("too_many_attempts", lambda: people.declare_identity(person, LIN))
    with clock.stopped(datetime(2026, 11, 23, tzinfo=UTC)):
        assert people.declare_identity(person, LIN).tier == 1


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("002X", True), ("002x", True), ("231002X", True), ("00 2X", True), ("００２Ｘ", True), ("1231002X", True),
        ("0021", False), ("02X", False), ("", False), (NUMBER, False), ("X", False), ("数据数据", False),
    ],
)  # fmt: skip
def test_the_end_of_a_document(typed, right):
    person, nobody = tier_one(), customer(OTHER_PHONE, "Somebody")
    assert people.document_end_matches(person, typed) is right
    assert people.document_end_matches(nobody, typed) is False


def test_an_ended_document_lowers_the_tier_and_a_new_one_raises_it_again():
    policies.publish("identity", IdentityPolicy(expired_tier=0), Actor("system", "test"))
    person = tier_one(claim=PASSPORT)
    document = IdentityDocument.objects.get()
    IdentityDocument.objects.update(verified_at=document.given_at)
    from guitai.people.flows.identity_expiry import check_expiries

    with clock.stopped(datetime(2034, 11, 1, tzinfo=UTC)):
        assert check_expiries() == (0, 0)
        refused("identity_confirmed", lambda: people.declare_identity(person, PASSPORT))
    with clock.stopped(datetime(2034, 12, 5, tzinfo=UTC)):
        assert check_expiries() == (1, 0) and check_expiries() == (0, 0), "warned once"
        assert people.identity(person).ends_soon
    with clock.stopped(datetime(2035, 1, 1, tzinfo=UTC)):
        assert check_expiries() == (0, 1) and check_expiries() == (0, 0)
        assert people.identity(person).tier == 0
        kinds = {item.kind for item in notify.inbox(person).items}
        assert {"people.identity_ends", "people.identity_ended"} <= kinds
        newer = replace(PASSPORT, number="123456789", expires_on=date(2040, 1, 1))
        assert people.declare_identity(person, newer).tier == 1


def test_a_confirmed_name_changes_only_with_staff():
    person = tier_one(claim=PASSPORT)
    soon = datetime(2034, 12, 20, tzinfo=UTC)
    IdentityDocument.objects.update(verified_at=soon - timedelta(days=900))
    with clock.stopped(soon):
        newer = replace(PASSPORT, number="123456789", expires_on=date(2040, 1, 1))
        refused(
            "identity_name_differs", lambda: people.declare_identity(person, replace(newer, name="Eve Adams"))
        )
        assert people.declare_identity(person, replace(newer, name="PATEL MAYA")).tier == 1


@pytest.mark.parametrize("claim", [IdentityClaim("national_id", "CN", "<b>", "x"), replace(LIN, name="123")])
def test_rubbish_is_refused_before_anything_is_written(claim):
    person = customer()
    with pytest.raises(Refusal):
        people.declare_identity(person, claim)
    assert not IdentityDocument.objects.exists() and people.identity(person).tier == 0
