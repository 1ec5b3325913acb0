"""Reservations: posted, voided or expired, and only once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction

from guitai.base import clock
from guitai.ledger import api, poster
from guitai.ledger.types import TransferFlag
from tests.ledger.conftest import (
    ALICE,
    BANK,
    BOB,
    NOON,
    SHUT,
    balances,
    give_back,
    hold,
    post,
    take,
    transfer,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("books")
LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("resolution", "alice", "bob"),
    [
        (take, (0, 400, 0, 1_000), (0, 0, 0, 400)),
        (lambda held: take(held, 400), (0, 400, 0, 1_000), (0, 0, 0, 400)),
        (lambda held: take(held, 1), (0, 1, 0, 1_000), (0, 0, 0, 1)),
        (give_back, (0, 0, 0, 1_000), (0, 0, 0, 0)),
        (lambda held: give_back(held, 400), (0, 0, 0, 1_000), (0, 0, 0, 0)),
        (
            lambda held: take(held, debit=ALICE, credit=BOB, currency="CNY"),
            (0, 400, 0, 1_000),
            (0, 0, 0, 400),
        ),
    ],
    ids=["whole", "whole by amount", "part", "back", "back by amount", "accounts named"],
)
@pytest.mark.parametrize("together", [True, False], ids=["same batch", "later"])
def test_resolves(resolution, alice, bob, together):
    held = hold(amount=400)
    resolved = resolution(held)
    if together:
        assert post(held, resolved) == ["created", "created"]
    else:
        assert post(held) == ["created"]
        assert balances(ALICE) == (400, 0, 0, 1_000) and balances(BOB) == (0, 0, 400, 0)
        assert post(resolved) == ["created"]
    assert balances(ALICE) == alice and balances(BOB) == bob


@pytest.mark.parametrize(
    ("resolution", "result"),
    [
        (lambda held: replace(take(held), id=held.id), "exists_with_different_flags"),
        (lambda held: take(held, debit=BOB), "pending_transfer_has_different_debit_account_id"),
        (lambda held: take(held, credit=ALICE), "pending_transfer_has_different_credit_account_id"),
        (lambda held: take(held, currency="JPY"), "pending_transfer_has_different_ledger"),
        (lambda held: take(held, book="test"), "pending_transfer_has_different_ledger"),
        (lambda held: take(held, 401), "exceeds_pending_transfer_amount"),
        (lambda held: give_back(held, 401), "exceeds_pending_transfer_amount"),
        (lambda held: give_back(held, 399), "pending_transfer_has_different_amount"),
        (lambda held: take(held, -5), "amount_must_not_be_negative"),
        (take, "created"),
    ],
)
def test_a_resolution_must_fit(resolution, result):
    held = hold(amount=400)
    assert post(held, resolution(held)) == ["created", result]


def test_only_a_reservation_can_be_resolved_and_not_by_itself():
    plain = transfer(ALICE, BOB, 5)
    assert post(plain, take(plain)) == ["created", "pending_transfer_not_pending"]
    itself = take(plain)
    assert post(replace(itself, pending_id=itself.id)) == ["pending_id_must_be_different"]


@pytest.mark.parametrize("together", [True, False], ids=["same batch", "later"])
def test_resolves_at_most_once(together):
    taken, returned = hold(amount=10), hold(amount=20)
    rest = [
        take(taken),
        give_back(taken),
        take(taken),
        give_back(returned),
        take(returned),
        give_back(returned),
    ]
    results = ["created", "pending_transfer_already_posted", "pending_transfer_already_posted",
               "created", "pending_transfer_already_voided", "pending_transfer_already_voided"]  # fmt: skip
    if together:
        assert post(taken, returned, *rest) == ["created", "created", *results]
    else:
        post(taken, returned)
        assert [post(item)[0] for item in rest] == results


def test_what_is_reserved_cannot_be_spent():
    assert post(hold(amount=600), transfer(ALICE, BOB, 500), transfer(ALICE, BOB, 400)) == [
        "created",
        "exceeds_credits",
        "created",
    ]


def test_a_closed_account_can_be_given_back_but_not_taken_from():
    held, other = hold(amount=10), hold(amount=20)
    post(held, other)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_account SET flags = flags | 32 WHERE id = %s", [ALICE])
    assert post(take(held), give_back(other)) == ["debit_account_already_closed", "created"]
    assert post(transfer(SHUT, BOB)) == ["debit_account_already_closed"]


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_reservation_counts_as_expired_from_its_deadline_job_or_no_job(seconds):
    held = hold(amount=400, expires_at=LATER)
    with clock.stopped(NOON):
        assert post(held) == ["created"]
    expected = "created" if seconds < 0 else "pending_transfer_expired"
    with clock.stopped(LATER + timedelta(seconds=seconds)):
        assert post(take(held)) == [expected]


def expire(limit: int = 500) -> list:
    with transaction.atomic():
        return poster.expire(limit)


def test_expiry_gives_back_once_and_only_what_is_due():
    due, open_ended = hold(amount=100, expires_at=LATER), hold(amount=25)
    early = hold(amount=50, expires_at=LATER + timedelta(days=1))
    with clock.stopped(NOON):
        post(due, early, open_ended)
        assert expire() == []
    with clock.stopped(LATER):
        assert expire() == [due.id]
        assert expire() == []
        assert balances(ALICE) == (75, 0, 0, 1_000) and balances(BOB) == (0, 0, 75, 0)
        assert post(give_back(due), take(due)) == ["pending_transfer_expired"] * 2
        assert post(take(early), take(open_ended)) == ["created", "created"]
    assert [line.seq for line in api.entries(ALICE)] == [1, 2, 3, 4, 5, 6, 7]


def test_expiry_takes_the_oldest_first_and_no_more_than_asked():
    held = [hold(amount=1, expires_at=LATER + timedelta(seconds=n)) for n in (2, 0, 1)]
    with clock.stopped(NOON):
        post(*held)
    with clock.stopped(LATER + timedelta(days=1)):
        assert expire(2) == [held[1].id, held[2].id]
        assert expire(2) == [held[0].id]


def test_balance_at_a_past_moment_by_recording_and_by_effect():
    with clock.stopped(LATER):
        post(transfer(ALICE, BOB, 100, effective_at=NOON), transfer(ALICE, BOB, 10), hold(amount=7))
    assert api.balance_at(BOB, NOON) == 0 and api.balance_at(BOB, NOON, "effective") == 100
    assert api.balance_at(BOB, LATER) == 110 and api.balance_at(BOB, LATER, "effective") == 110
    with pytest.raises(api.reads.AccountNotFound):
        api.balance_at(SHUT.__class__(int=5), NOON)


def test_resolving_needs_no_account_named_by_the_caller():
    held = hold(amount=5)
    post(held)
    with transaction.atomic():
        locked = poster.lock([], [], [held.id])
    assert set(locked.accounts) == {ALICE, BOB} and BANK not in locked.accounts
    assert locked.pendings[held.id].state == "pending"
    assert TransferFlag.PENDING in locked.transfers[held.id].flags
