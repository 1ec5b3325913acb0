"""Several at one withdrawal in the same moment, against a real database with real commits."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from guitai.base.clock import stopped
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.flows.file_payouts import file_payouts
from guitai.wallet import api as wallet
from guitai.wallet.models import Operation
from tests.threads import at_once
from tests.wallet.conftest import available, settle_topics
from tests.wallet.withdrawing import NOON, Till, opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_jobs_left(transactional_db: None) -> Iterator[None]:
    """What was really committed here is flushed afterwards, but for the jobs' own tables."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with stopped(NOON):
        yield opened(tmp_path, gather_s=0)


def _ends(work: list) -> list[object]:
    """What became of each: its value, or the code it was refused with."""

    def told(one) -> object:
        try:
            return one()
        except Refusal as refusal:
            return refusal.code

    return at_once([lambda one=one: told(one) for one in work])


def test_two_withdrawals_that_together_overdraw(till: Till) -> None:
    owner, account = till.customer(10_000)
    outcomes = at_once([lambda: till.withdraw(owner, account, 6_000)] * 2)
    assert sorted(o.outcome for o in outcomes) == ["approved", "refused"]
    assert available(owner) == 4_000


def test_the_same_key_at_once_is_one_payout(till: Till) -> None:
    owner, account = till.customer(10_000)
    outcomes = at_once([lambda: till.withdraw(owner, account, 6_000, key="k")] * 4)
    assert len({o.reference for o in outcomes}) == 1 and available(owner) == 4_000
    assert sorted(o.replayed for o in outcomes) == [False, True, True, True]


def test_a_cancellation_and_the_file_at_once_never_both(till: Till) -> None:
    owner, account = till.customer(10_000)
    for turn in range(4):
        reference = till.withdraw(owner, account, 1_000, key=f"k{turn}").reference
        ends = _ends([partial(wallet.cancel_withdrawal, owner, reference), file_payouts])
        settle_topics()
        state, payout = Operation.objects.get(reference=reference).state, rails.payout_record(reference).state
        assert (state, payout) in {("cancelled", "cancelled"), ("processing", "sent")}, ends


def test_a_cancellation_and_a_freeze_at_once_give_back_once(till: Till) -> None:
    owner, account = till.customer(10_000)
    reference = till.withdraw(owner, account, 6_000).reference

    def stop() -> None:
        with outermost():
            wallet.stop_withdrawals(owner, ["withdrawal"])

    _ends([lambda: wallet.cancel_withdrawal(owner, reference), stop, stop])
    assert Operation.objects.get(reference=reference).state == "cancelled" and available(owner) == 10_000


def test_a_freeze_and_a_withdrawal_at_once_leave_nothing_on_its_way(till: Till) -> None:
    owner, account = till.customer(10_000)
    _ends([lambda: till.withdraw(owner, account, 6_000), lambda: people.freeze_self(owner, proof="session")])
    settle_topics()
    assert available(owner) == 10_000
    assert not Operation.objects.filter(kind="withdrawal", state__in=("processing", "held")).exists()


def test_a_settlement_told_twice_at_once_is_one(till: Till) -> None:
    owner, account = till.customer(10_000)
    reference = till.withdraw(owner, account, 6_000).reference
    till.leave()
    till.books(reference, 6_000)
    said = {"order_reference": reference, "amount": 6_000, "currency": "CNY"}

    def tell() -> None:
        with outermost():
            wallet.note_payout("settled", said)

    _ends([tell, tell, tell])
    assert Operation.objects.get(reference=reference).state == "succeeded" and available(owner) == 4_000
