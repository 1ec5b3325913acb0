"""Several at one withdrawal in the same moment, against a real database with real commits."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from django.db import connection

from guitai.base.actor import SYSTEM
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


def test_a_freeze_holds_back_what_its_own_word_has_not_reached_yet(till: Till) -> None:
    frozen, other = till.customer(10_000), till.customer(10_000, "陈明")
    stopped_one = till.withdraw(*frozen, 6_000).reference
    free_one = till.withdraw(*other, 6_000).reference
    people.freeze_self(frozen[0], proof="session")
    # The topic that takes it out of the queue has not been relayed: the file is made in these very seconds.
    with stopped(till.later(minutes=2)):
        file_payouts()
    assert _payout_states(stopped_one, free_one) == ["queued", "sent"]
    settle_topics()
    assert _payout_states(stopped_one, free_one) == ["cancelled", "sent"]
    assert available(frozen[0]) == 10_000


def test_a_freeze_and_the_file_at_once_never_leave_after_the_freeze(till: Till) -> None:
    owner, account = till.customer(10_000)
    reference = till.withdraw(owner, account, 6_000).reference
    till.later(minutes=2)
    with stopped(till.moment):
        at_once([file_payouts, lambda: people.freeze_self(owner, proof="session")])
        settle_topics()
        assert file_payouts() == []
    state = Operation.objects.get(reference=reference).state
    assert (_payout_states(reference)[0], state) in (("sent", "processing"), ("cancelled", "cancelled"))
    assert available(owner) == (10_000 if state == "cancelled" else 4_000)


def test_a_file_waits_for_a_freeze_that_is_about_to_commit(till: Till) -> None:
    owner, account = till.customer(10_000)
    reference = till.withdraw(owner, account, 6_000).reference
    till.later(minutes=2)
    held, filed = Event(), Event()

    def freeze() -> None:
        with stopped(till.moment), outermost():
            people.freeze(owner, SYSTEM, "by_risk")
            held.set()
            # Nobody can know from outside how long the other waits for the row; it must not have filed by then.
            assert not filed.wait(1)

    def file() -> None:
        assert held.wait(10)
        with stopped(till.moment):
            file_payouts()
        filed.set()

    at_once([freeze, file])
    assert _payout_states(reference) == ["queued"]


def _payout_states(*references: str | None) -> list[str]:
    return [record.state for reference in references if (record := rails.payout_record(reference or ""))]
