"""Two at once, with real commits: two matchers, a notice beside its line, two who approve."""

from collections.abc import Iterator
from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit.topics import emit, relay
from guitai.kit.transactions import outermost
from guitai.wallet import api as wallet
from guitai.wallet.models import LineMatch, OpenItem
from tests.threads import at_once
from tests.wallet.conftest import available, new_phone, register
from tests.wallet.reconciliation.banking import Bank, imported, item, operation, settle_topics, staff, start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_jobs_left(transactional_db: None) -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def owner(transactional_db: None) -> UUID:
    return register(new_phone())


def test_two_matchers_of_one_file_do_each_line_once(owner: UUID) -> None:
    bank = Bank()
    for number in range(6):
        bank.line(1_000 + number, start(owner, 1_000 + number))
        bank.line(9_000 + number, "nobody's", payer="Nobody")
    file_id = imported(bank.file())
    at_once([partial(wallet.match_statement, file_id)] * 3)
    assert available(owner) == sum(1_000 + number for number in range(6))
    assert (LineMatch.objects.count(), OpenItem.objects.count()) == (12, 6)


@pytest.mark.parametrize("turn", range(3))
def test_a_notice_and_its_line_at_once_credit_once(owner: UUID, turn: int) -> None:
    reference, bank = start(owner, 20_000), Bank()
    bank.line(20_000, reference, reference="B1")
    file_id = imported(bank.file())
    with outermost():
        paid = {"order_reference": reference, "amount": 20_000, "currency": "CNY", "bank_reference": "B1"}
        emit("rails.top_up_paid", {**paid, "inbox_id": str(new_id())})
    at_once([relay, partial(wallet.match_statement, file_id)])
    settle_topics()
    wallet.match_statement(file_id)
    assert (operation(reference).state, available(owner)) == ("succeeded", 20_000)
    assert LineMatch.objects.count() == 1 and not OpenItem.objects.exists()


def test_two_who_approve_at_once_move_the_money_once(owner: UUID) -> None:
    bank = Bank()
    reference = start(owner, 20_000)
    line = bank.line(20_000, "no idea", payer="Company")
    file_id = imported(bank.file())
    wallet.match_statement(file_id)
    found = item(line)
    one, *others = (Actor("staff", str(staff(name))) for name in ("one", "two", "three"))
    wallet.propose_item(found.id, "credit_operation", target=reference, reason="slip", actor=one)
    answers = at_once(
        [partial(wallet.approve_item, found.id, "credit_operation", actor=who) for who in others]
    )
    assert answers.count("assigned") == 1 and available(owner) == 20_000
    assert [safe.suspense for safe in wallet.safeguarding()] == [Money(0, "CNY")]
