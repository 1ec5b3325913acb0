"""What is at the bank when its wallet is frozen is said to be, and its bank is asked in time to call it back."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from guitai.audit.models import AuditRow
from guitai.base.actor import SYSTEM, Actor
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost
from guitai.notify.models import Message
from guitai.people import api as people
from guitai.rails.models import PayoutFile
from guitai.wallet import api as wallet
from guitai.wallet.flows.recalls import tell_late
from tests.desk.conftest import staff_client
from tests.wallet.conftest import settle_topics
from tests.wallet.test_pages_browser import browser, text_of
from tests.wallet.withdrawing import Till, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return opened(tmp_path)


def left(till: Till) -> tuple[UUID, str]:
    """A withdrawal in a file that the bank's client may have fetched: (owner, reference)."""
    owner, account = till.customer(100_000)
    made = till.withdraw(owner, account, 50_000)
    assert till.leave()
    return owner, made.reference


def freeze(till: Till, owner: UUID, reason: str = "by_customer", **how: object) -> None:
    with till.at():
        with outermost():
            people.freeze(owner, SYSTEM, reason, **how)  # type: ignore[arg-type]
        settle_topics()


def staff(till: Till, role: str = "agent") -> tuple[Client, Actor]:
    return staff_client(f"{role}@guitai.example", role.title(), role)


def bill(till: Till, owner: UUID, reference: str) -> str:
    with till.at():
        return text_of(browser(owner).get(f"/bills/{reference}/"))


def test_it_is_said_to_be_at_the_bank_and_the_bank_is_asked_in_time(till: Till) -> None:
    desk, actor = staff(till, "supervisor")
    owner, reference = left(till)
    freeze(till, owner)
    [one] = wallet.open_recalls()
    assert (one.reference, one.amount.minor, one.asked_at) == (reference, 50_000, None)
    assert one.ask_by == till.moment + timedelta(hours=1) and one.account
    assert Message.objects.filter(kind="wallet.staff_recall_wanted").count() == 1
    assert "Already at the bank" in bill(till, owner, reference)
    assert "at the latest" in bill(till, owner, reference)
    # The page of staff has its clock, and takes the bank's number once.
    page = desk.get("/desk/recalls/").content.decode()
    assert reference in page and "Ask the bank by" in page
    with till.at():
        assert (
            desk.post("/desk/recalls/", {"reference": reference, "bank_number": " RC 77 "}).url
            == "/desk/recalls/"
        )
        with pytest.raises(Refusal) as refused:
            wallet.note_recall_asked(reference, bank_number="x", actor=actor)
    assert refused.value.code == "recall_over"
    assert wallet.open_recalls()[0].bank_number == "RC 77"
    assert "We asked the bank" in bill(till, owner, reference)
    assert AuditRow.objects.filter(action="recall.asked", actor_id=actor.id).count() == 1
    # What comes back ends it.
    till.returns(reference, 50_000)
    assert wallet.open_recalls() == [] and wallet.ended_recalls()[0].outcome == "came_back"
    assert "Already at the bank" not in bill(till, owner, reference)


def test_who_forgets_to_ask_is_reminded_once(till: Till) -> None:
    staff(till, "supervisor")
    owner, _ = left(till)
    freeze(till, owner)
    with till.at():
        assert tell_late() == 0
    till.later(minutes=61)
    with till.at():
        assert (tell_late(), tell_late()) == (1, 0)
        settle_topics()
    assert Message.objects.filter(kind="wallet.staff_recall_late").count() == 1


def test_what_arrives_all_the_same_ends_it_as_paid(till: Till) -> None:
    owner, reference = left(till)
    freeze(till, owner)
    till.books(reference, 50_000)
    assert wallet.ended_recalls()[0].outcome == "left"
    till.returns(reference, 50_000)
    assert wallet.ended_recalls()[0].outcome == "came_back", "days later"


def test_what_lies_in_a_file_that_nobody_has_seen_is_taken_back_instead(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, account = till.customer(100_000)
    made = till.withdraw(owner, account, 50_000)
    with monkeypatch.context() as patched:
        patched.setattr("guitai.rails.flows.file_payouts.hand_over", lambda *anything: False)
        till.leave()
    assert PayoutFile.objects.get().state == "made"
    freeze(till, owner)
    assert wallet.operation(owner, made.reference).view.state == "cancelled"
    assert wallet.open_recalls() == [] and till.leave() == []
    assert wallet.verify() == []


def test_a_lock_recalls_nothing_and_a_silent_freeze_says_nothing(till: Till) -> None:
    owner, reference = left(till)
    with till.at():
        wallet_stop(owner)
    assert wallet.open_recalls() == []
    freeze(till, owner, "by_law", disclosure="silent", basis="order 1")
    assert [one.reference for one in wallet.open_recalls()] == [reference]
    assert "Already at the bank" not in bill(till, owner, reference)


def wallet_stop(owner: UUID) -> None:
    """As a lock does it."""
    with outermost():
        wallet.stop_withdrawals(owner, ("withdrawal",))


def test_only_staff_and_only_what_is_to_be_recalled(till: Till) -> None:
    owner, reference = left(till)
    desk, _ = staff(till)
    assert desk.post("/desk/recalls/", {"reference": reference}).status_code == 404
    assert browser(owner).get("/desk/recalls/").status_code == 404
