"""Several posters at once: nothing lost, nothing twice, nobody waits in a circle."""

import contextlib
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from guitai.base.ids import new_id
from guitai.ledger import api, poster
from guitai.ledger.types import NewAccount
from tests.ledger.conftest import (
    ALICE,
    BANK,
    BOB,
    CHART,
    OWNER,
    balances,
    give_back,
    hold,
    post,
    take,
    transfer,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def funded():
    with transaction.atomic():
        api.create_accounts(CHART)
    post(transfer(BANK, ALICE, 1_000), transfer(BANK, BOB, 1_000))
    yield
    assert api.verify() == []


def at_once(*works):
    """Run each in a thread and on a connection of its own, all let go together."""
    gate = threading.Barrier(len(works))

    def work(one):
        try:
            gate.wait(10)
            return one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(work, one) for one in works]]


def test_posting_needs_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        poster.post([transfer()])
    with pytest.raises(transaction.TransactionManagementError):
        poster.expire()
    with pytest.raises(transaction.TransactionManagementError):
        api.create_accounts(CHART)


def test_opposite_batches_never_wait_in_a_circle():
    def shuffled(seed):
        chance = random.Random(seed)

        def work():
            results = []
            for _ in range(15):
                pairs = [
                    chance.choice([(ALICE, BOB), (BOB, ALICE), (BANK, ALICE), (BOB, BANK)]) for _ in range(6)
                ]
                results += post(*(transfer(debit, credit, 1) for debit, credit in pairs))
            return results

        return work

    results = [result for part in at_once(*(shuffled(seed) for seed in range(4))) for result in part]
    assert results == ["created"] * 4 * 15 * 6


def test_only_as_much_is_spent_as_there_is():
    spend = [lambda: post(transfer(ALICE, BOB, 400)) for _ in range(4)]
    assert Counter(result for part in at_once(*spend) for result in part) == {
        "created": 2,
        "exceeds_credits": 2,
    }
    assert balances(ALICE) == (0, 800, 0, 1_000)


def test_a_reservation_is_resolved_by_one_of_two():
    for _ in range(5):
        held = hold(amount=10)
        post(held)
        results = at_once(lambda h=held: post(take(h)), lambda h=held: post(give_back(h)))
        assert [r[0] for r in results].count("created") == 1
        assert {r[0] for r in results} & {
            "pending_transfer_already_posted",
            "pending_transfer_already_voided",
        }


def test_two_openers_of_one_account_agree_on_what_it_is():
    account = NewAccount(new_id(), OWNER, 1, "CNY")
    other = NewAccount(account.id, UUID(int=9), 2, "CNY")

    def opened(one):
        with transaction.atomic():
            return api.create_accounts([one])[0].result

    results = at_once(lambda: opened(account), lambda: opened(other), lambda: opened(account))
    assert results.count("created") == 1
    winner = api.accounts([account.id])[0]
    late = [r for r, mine in zip(results, (OWNER, UUID(int=9), OWNER), strict=True)
            if r != "created" and mine != winner.owner]  # fmt: skip
    assert set(late) <= {"exists_with_different_user_data_128"} and late


@pytest.mark.parametrize("more", [0, 150], ids=["arrays", "copied"])
def test_what_failed_in_the_driver_cannot_be_committed_by_mistake(more):
    """An error in a statement of the driver's own marks Django's transaction, as one of Django's would."""
    twice, rest = transfer(ALICE, BOB, 1), [transfer(BANK, BOB, 1) for _ in range(more)]
    with contextlib.suppress(IntegrityError), transaction.atomic():
        first, second = (poster.Evaluation(poster.lock([ALICE, BANK, BOB], [], [])) for _ in range(2))
        first.apply([twice, *rest])
        second.apply([twice, *rest])
        poster.write(first.changes)
        with pytest.raises(IntegrityError):
            poster.write(second.changes)
        assert connection.needs_rollback
        with pytest.raises(transaction.TransactionManagementError):
            api.accounts([ALICE])
    assert balances(ALICE) == (0, 0, 0, 1_000)
    with transaction.atomic():
        evaluation = poster.Evaluation(poster.lock([ALICE, BANK, BOB], [], []))
        evaluation.apply([twice, *rest])
        poster.write(evaluation.changes)
        with pytest.raises(IntegrityError), transaction.atomic():
            poster.write(evaluation.changes)
        assert api.transfers([twice.id])  # what came before the savepoint stands
    assert balances(ALICE) == (0, 1, 0, 1_000)
