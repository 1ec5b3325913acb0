"""Reconciliation's pages, as a browser without JavaScript would use them."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from guitai.base.actor import Actor
from guitai.base.clock import now, stopped
from guitai.wallet import api as wallet
from tests.desk.conftest import staff_client
from tests.wallet.conftest import available
from tests.wallet.reconciliation.banking import Bank, item, operation, start
from tests.wallet.test_pages_browser import browser, text_of

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
Staff = tuple[Client, Actor]


@pytest.fixture
def wen(db: None) -> Staff:
    return staff_client("wen@guitai.example", "Wen", "agent")


@pytest.fixture
def rao(db: None) -> Staff:
    return staff_client("rao@guitai.example", "Rao", "supervisor")


def test_an_agent_proposes_and_a_supervisor_approves(customer: Customer, wen: Staff, rao: Staff) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    line = bank.line(20_000, "no idea", payer="Company Ltd")
    bank.send()
    agent, supervisor = wen[0], rao[0]
    page = text_of(agent.get("/desk/reconciliation/"))
    assert "No reference of ours in it" in page and "Company Ltd" not in page
    url = f"/desk/reconciliation/{item(line).id}/"
    assert "Company Ltd" in text_of(agent.get(url))
    empty = agent.post(
        url, {"verb": "propose", "action": "credit_operation", "target": reference, "reason": ""}
    )
    assert empty.status_code == 422
    wish = {"verb": "propose", "action": "credit_operation", "target": reference, "reason": "slip seen"}
    assert agent.post(url, wish).status_code == 302
    assert "needs another person" in text_of(agent.get(url))
    denied = agent.post(url, {"verb": "approve", "action": "credit_operation"})
    assert denied.status_code == 302 and available(owner) == 0
    assert "Your role does not include this" in text_of(agent.get(url))
    assert supervisor.post(url, {"verb": "approve", "action": "credit_operation"}).status_code == 302
    assert (operation(reference).state, available(owner)) == ("succeeded", 20_000)


def test_a_day_is_computed_looked_at_and_signed(customer: Customer, wen: Staff, rao: Staff) -> None:
    customer()
    agent, supervisor = wen[0], rao[0]
    day = now().date() - timedelta(days=2)
    bank = Bank()
    bank.line(300, "mystery", credit=False, day=day.isoformat())
    bank.send(day.isoformat())
    agent.post("/desk/reconciliation/days/", {"day": day.isoformat()})
    [close] = [one for one in wallet.daily_closes() if one.day == day]
    url = f"/desk/reconciliation/days/{close.id}/"
    assert "On a statement, and nobody's yet" in text_of(agent.get(url))
    assert agent.post(url, {"verb": "prepare", "note": ""}).status_code == 422
    agent.post(url, {"verb": "prepare", "note": "asked the bank"})
    assert agent.post(url, {"verb": "sign"}).status_code == 422
    assert supervisor.post(url, {"verb": "sign"}).status_code == 302
    assert wallet.daily_close(close.id).state == "signed"


def test_customers_see_none_of_it(customer: Customer) -> None:
    owner, _ = customer()
    for path in ("", "days/", "safeguarding/"):
        assert browser(owner).get(f"/desk/reconciliation/{path}").status_code in (302, 403, 404)


def test_safeguarding_names_both_sides(customer: Customer, wen: Staff) -> None:
    customer(20_000)
    page = text_of(wen[0].get("/desk/reconciliation/safeguarding/"))
    assert "In wallets" in page and "200" in page


def test_a_customer_asks_where_a_top_up_is(customer: Customer) -> None:
    owner, _ = customer()
    client = browser(owner)
    assert client.get("/top-up/not-arrived/").status_code == 200
    told = {"amount": "200", "paid_from": "0001", "paid_on": now().date().isoformat()}
    with stopped(now()):
        page = text_of(client.post("/top-up/not-arrived/", told))
    assert "The bank has not told us yet" in page
    assert client.post("/top-up/not-arrived/", {**told, "paid_on": "1999-01-01"}).status_code == 422
    for _turn in range(6):
        last = client.post("/top-up/not-arrived/", told)
    assert last.status_code == 429
