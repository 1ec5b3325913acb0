"""By when money arrives is a promise: kept by itself, told first when it is not, and counted for everybody to read."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from guitai.base import clock
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.care import api
from guitai.care.models import Promise
from guitai.kit.transactions import outermost
from guitai.notify.models import Message
from guitai.wallet import api as wallet
from tests.wallet.conftest import settle_topics
from tests.wallet.withdrawing import NOON, Till, opened

pytestmark = pytest.mark.django_db
SHORTLY = timedelta(minutes=1)


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return opened(tmp_path, gather_s=0)


@pytest.fixture
def leaving(till: Till) -> tuple[UUID, str]:
    """A withdrawal that is on its way: (owner, reference)."""
    owner, account = till.customer(100_000)
    reference = till.withdraw(owner, account, 50_000).reference
    assert reference is not None
    return owner, reference


def promises(owner: UUID) -> list[tuple[str, Any]]:
    rows = Promise.objects.filter(customer=owner, what="arrival").order_by("id")
    return [(row.state, row.by_when) for row in rows]


def told(owner: UUID) -> list[str]:
    """Messages that say that something is late, in their order."""
    kinds = (
        "wallet.withdrawal_late", "wallet.withdrawal_unknown", "wallet.top_up_unknown", "wallet.overdue",
        "care.late_arrival",
    )  # fmt: skip
    return list(
        Message.objects.filter(owner=owner, kind__in=kinds).order_by("id").values_list("kind", flat=True)
    )


def rate() -> list[tuple[str, int, int]]:
    return [(one.what, one.kept, one.broken) for one in api.kept_promises()]


def test_a_withdrawal_that_arrives_in_time_is_a_kept_promise(till: Till, leaving) -> None:
    owner, reference = leaving
    latest = wallet.operation(owner, reference).withdrawal.promised_at
    assert promises(owner) == [("open", latest)]
    till.leave()
    till.status(reference, "ACSP")
    assert promises(owner) == [("open", latest)], "what the bank says in between promises nothing new"
    till.books(reference, 50_000)
    assert promises(owner) == [("kept", latest)]
    with till.at():
        assert (rate(), told(owner)) == ([("arrival", 1, 0)], [])


def test_one_that_its_owner_takes_back_is_owed_no_more(till: Till, leaving) -> None:
    owner, reference = leaving
    with till.at():
        wallet.cancel_withdrawal(owner, reference)
        settle_topics()
        assert ([state for state, _ in promises(owner)], rate()) == (["void"], [])


def test_a_late_withdrawal_is_told_once_with_its_new_time_and_both_times_count(till: Till, leaving) -> None:
    owner, reference = leaving
    till.leave()
    latest = promises(owner)[0][1]
    with till.at(latest + SHORTLY):
        # The case desk's job comes first, and leaves the word to the bill.
        assert api.note_late() == 0
        wallet.watch_withdrawals()
        settle_topics()
        assert api.note_late() == 0
        assert told(owner) == ["wallet.withdrawal_late"]
        again = wallet.operation(owner, reference).view.resolves_by
        assert promises(owner) == [("broken", latest), ("open", again)]
    till.books(reference, 50_000)
    with till.at():
        assert (promises(owner)[-1], rate()) == (("kept", again), [("arrival", 1, 1)])


def test_whoever_hears_nothing_from_the_bill_hears_it_from_us(till: Till, leaving) -> None:
    owner, reference = leaving
    latest = promises(owner)[0][1]
    with till.at(latest + timedelta(minutes=6)):
        assert api.note_late() == 1
        assert api.note_late() == 0
        assert told(owner) == ["care.late_arrival"]
        assert promises(owner) == [("broken", latest)]
    till.books(reference, 50_000)
    with till.at():
        assert rate() == [("arrival", 0, 1)], "what comes afterwards does not mend it"


def test_a_top_up_that_a_rail_works_on_is_promised_its_outcome(till: Till) -> None:
    with clock.stopped(NOON):
        owner, _ = till.customer()
        reference = wallet.start_top_up(owner, amount=Money(7_000, "CNY"), key=new_id().hex).reference
        settle_topics()
        assert promises(owner) == [], "while it is to be paid it is the customer's turn"
        with outermost():
            wallet.note_top_up_processing(reference, rail="bank")
        settle_topics()
    outcome_by = wallet.operation(owner, reference).view.resolves_by
    assert promises(owner) == [("open", outcome_by)]
    with clock.stopped(outcome_by + SHORTLY):
        wallet.close_due()
        settle_topics()
        assert wallet.operation(owner, reference).view.state == "unknown"
        again = wallet.operation(owner, reference).view.resolves_by
        assert promises(owner) == [("broken", outcome_by), ("open", again)]
        assert told(owner) == ["wallet.top_up_unknown"]
        with outermost():
            wallet.settle_top_up(
                reference, amount=Money(7_000, "CNY"), bank_reference="B9", inbox_id=str(new_id())
            )
        settle_topics()
        assert promises(owner)[-1] == ("kept", again)


def test_a_time_that_was_told_before_is_told_once(yue) -> None:
    subject, by = ("operation", new_id()), NOON + timedelta(days=1)
    with clock.stopped(NOON), outermost():
        first = api.promise(yue, "arrival", by, told_by="page", subject=subject)
        assert api.promise(yue, "arrival", by, told_by="page", subject=subject) == first
    assert promises(yue) == [("open", by)]


def test_whatever_is_late_again_is_told_again_and_never_twice(till: Till, leaving) -> None:
    owner, reference = leaving
    till.leave()
    for _ in range(14):
        with till.at(till.moment + timedelta(days=1)):
            wallet.watch_withdrawals()
            wallet.mark_overdue()
            settle_topics()
            while api.note_late():
                pass
    assert told(owner) == ["wallet.withdrawal_late", "wallet.withdrawal_unknown", "wallet.overdue"]
    assert [state for state, _ in promises(owner)] == ["broken"] * 3
    assert wallet.operation(owner, reference).view.state == "unknown"


def test_what_is_promised_anew_each_day_is_told_each_time(till: Till, leaving) -> None:
    owner, _ = leaving
    for _ in range(12):
        with till.at(till.moment + timedelta(days=1)):
            wallet.watch_withdrawals()
            settle_topics()
    states = [state for state, _ in promises(owner)]
    assert states[-1] == "open" and set(states[:-1]) == {"broken"} and len(states) >= 3
    assert told(owner) == ["wallet.withdrawal_late"] * (len(states) - 1)
