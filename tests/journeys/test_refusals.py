"""A refusal explains itself, in both languages: what, why in figures, what to do, and where it is recorded."""

import pytest
from django.utils import translation
from playwright.sync_api import expect

from guitai.base.reference import spoken
from guitai.kit.explain import explain
from tests.journeys.client import Customer, fresh_phone, is_problem

FREEZE = """
from guitai.base.actor import SYSTEM
from guitai.people import api
person = api.find_by_phone(["{phone}"])["{phone}"]
api.freeze(person, SYSTEM, "by_risk", scope=frozenset({{"receiving"}}))
"""


@pytest.fixture(scope="module")
def stopped(live):
    """Somebody who has paid the payer before and cannot receive now; nobody else may know why."""
    return Customer(live, "Sun Stopped").rich(50_00)


@pytest.fixture(scope="module")
def payer(live, stopped):
    customer = Customer(live, "Lin Refused").rich(300_00)
    assert stopped.transfer(customer.phone, 10_00).status_code == 201
    done = live.run("shell", "-c", FREEZE.format(phone=stopped.phone))
    assert done.returncode == 0, done.stderr
    return customer


def words(code, language):
    with translation.override(language):
        return explain(code, {}).title


REFUSALS = [
    ("insufficient_balance", 10_000_00, "10,000.00", "/top-up/"),
    ("limit_transfer_once", 20_000_01, "20,000.00", None),
]


@pytest.mark.parametrize(("code", "minor", "figure", "way"), REFUSALS, ids=[r[0] for r in REFUSALS])
def test_the_review_says_why_it_cannot_be_sent(visit, payer, language, code, minor, figure, way):
    person = visit(language, payer)
    person.transfer(fresh_phone(), f"{minor // 100}.{minor % 100:02d}")
    problem = person.page.locator("main .problem")
    expect(problem).to_contain_text(words(code, language))
    expect(problem).to_contain_text(figure)
    assert problem.locator(".problem-remedy").inner_text().strip()
    if way:
        assert problem.locator(f"a[href='{way}']").is_visible()
    # The way back keeps what was entered.
    problem.locator("button[name=go][value=amount]").click()
    assert person.page.input_value("[name=amount]").replace(",", "") == f"{minor // 100}.{minor % 100:02d}"
    assert payer.available > 300_00


def test_a_payee_who_cannot_receive_is_never_explained(visit, payer, stopped, language):
    person = visit(language, payer)
    person.transfer(stopped.phone, "5")
    problem = person.page.locator("main .problem")
    expect(problem).to_contain_text(words("payee_cannot_receive", language))
    said = problem.inner_text().lower()
    assert not any(word in said for word in ("frozen", "freeze", "risk", "冻结", "风险", "风控"))


def test_a_wrong_pin_says_how_many_tries_are_left_and_is_recorded(live, visit, language):
    payer = Customer(live, "Lin Pin").rich(100_00)
    person = visit(language, payer)
    person.transfer(fresh_phone(), "10")
    person.confirm(pin="135790")
    error = person.page.locator("#id_pin_error")
    expect(error).to_contain_text(words("pin_wrong", language))
    recorded = payer.operations()[0]
    assert (recorded["state"], recorded["code"]) == ("refused", "pin_wrong")
    assert str(recorded["facts"]["attempts_left"]) in error.inner_text()
    # The right PIN goes on from here.
    person.page.fill("[name=pin]", "271828")
    person.submit()
    person.page.wait_for_url("**/bills/*/")
    assert payer.available == 90_00


RECORDED = [
    ("insufficient_balance", 10_000_00, {}),
    ("limit_transfer_once", 20_000_01, {}),
    ("pin_wrong", 1_00, {"pin": "135790"}),
    ("payee_cannot_receive", 1_00, {}),
]


def test_a_refusal_is_a_bill_with_words_a_next_step_and_a_reference(visit, payer, stopped, language):
    person = visit(language, payer)
    for code, minor, how in RECORDED:
        phone = stopped.phone if code == "payee_cannot_receive" else fresh_phone()
        answer = payer.transfer(phone, minor, **how)
        reference = is_problem(answer, 422, code)["facts"]["reference"]
        recorded = payer.operation(reference)
        assert (recorded["state"], recorded["code"], recorded["legs"]) == ("refused", code, [])
        if code == "pin_wrong":
            assert payer.transfer(fresh_phone(), 1).status_code == 201, "the right PIN clears the count"
        person.go(f"/bills/{reference}/")
        assert words(code, language) in person.text()
        assert person.page.locator(".operation-why .problem-remedy").inner_text().strip()
        assert spoken(reference) in person.text("body")
        assert person.page.locator(f"main a[href='/cases/new/?operation={reference}']").is_visible()


def test_a_refusal_met_in_the_browser_is_recorded(live, visit):
    """The customer who met it has a reference to ask about, as one who used the API has."""
    payer = Customer(live, "Lin Met").rich(50_00)
    person = visit("en", payer)
    person.transfer(fresh_phone(), "60")
    expect(person.page.locator("main .problem")).to_be_visible()
    refused = [o for o in payer.operations() if o["state"] == "refused"]
    assert [o["code"] for o in refused] == ["insufficient_balance"]
    assert spoken(refused[0]["reference"]) in person.text()


def test_the_daily_limit_says_when_it_begins_anew(live, visit, language):
    payer = Customer(live, "Lin Limit").rich(50_000_00)
    payer.top_up(20_000_00)
    payee = Customer(live, "Payee Limit").rich(10_00)
    assert payee.transfer(payer.phone, 1_00).status_code == 201
    for _ in range(3):
        assert payer.transfer(payee.phone, 19_999_00).status_code in (201, 202)
    person = visit(language, payer)
    person.transfer(payee.phone, "3.01")
    problem = person.page.locator("main .problem")
    expect(problem).to_contain_text(words("limit_transfer_day", language))
    assert "60,000.00" in problem.inner_text() and "3.00" in problem.inner_text()
