"""Lines whose movement does not come: an exception after their deadline, and nothing twice when it comes after all."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.care.models import Case
from guitai.kit import policies
from guitai.kit.models import Topic
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.rails.models import PayoutRow
from guitai.wallet import api as wallet
from guitai.wallet.models import LineMatch, OpenItem
from guitai.wallet.reconciliation.flows.match_lines import retry_items
from guitai.wallet.reconciliation.flows.overdue_lines import give_up_waiting
from tests.wallet.conftest import available
from tests.wallet.reconciliation.banking import Bank, item, operation, settle_topics, staff
from tests.wallet.withdrawing import OWN_ACCOUNT, Till

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]


@pytest.fixture
def till(tmp_path: Path) -> Till:
    policies.publish("payouts", {"accounts": [OWN_ACCOUNT], "round_the_clock": True}, SYSTEM)
    policies.publish("bindings", {"wait_hours": 0}, SYSTEM)
    policies.forget()
    return Till(tmp_path, moment=now())


def suspense() -> int:
    return sum(safe.suspense.minor for safe in wallet.safeguarding())


def withdrawn(till: Till) -> tuple[UUID, str]:
    """A withdrawal that has left, as the bank's word says."""
    owner, account = till.customer(100_000)
    reference = till.withdraw(owner, account, 20_000).reference
    said(reference, "sent")
    said(reference, "settled")
    assert operation(reference).state == "succeeded"
    return owner, reference


def said(reference: str, what: str) -> None:
    with outermost():
        emit(f"rails.payout_{what}", {
            "order_reference": reference, "amount": 20_000, "currency": "CNY", "returned": 20_000,
            "code": "account_closed", "reason": "AC04",
        })  # fmt: skip
    settle_topics()
    if what == "returned":
        rows = PayoutRow.objects.filter(order_reference=reference)
        rows.update(state="returned", asked_at=now(), returned_minor=20_000, code="account_closed")


def came_back(reference: str) -> str:
    """The bank books the way back, and our rail has not understood it: only the line is here."""
    bank = Bank(balance=80_000, opening=80_000)
    line = bank.line(20_000, "", end_to_end=reference, day=now().date().isoformat())
    bank.send(now().date().isoformat())
    PayoutRow.objects.filter(order_reference=reference).update(state="settled", asked_at=now())
    return line


def later(hours: int) -> int:
    with stopped(now() + timedelta(hours=hours)):
        retry_items()
        done = give_up_waiting()
        settle_topics()
    return done


def test_a_credit_without_its_movement_is_set_aside_after_the_deadline(till: Till) -> None:
    owner, reference = withdrawn(till)
    line = came_back(reference)
    assert (item(line).code, item(line).held_by, suspense()) == ("movement_missing", None, 0)
    assert later(23) == 0
    assert later(25) == 1 and later(26) == 0
    found = item(line)
    assert (found.code, found.state, found.held_by is not None, suspense()) == (
        "movement_overdue", "open", True, 20_000,
    )  # fmt: skip
    [case] = Case.objects.filter(customer=owner)
    assert case.category == "withdrawal"
    told = Topic.objects.get(name="wallet.movement_overdue").payload
    assert (told["reference"], told["owner"]) == (reference, str(owner))


def test_a_policy_without_cases_tells_the_staff_alone(till: Till) -> None:
    policies.publish("reconciliation", {"missing_opens_case": False, "missing_hours": 2}, SYSTEM)
    policies.forget()
    staff("rao")
    _, reference = withdrawn(till)
    came_back(reference)
    assert later(3) == 1
    assert not Case.objects.exists()
    with stopped(now() + timedelta(days=1)):
        notify.deliver_due()
    assert any(m.kind == "wallet.staff_movement_overdue" for m in notify.outbox("rao@guitai.example"))


def test_a_movement_that_comes_after_all_is_not_there_twice(till: Till) -> None:
    owner, reference = withdrawn(till)
    before = available(owner)
    line = came_back(reference)
    later(25)
    said(reference, "returned")
    assert operation(reference).state == "returned"
    assert (available(owner) - before, suspense(), item(line).state) == (20_000, 0, "matched")
    assert LineMatch.objects.filter(line_id=item(line).line_id).count() == 3
    assert later(30) == 0


def test_what_people_have_settled_is_not_given_again(till: Till) -> None:
    owner, reference = withdrawn(till)
    line = came_back(reference)
    later(25)
    OpenItem.objects.filter(id=item(line).id).update(state="written")
    before = available(owner)
    said(reference, "returned")
    assert (operation(reference).state, available(owner)) == ("succeeded", before)
    assert Topic.objects.filter(name="wallet.withdrawal_contradicted").count() == 1
    # As it was, so that suspense agrees with what is open.
    OpenItem.objects.filter(id=item(line).id).update(state="open")
    PayoutRow.objects.filter(order_reference=reference).update(state="settled", returned_minor=None)


def test_a_debit_without_its_movement_is_for_a_person_and_still_found_when_it_comes(till: Till) -> None:
    owner, account = till.customer(100_000)
    reference = till.withdraw(owner, account, 20_000).reference
    bank = Bank(balance=100_000, opening=100_000)
    line = bank.line(20_000, "", credit=False, end_to_end=reference, day=now().date().isoformat())
    bank.send(now().date().isoformat())
    assert later(25) == 1
    assert (item(line).code, item(line).held_by) == ("movement_overdue", None)
    said(reference, "sent")
    said(reference, "settled")
    PayoutRow.objects.filter(order_reference=reference).update(state="settled", asked_at=now())
    assert retry_items() == 1 and item(line).state == "matched"
