"""A peak while a rail is down: it is said where people choose and where they wait, and when the rail is back everything
arrives once. In a real browser, with the simulated outside answering nobody for a while."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

from guitai.site.cast import PIN
from tests.journeys.browser import Person, overflow
from tests.journeys.client import Customer, cny, new_key, until
from tests.journeys.test_withdraw import publish, ready, to_review
from tests.live import Live

Visit = Callable[..., Person]
# As impatient as a test: five failures open the circuit, and a second later one call tries.
IMPATIENT = {"pause_s": 1, "pause_max_s": 2, "probe_s": 5}
PEAK, EACH, WITHDRAWN = 8, 10_00, 20_00
NAME = {"en": "Alipay", "zh-hans": "支付宝"}
DOWN = {"en": "Not answering right now", "zh-hans": "目前没有响应"}
NOT_REACHED = {"en": "Alipay could not be reached", "zh-hans": "暂时无法联系支付宝"}
BANK_DOWN = {"en": "The bank connection is down at the moment", "zh-hans": "银行连接暂时中断"}


@pytest.fixture(autouse=True)
def impatient(live: Live) -> Iterator[None]:
    """The breaker of this installation, given back to the others as it was."""
    publish(live, "breaker", IMPATIENT)
    yield
    publish(live, "breaker", {})


@contextmanager
def outage(live: Live, rail: str) -> Iterator[None]:
    """The rail answers nobody; however this ends, it answers again, and the wallet has noticed."""
    _switch(live, rail, down=True)
    try:
        yield
    finally:
        _switch(live, rail, down=False)


def _switch(live: Live, rail: str, *, down: bool) -> None:
    answer = httpx.post(
        f"{live.sandbox_url}/outages/{rail}", json={"down": down}, timeout=30, trust_env=False
    )
    assert answer.json()[rail] is down, answer.text


def health(customer: Customer, rail: str) -> str:
    """How a rail is, as an app reads it before it offers it."""
    offered = customer.ok("GET", "/top-ups/rails?currency=CNY")["rails"]
    return str(next(one["state"] for one in offered if one["rail"] == rail))


def ask_at_once(customers: list[Customer], rail: str) -> list[tuple[Customer, str]]:
    """Everybody tops up in the same moment; each order stands, whether the rail answered or not."""

    def ask(customer: Customer) -> tuple[Customer, str]:
        body = {"amount": cny(EACH), "rail": rail}
        started = customer.ok("POST", "/top-ups", body, key=new_key(), status=201)
        assert started["state"] == "awaiting_payment"
        return customer, str(started["reference"])

    wishes = [customer for customer in customers for _ in range(PEAK // len(customers))]
    with ThreadPoolExecutor(PEAK) as everybody:
        return list(everybody.map(ask, wishes))


def trades(live: Live, rail: str) -> list[dict[str, Any]]:
    return list(httpx.get(f"{live.sandbox_url}/{rail}/", timeout=30, trust_env=False).json()["orders"])


def at_the_rail(live: Live, path: str, **given: str) -> None:
    answer = httpx.post(live.sandbox_url + path, json=given, timeout=30, trust_env=False)
    assert answer.is_success, answer.text


def at_the_bank(live: Live) -> dict[str, Any]:
    """What the bank knows of payments out."""
    return dict(httpx.get(f"{live.sandbox_url}/bank/payouts/", timeout=30, trust_env=False).json())


def proved(live: Live) -> None:
    done = live.run("verify")
    assert done.returncode == 0, done.stdout + done.stderr


def how_to_pay(person: Person, reference: str) -> None:
    """The page of an order that its rail has not answered: it asks again when its owner does."""

    def told() -> bool:
        page = person.go(f"/bills/{reference}/")
        if page.locator("main .how-to-pay").count():
            return True
        # The page reloads itself when the answer comes, and then there is nothing to press.
        ask = page.locator(f"main form[action='/bills/{reference}/instructions/'] button")
        page.locator("main .how-to-pay").or_(ask).first.wait_for()
        with suppress(PlaywrightTimeout):
            ask.click(timeout=2_000)
        page.wait_for_load_state()
        return bool(page.locator("main .how-to-pay").count())

    until(told, timeout_s=60)


def test_top_ups_asked_for_while_a_gateway_is_down_arrive_once(
    live: Live, visit: Visit, language: str
) -> None:
    customers = [Customer(live, "Lin Peak", language).signed_up() for _ in range(2)]
    people = {customer.phone: visit(language, customer) for customer in customers}
    lin = people[customers[0].phone]
    with outage(live, "alipay"):
        asked = ask_at_once(customers, "alipay")
        until(lambda: health(customers[0], "alipay") == "down")
        lin.go("/top-up/")
        assert DOWN[language] in lin.text(f"main .way:has-text('{NAME[language]}')")
        assert overflow(lin.page) == []
        lin.go(f"/bills/{asked[0][1]}/")
        assert NOT_REACHED[language] in lin.text() and overflow(lin.page) == []
        lin.go("/status/")
        service = lin.page.locator("main .service", has_text=NAME[language])
        expect(service.locator(".badge.is-danger")).to_be_visible()
        assert overflow(lin.page) == []
    for customer, reference in asked:
        how_to_pay(people[customer.phone], reference)
    until(lambda: health(customers[0], "alipay") != "down", timeout_s=60)
    pages = {trade["reference"]: trade["token"] for trade in trades(live, "alipay")}
    for _, reference in asked:
        # Told twice by the gateway, and perhaps once more when it is asked.
        at_the_rail(live, f"/alipay/pay/{pages[reference]}", press="pay", twice="1")
    for customer, reference in asked:
        customer.wait_for(reference, "succeeded", 60)
    for customer in customers:
        assert customer.available == EACH * PEAK // len(customers), "each arrived, and none twice"
    there = [trade["reference"] for trade in trades(live, "alipay")]
    assert all(there.count(reference) == 1 for _, reference in asked)
    lin.go("/top-up/")
    assert DOWN[language] not in lin.text()
    proved(live)


def test_withdrawals_asked_for_while_the_bank_is_down_leave_once(
    live: Live, visit: Visit, language: str
) -> None:
    lin, customer = ready(live, visit, language, "7766")
    account = customer.ok("GET", "/me/bank-accounts")[0]["id"]
    with outage(live, "bank"):
        waiting = ask_at_once([customer], "bank")
        until(lambda: health(customer, "bank") == "down")
        to_review(lin, "20")
        assert BANK_DOWN[language] in lin.text() and overflow(lin.page) == []
        body = {"account": account, "amount": cny(WITHDRAWN), "pin": PIN}

        def withdraw(key: str) -> tuple[str, str]:
            made = customer.ok("POST", "/withdrawals", body, key=key, status=201)
            return key, str(made["reference"])

        with ThreadPoolExecutor(PEAK) as everybody:
            made = list(everybody.map(withdraw, [new_key() for _ in range(PEAK // 2)]))
        # An app that never heard the answer asks again: it is the same withdrawal.
        assert all(withdraw(key) == (key, reference) for key, reference in made)
        lin.go(f"/bills/{made[0][1]}/")
        assert overflow(lin.page) == [] and "20.00" in lin.text()
    for _, reference in made:
        customer.wait_for(reference, "succeeded", 90)
    assert customer.available == 500_00 - WITHDRAWN * len(made), "each left, and none twice"
    sent = [payout["end_to_end"] for payout in at_the_bank(live)["payouts"]]
    assert all(sent.count(reference) == 1 for _, reference in made)
    # What could not be reached then can be paid now.
    for _, reference in waiting[:2]:
        how_to_pay(lin, reference)
    until(lambda: health(customer, "bank") != "down", timeout_s=60)
    proved(live)
