"""What a bank may do wrong, over the sandbox's own addresses: nothing is credited twice, wrongly or too early."""

import httpx
import pytest

from guitai.base.reference import new_reference, spoken
from tests.journeys.client import Customer, cny, until


@pytest.fixture(scope="module")
def customer(live):
    return Customer(live, "Lin Notice").signed_up()


def delivered(live, path, least=1):
    """All notices of an order, once the bank has brought them."""

    def told():
        answer = httpx.get(
            f"{live.sandbox_url}{path}", headers={"Accept": "application/json"}, trust_env=False
        )
        notices = [d for payment in answer.json()["notices"] for d in payment["deliveries"]]
        return notices if len(notices) >= least and all(d["state"] == "delivered" for d in notices) else None

    return until(told)


def exceptions(desk):
    return desk.http.get("/desk/exceptions/").text


@pytest.mark.parametrize(
    ("faults", "code", "state"),
    [
        ({"bad_signature": True}, "bad_signature", "awaiting_payment"),
        # Genuine, but not as ordered: money lies at the bank, and the customer is told that we look into it.
        ({"amount": cny(49_99)}, "wrong_amount", "unknown"),
        ({"amount": {"amount": 50_00, "currency": "USD"}}, "wrong_currency", "unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_notice_moves_nothing_and_is_listed(live, customer, agent_over_http, faults, code, state):
    before, order = customer.available, customer.order(50_00)
    listed = exceptions(agent_over_http).count(code)
    customer.pay(order, **faults)
    delivered(live, f"/bank/pay/{order['reference']}")
    until(lambda: exceptions(agent_over_http).count(code) > listed)
    customer.wait_for(order["reference"], state)
    assert customer.available == before
    # The right notice afterwards still counts.
    customer.pay(order)
    customer.wait_for(order["reference"], "succeeded")
    assert customer.available == before + 50_00


def test_a_notice_sent_twice_credits_once(live, customer):
    before, order = customer.available, customer.order(30_00)
    customer.pay(order, copies=3)
    notices = delivered(live, f"/bank/pay/{order['reference']}", least=3)
    customer.wait_for(order["reference"], "succeeded")
    again = httpx.post(f"{live.sandbox_url}/bank/notices/{notices[0]['id']}/again", json={}, trust_env=False)
    assert again.status_code == 202
    delivered(live, f"/bank/pay/{order['reference']}", least=3)
    marker = customer.top_up(1_00)  # settled after them, in the same queue
    assert customer.available == before + 31_00
    assert len(customer.operation(order["reference"])["legs"]) == 1
    assert marker["state"] == "succeeded"


def test_a_second_payment_of_one_order_is_not_credited_silently(live, customer, agent_over_http):
    before, order = customer.available, customer.order(20_00)
    customer.pay(order)
    customer.wait_for(order["reference"], "succeeded")
    customer.pay(order)
    until(lambda: spoken(order["reference"]) in exceptions(agent_over_http))
    assert "already_paid" in exceptions(agent_over_http)
    assert customer.available == before + 20_00


def test_a_notice_of_an_unknown_reference_moves_nothing(live, customer):
    before = customer.available
    body = {"amount": cny(10_00), "payment_reference": new_reference("operation")}
    paid = httpx.post(f"{live.sandbox_url}/bank/payments/", json=body, timeout=20, trust_env=False)
    assert paid.status_code == 201
    delivered(live, "/bank/payments/")
    assert customer.top_up(1_00)["state"] == "succeeded", "the queue goes on"
    assert customer.available == before + 1_00


def test_a_notice_that_comes_before_the_order_is_credited_once_the_order_is_there(live, customer):
    before = customer.available
    arranged = httpx.post(f"{live.sandbox_url}/bank/next-order", json={"notice_first": True}, trust_env=False)
    assert arranged.json() == {"notice_first": True}
    order = customer.ok("POST", "/top-ups", {"amount": cny(40_00)}, key="early-bird", status=201)
    customer.wait_for(order["reference"], "succeeded", timeout_s=30)
    assert customer.available == before + 40_00


@pytest.mark.parametrize("body", [b"", b"{", b'{"event": "payment.received"}', b"\x00" * 70_000])
def test_a_notice_that_nobody_signed_moves_nothing(live, customer, body):
    before = customer.available
    answer = httpx.post(f"{live.url}/rails/bank/notices/", content=body, trust_env=False)
    assert answer.status_code in (202, 400, 413, 422), answer.text
    assert customer.available == before
