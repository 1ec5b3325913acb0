"""Accounts that withdrawals may go to: whose, from when, and what others learn of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.kit import policies
from guitai.kit.models import Topic
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.identity_policy import BindingPolicy
from guitai.people.models import Binding
from guitai.people.types import AccountClaim, Proof
from tests.people.identity_support import (
    BY_PIN,
    CARD,
    LIN,
    OTHER_CARD,
    OTHER_NUMBER,
    PASSPORT,
    PASSWORD,
    card,
    customer,
    tier_one,
)

pytestmark = pytest.mark.django_db
OTHER_PHONE = "+8613900139000"
PAYOUT = Purpose("payout", "WD1")


def refused(code: str, work) -> Refusal:
    with pytest.raises(Refusal) as caught:
        work()
    assert caught.value.code == code, caught.value.facts
    return caught.value


@pytest.mark.parametrize("proof", [BY_PIN, Proof(password=PASSWORD)])
def test_binds_a_card_of_ones_own(proof):
    person = tier_one()
    with clock.stopped(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        bound = people.bind_account(person, replace(card(), number="6222 0212 3456 7890 128"), proof)
        assert (bound.masked, bound.bank, bound.country, bound.name_match) == (
            "**** 0128",
            "Bank of Tea",
            "CN",
            "same",
        )
        assert bound.usable_at - bound.bound_at == timedelta(hours=24) and not bound.usable
        assert people.bindings(person) == [bound] and people.binding(person, bound.id) == bound
    with clock.stopped(datetime(2026, 11, 23, 12, tzinfo=UTC)):
        assert people.binding(person, bound.id).usable
    row = Binding.objects.get()
    assert CARD.encode() not in bytes(row.number_sealed) and row.number == CARD
    assert any(item.kind == "people.account_bound" for item in notify.inbox(person).items)
    assert Topic.objects.get(name="person.account_bound").payload == {
        "person": str(person),
        "account": str(bound.id),
    }
    entries = audit.entries_about(("person", str(person)))
    assert entries[0].entry.action == "person.account_bound" and CARD not in str([e.entry for e in entries])


def test_the_rail_reads_the_number_for_a_purpose_and_the_look_is_recorded():
    person = tier_one()
    bound = people.bind_account(person, card(), BY_PIN)
    full = people.account_details(bound.id, purpose=PAYOUT)
    assert (full.number, full.holder, full.code, full.kind) == (CARD, "林月", "", "cn_card")
    assert people.name_of(person, purpose=PAYOUT) == "林月"
    actions = [recorded.entry.action for recorded in audit.entries_about(("person", str(person)), 2)]
    assert actions == ["person.name_read", "person.account_read"]
    with pytest.raises(Refusal):
        people.account_details(bound.id, purpose=PAYOUT, reader=Actor("staff", "x"))
    us = people.bind_account(person, AccountClaim("us_account", "0123456789", "Lin Yue", "111000025"), BY_PIN)
    details = people.account_details(us.id, purpose=PAYOUT)
    assert (details.code, details.number, us.name_match) == ("111000025", "0123456789", "close")


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (card(number="6222021234567890127"), "account_invalid"),
        (card(number="4242424242424242"), "card_not_supported"),
        (card(holder="Somebody Else"), "account_name_differs"),
        (card(holder=""), "name_missing"),
        (AccountClaim("iban", "GB29NWBK60161331926818", "林月"), "account_invalid"),
        (AccountClaim("shell", "1", "林月"), "account_invalid"),
    ],
)
def test_refuses_what_is_not_an_account_of_ones_own(claim, code):
    person = tier_one()
    refused(code, lambda: people.bind_account(person, claim, BY_PIN))
    assert not Binding.objects.exists() and people.bind_account(person, card(), BY_PIN)


def test_a_close_name_is_enough_only_by_policy():
    person = tier_one()
    claim = AccountClaim("iban", "GB29NWBK60161331926819", "YUE LIN")
    policies.publish("bindings", BindingPolicy(close_names=False), Actor("system", "test"))
    refused("account_name_differs", lambda: people.bind_account(person, claim, BY_PIN))
    policies.publish("bindings", BindingPolicy(), Actor("system", "test"))
    assert people.bind_account(person, claim, BY_PIN).name_match == "close"


def test_nobody_binds_before_they_have_said_who_they_are_or_while_frozen():
    person = customer()
    assert refused("identity_needed", lambda: people.bind_account(person, card(), BY_PIN)).facts == {
        "tier": 1
    }
    people.declare_identity(person, LIN)
    people.freeze_self(person, proof="session")
    refused("frozen", lambda: people.bind_account(person, card(), BY_PIN))
    assert not Binding.objects.exists()


def test_asks_for_a_proof_and_counts_wrong_ones():
    person = tier_one()
    refused("proof_needed", lambda: people.bind_account(person, card(), Proof()))
    refused("password_wrong", lambda: people.bind_account(person, card(), Proof(password="wrong")))
    for left in (4, 3, 2, 1):
        wrong = refused("pin_wrong", lambda: people.bind_account(person, card(), Proof(pin="111111")))
        assert wrong.facts["attempts_left"] == left
    refused("pin_locked", lambda: people.bind_account(person, card(), Proof(pin="111111")))
    refused("pin_locked", lambda: people.bind_account(person, card(), BY_PIN))
    assert people.bind_account(person, card(), Proof(password=PASSWORD)).usable is False


def test_unbinding_asks_for_a_proof_and_lets_the_account_be_bound_again():
    person, other = tier_one(), tier_one(OTHER_PHONE, replace(LIN, number=OTHER_NUMBER))
    bound = people.bind_account(person, card(), BY_PIN)
    refused("already_bound", lambda: people.bind_account(person, card(), BY_PIN))
    with pytest.raises(NotFound):
        people.unbind(other, bound.id, BY_PIN)
    refused("proof_needed", lambda: people.unbind(person, bound.id, Proof()))
    people.unbind(person, bound.id, BY_PIN)
    assert people.bindings(person) == []
    with pytest.raises(NotFound):
        people.binding(person, bound.id)
    assert people.account_details(bound.id, purpose=PAYOUT).number == CARD, "what is on its way still arrives"
    again = people.bind_account(person, card(), BY_PIN)
    assert again.id != bound.id and not again.usable
    assert any(item.kind == "people.account_unbound" for item in notify.inbox(person).items)


def test_one_account_of_two_persons_is_seen_by_risk_and_by_nobody_else():
    first, second = tier_one(), tier_one(OTHER_PHONE, replace(LIN, number=OTHER_NUMBER))
    bound = people.bind_account(first, card(), BY_PIN)
    assert not Topic.objects.filter(name="person.account_shared").exists()
    shared = people.bind_account(second, card(), BY_PIN)
    assert people.account_holders(shared.id) == [first] and people.account_holders(bound.id) == [second]
    topic = Topic.objects.get(name="person.account_shared")
    assert topic.payload == {"person": str(second), "account": str(shared.id), "others": [str(first)]}
    people.unbind(first, bound.id, BY_PIN)
    assert people.account_holders(shared.id) == [first], "who had it counts"
    assert people.binding(second, shared.id).masked == bound.masked


def test_there_are_only_so_many_accounts():
    policies.publish("bindings", BindingPolicy(accounts=1), Actor("system", "test"))
    person = tier_one()
    people.bind_account(person, card(), BY_PIN)
    assert refused(
        "too_many_bindings", lambda: people.bind_account(person, card(OTHER_CARD), BY_PIN)
    ).facts == {"maximum": 1}


@pytest.mark.django_db(transaction=True)
def test_the_same_account_twice_at_once_is_bound_once():
    person, gate = tier_one(), threading.Barrier(4)

    def bind(_):
        try:
            gate.wait(10)
            people.bind_account(person, card(), Proof(password=PASSWORD))
            return "bound"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(bind, range(4)))
    assert outcomes == ["already_bound"] * 3 + ["bound"] and Binding.objects.count() == 1


def test_an_account_is_confirmed_once():
    person = tier_one()
    bound = people.bind_account(person, card(), BY_PIN)
    assert people.binding(person, bound.id).confirmed_at is None
    people.confirm_account(bound.id, "small_amount:WD1")
    first = people.binding(person, bound.id).confirmed_at
    people.confirm_account(bound.id, "small_amount:WD2")
    assert first is not None and people.binding(person, bound.id).confirmed_at == first


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("0128", True), ("9 0128", True), ("90128", True), ("０１２８", True), ("6819", True), ("0127", False),
        ("128", False), ("", False), (CARD, False), ("BK60", False),
    ],
)  # fmt: skip
def test_the_end_of_a_bound_account(typed, right):
    person = tier_one(claim=PASSPORT)
    people.bind_account(person, card(holder="Maya Patel"), BY_PIN)
    people.bind_account(person, AccountClaim("iban", "GB29NWBK60161331926819", "Maya Patel"), BY_PIN)
    nobody = customer(OTHER_PHONE, "Somebody")
    assert people.card_end_matches(person, typed) is right
    assert people.card_end_matches(nobody, typed) is False
    for bound in people.bindings(person):
        people.unbind(person, bound.id, BY_PIN)
    assert people.card_end_matches(person, typed) is False


def test_tries_are_few():
    person = tier_one()
    with clock.stopped(datetime(2026, 11, 22, tzinfo=UTC)):
        for _ in range(20):
            refused("account_invalid", lambda: people.bind_account(person, card("1"), BY_PIN))
        refused("too_many_attempts", lambda: people.bind_account(person, card(), BY_PIN))
