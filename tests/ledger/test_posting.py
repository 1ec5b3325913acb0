"""Posting: every refusal beside what succeeds, in the documented order of checks."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from guitai.base import clock
from guitai.base.ids import new_id
from guitai.ledger import api, poster
from guitai.ledger.types import AMOUNT_MAX, TransferFlag
from tests.ledger.conftest import (
    ALICE,
    BANK,
    BOB,
    NOON,
    SHUT,
    TEST,
    YEN,
    balances,
    give_back,
    hold,
    post,
    take,
    transfer,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("books")
NOBODY, LAST = UUID(int=0), UUID(int=2**128 - 1)
UNKNOWN = UUID(int=0xBAD)
LINKED = TransferFlag.LINKED
BOTH = TransferFlag.POST_PENDING | TransferFlag.VOID_PENDING


def test_moves_money_and_writes_two_gapless_lines():
    assert post(transfer(ALICE, BOB, 300)) == ["created"]
    assert balances(ALICE) == (0, 300, 0, 1_000)
    assert balances(BOB) == (0, 0, 0, 300)
    lines = api.entries(ALICE)
    assert [(line.seq, line.amount, line.credits_posted - line.debits_posted) for line in lines] == [
        (1, 1_000, 1_000),
        (2, -300, 700),
    ]
    assert [line.seq for line in api.entries(ALICE, after=1)] == [2]


# Each row changes a transfer that would succeed, so that only the named check stands in the way.
SHAPES = [
    ({"flags": TransferFlag(256)}, "reserved_flag"),
    ({"id": NOBODY}, "id_must_not_be_zero"),
    ({"id": LAST}, "id_must_not_be_int_max"),
    ({"flags": TransferFlag.PENDING | TransferFlag.POST_PENDING}, "flags_are_mutually_exclusive"),
    ({"flags": BOTH}, "flags_are_mutually_exclusive"),
    ({"debit": NOBODY}, "debit_account_id_must_not_be_zero"),
    ({"debit": LAST}, "debit_account_id_must_not_be_int_max"),
    ({"credit": NOBODY}, "credit_account_id_must_not_be_zero"),
    ({"credit": LAST}, "credit_account_id_must_not_be_int_max"),
    ({"credit": ALICE}, "accounts_must_be_different"),
    ({"pending_id": UNKNOWN}, "pending_id_must_be_zero"),
    ({"flags": TransferFlag.POST_PENDING}, "pending_id_must_not_be_zero"),
    ({"flags": TransferFlag.POST_PENDING, "pending_id": LAST}, "pending_id_must_not_be_int_max"),
    ({"expires_at": NOON}, "timeout_reserved_for_pending_transfer"),
    ({"flags": TransferFlag.VOID_PENDING, "pending_id": UNKNOWN, "expires_at": NOON},
     "timeout_reserved_for_pending_transfer"),
    ({"amount": -1}, "amount_must_not_be_negative"),
    ({"flags": TransferFlag.POST_PENDING, "pending_id": UNKNOWN, "amount": -1}, "amount_must_not_be_negative"),
    ({"amount": 0}, "amount_must_not_be_zero"),
    ({"currency": ""}, "ledger_must_not_be_zero"),
    ({"kind": ""}, "code_must_not_be_zero"),
    ({"debit": UNKNOWN}, "debit_account_not_found"),
    ({"credit": UNKNOWN}, "credit_account_not_found"),
    ({"credit": YEN}, "accounts_must_have_the_same_ledger"),
    ({"credit": TEST}, "accounts_must_have_the_same_ledger"),
    ({"currency": "JPY"}, "transfer_must_have_the_same_ledger_as_accounts"),
    ({"book": "test"}, "transfer_must_have_the_same_ledger_as_accounts"),
    ({"flags": TransferFlag.POST_PENDING, "pending_id": UNKNOWN}, "pending_transfer_not_found"),
    ({"debit": SHUT}, "debit_account_already_closed"),
    ({"credit": SHUT}, "credit_account_already_closed"),
    ({"debit": BANK, "amount": AMOUNT_MAX}, "overflows_debits_posted"),
    ({"debit": BANK, "amount": AMOUNT_MAX, "flags": TransferFlag.PENDING}, "overflows_debits_posted"),
    ({"amount": 1_001}, "exceeds_credits"),
    ({"amount": 1_001, "flags": TransferFlag.PENDING}, "exceeds_credits"),
    ({"credit": BANK, "amount": 1_000}, "created"),
    ({}, "created"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "result"), SHAPES)
def test_names_what_stood_in_the_way(changes, result):
    before = balances(ALICE)
    values = {"debit": ALICE, "credit": BOB, **changes}
    assert post(transfer(values.pop("debit"), values.pop("credit"), **values)) == [result]
    if result != "created":
        assert balances(ALICE) == before


def test_names_the_first_of_several_faults():
    """Each row is the next one with one more fault, so that the earlier check wins."""
    faults = [
        ({"amount": 10_000}, "exceeds_credits"),
        ({"currency": "JPY"}, "transfer_must_have_the_same_ledger_as_accounts"),
        ({"debit": UNKNOWN}, "debit_account_not_found"),
        ({"kind": ""}, "code_must_not_be_zero"),
        ({"amount": 0}, "amount_must_not_be_zero"),
        ({"expires_at": NOON}, "timeout_reserved_for_pending_transfer"),
        ({"pending_id": UNKNOWN}, "pending_id_must_be_zero"),
        ({"credit": UNKNOWN}, "accounts_must_be_different"),
        ({"credit": NOBODY}, "credit_account_id_must_not_be_zero"),
        ({"debit": NOBODY}, "debit_account_id_must_not_be_zero"),
        ({"flags": BOTH}, "flags_are_mutually_exclusive"),
        ({"id": NOBODY}, "id_must_not_be_zero"),
        ({"flags": TransferFlag(256)}, "reserved_flag"),
    ]
    values: dict = {}
    for change, result in faults:
        values |= change
        made = {"debit": ALICE, "credit": BOB, **values}
        assert post(transfer(made.pop("debit"), made.pop("credit"), **made)) == [result]


def test_exceeds_debits_on_an_account_of_the_other_side():
    assert post(transfer(ALICE, BANK, 1_000), transfer(YEN, BANK, 1, currency="JPY")) == [
        "created",
        "accounts_must_have_the_same_ledger",
    ]
    assert post(hold(BANK, ALICE, 5), transfer(BANK, ALICE, 5), transfer(ALICE, BANK, 5)) == ["created"] * 3
    assert post(transfer(SHUT, BANK, 1)) == ["debit_account_already_closed"]


EXISTING = [
    ({}, "exists"),
    ({"flags": TransferFlag.PENDING}, "exists_with_different_flags"),
    ({"pending_id": UNKNOWN}, "exists_with_different_pending_id"),
    ({"expires_at": NOON}, "exists_with_different_timeout"),
    ({"debit_account": BOB}, "exists_with_different_debit_account_id"),
    ({"credit_account": SHUT}, "exists_with_different_credit_account_id"),
    ({"amount": 99}, "exists_with_different_amount"),
    ({"amount": 0}, "exists_with_different_amount"),
    ({"user_data": UNKNOWN}, "exists_with_different_user_data_128"),
    ({"currency": "JPY"}, "exists_with_different_ledger"),
    ({"book": "test"}, "exists_with_different_ledger"),
    ({"kind": "other"}, "exists_with_different_code"),
    ({"kind": "other", "amount": 99, "flags": TransferFlag.PENDING}, "exists_with_different_flags"),
]


@pytest.mark.parametrize("together", [True, False], ids=["same batch", "later"])
@pytest.mark.parametrize(("changes", "result"), EXISTING)
def test_same_id_again(changes, result, together):
    first = transfer(ALICE, BOB)
    again = replace(first, **changes)
    if together:
        assert post(first, again) == ["created", result]
    else:
        assert post(first) == ["created"] and post(again) == [result]
    assert balances(BOB) == (0, 0, 0, 100)


def test_a_resolution_again_says_whether_it_was_the_same():
    held = hold(amount=100)
    part = take(held, 30)
    assert post(held, part) == ["created", "created"]
    assert post(part, replace(part, amount=0), replace(part, debit_account=BOB)) == [
        "exists",
        "exists_with_different_amount",
        "exists_with_different_debit_account_id",
    ]
    other = hold(amount=50)
    whole = take(other)
    assert post(other, whole, whole, replace(whole, amount=50)) == ["created", "created", "exists", "exists"]


PASSING = [
    (lambda: transfer(UNKNOWN, ALICE), "debit_account_not_found"),
    (lambda: transfer(ALICE, UNKNOWN), "credit_account_not_found"),
    (lambda: take(hold()), "pending_transfer_not_found"),
    (lambda: transfer(ALICE, BOB, 1_001), "exceeds_credits"),
    (lambda: transfer(SHUT, BOB), "debit_account_already_closed"),
    (lambda: transfer(ALICE, SHUT), "credit_account_already_closed"),
]


@pytest.mark.parametrize(("make", "result"), PASSING)
def test_an_id_refused_for_a_passing_reason_is_burnt(make, result):
    refused = make()
    assert post(refused, refused) == [result, "id_already_failed"]
    assert post(transfer(BANK, ALICE, 5_000), refused) == ["created", "id_already_failed"]
    assert post(replace(refused, flags=TransferFlag.PENDING | BOTH)) == ["id_already_failed"]
    assert post(replace(refused, id=new_id(), debit_account=ALICE, credit_account=BOB, pending_id=None,
                        flags=TransferFlag.NONE, currency="CNY", amount=1)) == ["created"]  # fmt: skip


def test_an_id_refused_for_its_own_fault_may_be_corrected():
    wrong = transfer(ALICE, BOB, 0)
    assert post(wrong) == ["amount_must_not_be_zero"]
    assert post(replace(wrong, amount=5)) == ["created"]


CHAINS = [
    # (amounts from Alice to Bob in order, linked to the next?, results)
    ([(400, True), (500, False)], ["created", "created"]),
    ([(400, True), (700, False)], ["linked_event_failed", "exceeds_credits"]),
    ([(1_100, True), (1, True), (1, False)], ["exceeds_credits", "linked_event_failed", "linked_event_failed"]),
    ([(400, True), (700, False), (900, False)], ["linked_event_failed", "exceeds_credits", "created"]),
    ([(900, False), (50, True), (60, False), (100, False)],
     ["created", "linked_event_failed", "exceeds_credits", "created"]),
    ([(1, True)], ["linked_event_chain_open"]),
    ([(1, False), (2, True), (3, True)], ["created", "linked_event_failed", "linked_event_chain_open"]),
    ([(1_100, True), (1, True), (1, True)],
     ["exceeds_credits", "linked_event_failed", "linked_event_chain_open"]),
]  # fmt: skip


@pytest.mark.parametrize(("chain", "results"), CHAINS)
def test_chains_succeed_or_fail_together(chain, results):
    batch = [
        transfer(ALICE, BOB, amount, flags=LINKED if linked else TransferFlag.NONE)
        for amount, linked in chain
    ]
    assert post(*batch) == results
    moved = sum(amount for (amount, _), result in zip(chain, results, strict=True) if result == "created")
    assert balances(BOB) == (0, 0, 0, moved)
    created = [t.id for t, result in zip(batch, results, strict=True) if result == "created"]
    assert [t.id for t in api.transfers([t.id for t in batch])] == created


def test_a_broken_chain_unwinds_reservations_and_their_fates():
    old = hold(amount=200)
    assert post(old) == ["created"]
    fresh = hold(amount=300, flags=LINKED)
    broken = [fresh, take(old, flags=TransferFlag.POST_PENDING | LINKED),
              give_back(fresh, flags=TransferFlag.VOID_PENDING | LINKED), transfer(ALICE, BOB, 5_000)]  # fmt: skip
    assert post(*broken, transfer(ALICE, BOB, 800)) == [
        "linked_event_failed", "linked_event_failed", "linked_event_failed", "exceeds_credits", "created",
    ]  # fmt: skip
    assert balances(ALICE) == (200, 800, 0, 1_000)
    assert post(take(old), take(fresh)) == ["created", "pending_transfer_not_found"]
    # What only failed with its chain was not burnt.
    assert post(replace(fresh, flags=TransferFlag.PENDING, amount=1)) == ["exceeds_credits"]


def test_one_evaluation_takes_several_chains_one_after_another():
    with transaction.atomic():
        evaluation = poster.Evaluation(poster.lock([ALICE, BOB], [], []))
        first = evaluation.apply([transfer(ALICE, BOB, 600)])
        second = evaluation.apply([transfer(ALICE, BOB, 300, flags=LINKED), transfer(ALICE, BOB, 200)])
        assert [r.result for r in first + second] == ["created", "linked_event_failed", "exceeds_credits"]
        assert evaluation.account(ALICE).available_credit == 400
        poster.write(evaluation.changes)
    assert balances(BOB) == (0, 0, 0, 600)


def test_recording_never_goes_backwards():
    with clock.stopped(NOON):
        post(transfer(ALICE, BOB, 1))
    with clock.stopped(NOON - timedelta(hours=1)):
        post(transfer(ALICE, BOB, 1))
    moments = [line.recorded_at for line in api.entries(ALICE)]
    assert moments == sorted(moments)
