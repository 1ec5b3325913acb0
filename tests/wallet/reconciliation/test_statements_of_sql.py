"""Pages and matching ask the database about as often for many lines as for few."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet.reconciliation.flows.match_lines import match_lines
from tests.desk.conftest import staff_client
from tests.wallet.reconciliation.banking import Bank, imported, start

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
_NOW_AND_THEN = 4


def asked(page: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page()
    return len(queries)


def lines(count: int, minor: int = 300) -> None:
    bank = Bank()
    for _ in range(count):
        bank.line(minor, "no idea", payer="Somebody Else", day=now().date().isoformat())
    bank.send(now().date().isoformat())


def parked(owner: UUID) -> None:
    reference = start(owner, 20_000)
    with outermost():
        wallet.park_top_up(
            reference, amount=Money(100, "CNY"), code="wrong_amount", key=f"p:{reference}", inbox_id=reference
        )


@pytest.mark.parametrize("path", ["/desk/reconciliation/", "/desk/statements/"])
def test_a_queue_costs_the_same_with_few_and_with_many(customer: Customer, path: str) -> None:
    owner, _ = customer()
    agent, _ = staff_client("rao@guitai.example", "Rao", "supervisor")
    lines(2), parked(owner)
    agent.get(path)
    few = asked(lambda: agent.get(path))
    for _ in range(4):
        lines(6), parked(owner)
    # Policies and sessions are read again now and then; two dozen lines more would show.
    assert asked(lambda: agent.get(path)) <= few + _NOW_AND_THEN


def test_one_payer_among_many_who_wait_costs_a_read_for_all_of_them(customer: Customer) -> None:
    def step(owners: int) -> int:
        for _ in range(owners):
            start(customer()[0], 7_700)
        bank = Bank()
        bank.line(7_700, "no idea", payer="Somebody Else", day=now().date().isoformat())
        file_id = imported(bank.file(now().date().isoformat()))
        keys = rails.open_lines(file_id)
        with outermost():
            return asked(lambda: match_lines(keys))

    assert step(9) <= step(1) + _NOW_AND_THEN
