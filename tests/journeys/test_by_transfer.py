"""Money that comes without an order: the page says to whom, the bank's own notice of the booking brings it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from guitai.base.reference import parse_reference
from tests.journeys.accessible import SCHEMES, nothing_in, problems_of
from tests.journeys.browser import Person
from tests.journeys.client import Customer, cny, until
from tests.live import Live

Visit = Callable[..., Person]


@pytest.mark.parametrize(("how", "language"), [("number", "en"), ("reference", "zh-hans")])
def test_a_transfer_at_any_time_is_credited(live: Live, visit: Visit, how: str, language: str) -> None:
    customer = Customer(live, "Lin Anytime").signed_up()
    lin = visit(language, customer, color_scheme=SCHEMES[language])
    lin.go("/top-up/").locator("a[href='/top-up/by-transfer/']").click()
    page = lin.page
    expect(page.locator(".how-to-pay")).to_have_count(2)
    nothing_in({"by transfer": problems_of(page)})
    own, reference = (page.locator(".how-to-pay .is-strong code").nth(at).inner_text() for at in (0, 1))
    assert parse_reference(reference) is not None
    paid: dict[str, Any] = {
        "amount": cny(123_45),
        "payment_reference": "pocket money",
        "payer_name": "Lin Anytime",
    }
    paid |= (
        {"payee_account": own.replace(" ", "")}
        if how == "number"
        else {"payment_reference": f"for me: {reference}"}
    )
    assert httpx.post(f"{live.sandbox_url}/bank/payments/", json=paid, trust_env=False).status_code == 201
    until(lambda: customer.ok("GET", "/operations")["items"], 40)
    [bill] = customer.ok("GET", "/operations")["items"]
    assert (bill["kind"], bill["state"], bill["amount"]) == ("top_up", "succeeded", cny(123_45))
    lin.go(f"/bills/{bill['reference']}/")
    assert "123.45" in lin.text() and page.locator(".operation-state.is-ok").count() == 1
    lin.go("/home/")
    assert "123.45" in lin.text(".home-balance")
    verified = live.run("verify")
    assert verified.returncode == 0, verified.stdout[-800:]
