"""Balancing transfers, closing accounts, and what a caller keeps with a transfer."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from guitai.base import clock
from guitai.base.ids import new_id
from guitai.ledger import api, poster
from guitai.ledger.types import AMOUNT_MAX, AccountFlag, TransferFlag
from tests.ledger.conftest import ALICE, BANK, BOB, NOON, balances, give_back, hold, post, take, transfer

pytestmark = pytest.mark.usefixtures("books")
LINKED, PENDING = TransferFlag.LINKED, TransferFlag.PENDING
BY_DEBIT, BY_CREDIT = TransferFlag.BALANCING_DEBIT, TransferFlag.BALANCING_CREDIT
CLOSES_DEBIT, CLOSES_CREDIT = TransferFlag.CLOSING_DEBIT, TransferFlag.CLOSING_CREDIT


@pytest.mark.parametrize(
    ("debit", "credit", "flags", "most", "moved"),
    [
        (ALICE, BOB, BY_DEBIT, AMOUNT_MAX, 1_000),
        (ALICE, BOB, BY_DEBIT, 1_000, 1_000),
        (ALICE, BOB, BY_DEBIT, 999, 999),
        (ALICE, BANK, BY_CREDIT, AMOUNT_MAX, 1_000),
        (ALICE, BANK, BY_CREDIT, 7, 7),
        (ALICE, BANK, BY_DEBIT | BY_CREDIT, AMOUNT_MAX, 1_000),
        (ALICE, BOB, BY_DEBIT | PENDING, AMOUNT_MAX, 1_000),
    ],
)
def test_a_balancing_transfer_moves_as_much_as_there_is(debit, credit, flags, most, moved):
    sweep = transfer(debit, credit, most, flags=flags)
    assert post(sweep) == ["created"]
    assert api.transfers([sweep.id])[0].amount == moved
    assert sum(balances(debit)[:2]) == moved


@pytest.mark.parametrize(
    ("debit", "credit", "flags", "result"),
    [
        (BOB, ALICE, BY_DEBIT, "exceeds_credits"),
        (BANK, ALICE, BY_DEBIT, "exceeds_credits"),
        (ALICE, BOB, BY_CREDIT, "exceeds_debits"),
        (ALICE, BOB, BY_DEBIT | BY_CREDIT, "exceeds_debits"),
        (BOB, ALICE, BY_DEBIT | BY_CREDIT, "exceeds_credits"),
    ],
)
def test_a_balancing_transfer_of_nothing_is_refused_and_burnt(debit, credit, flags, result):
    sweep = transfer(debit, credit, 10, flags=flags)
    assert post(sweep, sweep) == [result, "id_already_failed"]


def test_a_balancing_transfer_again_is_the_same_unless_it_asks_for_less_than_was_moved():
    sweep = transfer(ALICE, BOB, 5_000, flags=BY_DEBIT)
    assert post(sweep, sweep, replace(sweep, amount=1_000)) == ["created", "exists", "exists"]
    assert post(replace(sweep, amount=999), replace(sweep, amount=1_000)) == [
        "exists_with_different_amount", "exists",
    ]  # fmt: skip


def flags_of(account: UUID) -> AccountFlag:
    return api.accounts([account])[0].flags


@pytest.mark.parametrize("amount", [0, 40])
@pytest.mark.parametrize("together", [True, False], ids=["same batch", "later"])
def test_closing_holds_until_it_is_given_back(amount, together):
    closing = hold(ALICE, BOB, amount, flags=CLOSES_DEBIT)
    steps = [
        (closing, "created"), (transfer(ALICE, BOB, 1), "debit_account_already_closed"),
        (transfer(BANK, ALICE, 1), "credit_account_already_closed"),
        (hold(ALICE, BOB, 0, flags=CLOSES_DEBIT), "debit_account_already_closed"),
        (take(closing), "debit_account_already_closed"), (give_back(closing), "created"),
        (transfer(ALICE, BOB, 1), "created"), (give_back(closing), "pending_transfer_already_voided"),
    ]  # fmt: skip
    if together:
        assert post(*(step for step, _ in steps)) == [result for _, result in steps]
    else:
        for step, result in steps:
            assert post(step) == [result]
            closed = result.endswith("closed") or step is closing
            assert bool(flags_of(ALICE) & AccountFlag.CLOSED) == closed
    assert balances(ALICE) == (0, 1, 0, 1_000) and not flags_of(ALICE) & AccountFlag.CLOSED


def test_each_side_can_be_closed_alone_or_both():
    closing = hold(ALICE, BOB, 0, flags=CLOSES_CREDIT)
    assert post(closing, transfer(ALICE, BOB, 1), transfer(ALICE, BANK, 1)) == [
        "created", "credit_account_already_closed", "created",
    ]  # fmt: skip
    both = hold(BANK, ALICE, 0, flags=CLOSES_DEBIT | CLOSES_CREDIT)
    assert post(both, transfer(ALICE, BANK, 1)) == ["created", "debit_account_already_closed"]
    assert flags_of(BANK) & AccountFlag.CLOSED and flags_of(ALICE) & AccountFlag.CLOSED
    assert post(give_back(both), give_back(closing), transfer(ALICE, BOB, 1)) == ["created"] * 3


def test_an_account_is_swept_and_closed_in_one_chain():
    sweep = transfer(ALICE, BANK, AMOUNT_MAX, flags=BY_DEBIT | LINKED)
    assert post(sweep, hold(ALICE, BANK, 0, flags=CLOSES_DEBIT)) == ["created", "created"]
    assert balances(ALICE) == (0, 1_000, 0, 1_000) and flags_of(ALICE) & AccountFlag.CLOSED


def test_a_broken_chain_leaves_open_what_it_would_have_closed():
    closing = hold(ALICE, BOB, 5, flags=CLOSES_DEBIT | LINKED)
    assert post(closing, transfer(ALICE, BOB, 1), transfer(ALICE, BOB, 2)) == [
        "linked_event_failed", "debit_account_already_closed", "created",
    ]  # fmt: skip
    assert not flags_of(ALICE) & AccountFlag.CLOSED


def test_a_closing_that_expires_opens_again():
    closing = hold(ALICE, BOB, 5, flags=CLOSES_DEBIT, expires_at=NOON + timedelta(hours=1))
    with clock.stopped(NOON):
        assert post(closing) == ["created"]
    with clock.stopped(NOON + timedelta(hours=2)):
        assert post(transfer(ALICE, BOB, 1)) == ["debit_account_already_closed"]
        with transaction.atomic():
            assert poster.expire() == [closing.id]
        assert post(transfer(ALICE, BOB, 1)) == ["created"]


def test_a_callers_own_reference_is_kept_and_passes_on_to_what_resolves():
    operation, other = new_id(), new_id()
    held, plain = hold(user_data=operation), transfer(ALICE, BOB, 1, user_data=other)
    whole, own = take(held, 30), give_back(hold(), user_data=other)
    assert post(held, plain, whole) == ["created"] * 3
    assert [t.user_data for t in api.transfers([held.id, plain.id, whole.id])] == [
        operation,
        other,
        operation,
    ]
    assert post(whole, replace(whole, user_data=operation), replace(whole, user_data=other)) == [
        "exists", "exists", "exists_with_different_user_data_128",
    ]  # fmt: skip
    assert post(own) == ["pending_transfer_not_found"]


def test_a_resolution_may_leave_out_its_kind_or_bring_its_own():
    held, other = hold(kind="lunch"), hold(kind="lunch")
    same, own = take(held, kind=""), take(other, kind="refund")
    assert post(held, other, same, own, same, replace(own, kind="")) == [*["created"] * 4, "exists", "exists"]
    assert [t.kind for t in api.transfers([same.id, own.id])] == ["lunch", "refund"]


def test_the_most_there_can_be_takes_the_whole_of_a_reservation():
    held = hold(amount=400)
    assert post(held, take(held, AMOUNT_MAX)) == ["created", "created"]
    assert balances(BOB) == (0, 0, 0, 400)
    assert post(give_back(held, AMOUNT_MAX)) == ["exceeds_pending_transfer_amount"]


@pytest.mark.parametrize("size", [1, 99, 100, 1_500])
def test_small_and_large_batches_write_the_same(size):
    """Beyond a hundred transfers they travel another way."""
    held = hold(amount=5, user_data=new_id(), expires_at=NOON + timedelta(days=9_000), effective_at=NOON)
    rest = [transfer(BANK, BOB, 1 + n, kind=f"种类{n % 3}", book="live") for n in range(size - 1)]
    with clock.stopped(NOON):
        assert set(post(held, *rest)) == {"created"}
    kept = api.transfers([t.id for t in (held, *rest)])
    for new, old in zip((held, *rest), kept, strict=True):
        for name in ("id", "debit_account", "credit_account", "amount", "currency", "kind", "flags", "pending_id",
                     "expires_at", "book", "user_data"):  # fmt: skip
            assert getattr(old, name) == getattr(new, name)
        assert old.effective_at == old.recorded_at == NOON
