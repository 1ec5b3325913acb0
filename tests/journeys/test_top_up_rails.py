"""Top up by each rail that the sandbox offers, in a real browser: choose, review, pay there, and see it here.

A rail joins by one row of RAILS.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from guitai.base.reference import spoken
from tests.journeys.browser import Person, overflow
from tests.journeys.client import Customer, until
from tests.live import Live

PHONE_AGENT = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


@dataclass(frozen=True, slots=True)
class Row:
    """One rail as a payer meets it: how it is paid, what is filled in there, its name in both languages."""

    rail: str
    method: str
    en: str
    zh: str
    fill: tuple[tuple[str, str], ...] = ()
    on_phone: bool = False

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.zh


RAILS = (
    Row("bank", "link", "Bank transfer", "银行转账"),
    Row("alipay", "qr", "Alipay", "支付宝"),
    Row("alipay", "link", "Alipay", "支付宝", on_phone=True),
    Row("wechat", "qr", "WeChat Pay", "微信支付"),
    Row("wechat", "link", "WeChat Pay", "微信支付", on_phone=True),
    Row("unionpay", "form", "UnionPay", "银联", fill=(("code", "111111"),)),
    Row("card", "link", "Bank card", "银行卡"),
)
BY_NAME = {f"{row.rail}-{row.method}": row for row in RAILS}
Visit = Callable[..., Person]


@pytest.fixture(scope="module")
def offered(live: Live) -> set[str]:
    """What this installation's sandbox offers: a rail that is not set up is not tested, and says so."""
    somebody = Customer(live, "Lin Rails").signed_up()
    return {rail["rail"] for rail in somebody.ok("GET", "/top-ups/rails?currency=CNY")["rails"]}


@pytest.fixture(params=BY_NAME)
def row(request: pytest.FixtureRequest, offered: set[str]) -> Row:
    found = BY_NAME[request.param]
    if found.rail not in offered:
        pytest.skip(f"the sandbox does not offer {found.rail}")
    return found


def begun(live: Live, visit: Visit, row: Row, language: str, amount: str = "200") -> tuple[Person, str]:
    """Somebody who has confirmed the review and sees how to pay."""
    customer = Customer(live, "Lin Rails").signed_up()
    options = {"user_agent": PHONE_AGENT} if row.on_phone else {}
    lin = visit(language, customer, **options)
    reference = lin.top_up(amount, row.rail)
    assert row.name(language) in lin.text() and spoken(reference) in lin.text()
    assert overflow(lin.page) == []
    return lin, reference


def there(live: Live, lin: Person, row: Row, reference: str) -> Page:
    """The rail's own page, opened the way that a payer opens it."""
    how = lin.page.locator(".how-to-pay")
    if row.method == "qr":
        # A payer's phone reads the code; here its order is looked up at the gateway.
        expect(how.locator("svg.qr")).to_be_visible()
        gateway = lin.context.new_page()
        gateway.goto(f"{live.sandbox_url}/{row.rail}/")
        gateway.locator(f"a:has-text('{reference}')").first.click()
        return gateway
    button = how.locator("form.pay-form button" if row.method == "form" else "a.button[target=_blank]")
    with lin.page.expect_popup() as popup:
        button.click()
    popup.value.wait_for_load_state()
    return popup.value


def pay(gateway: Page, row: Row) -> None:
    for field, value in row.fill:
        gateway.fill(f"[name={field}]", value)
    gateway.locator("button[name=press][value=pay]").click()
    gateway.wait_for_load_state()


def test_a_top_up_arrives_by_each_rail(live: Live, visit: Visit, row: Row, language: str) -> None:
    lin, reference = begun(live, visit, row, language)
    gateway = there(live, lin, row, reference)
    pay(gateway, row)
    # The page that waits looks by itself: only the rail's word changes it.
    expect(lin.page.locator(".operation-state.is-ok")).to_be_visible()
    assert "200.00" in lin.text() and row.name(language) in lin.text()
    lin.go("/home/")
    assert "200.00" in lin.text(".home-balance")


def test_coming_back_from_a_rail_is_no_proof(live: Live, visit: Visit, row: Row) -> None:
    """The browser says that it was paid, long before anybody has paid."""
    lin, reference = begun(live, visit, row, "en")
    forged = "?trade_status=TRADE_SUCCESS&result_code=SUCCESS&respCode=00&redirect_status=succeeded"
    lin.go(f"/top-up/{reference}/return/{forged}")
    assert "has not told us yet" in lin.text() and overflow(lin.page) == []
    lin.go("/home/")
    assert "200.00" not in lin.text(".home-balance")


def test_a_lost_notice_is_found_by_asking(live: Live, visit: Visit, row: Row) -> None:
    """The rail is asked by itself some time after the order was given, or at once when the payer comes back."""
    if row.rail == "bank":
        pytest.skip("a transfer that nobody tells us of is found in the statement")
    lin, reference = begun(live, visit, row, "en")
    gateway = there(live, lin, row, reference)
    lost = gateway.locator("[name=lost]")
    if not lost.count():
        pytest.skip(f"the sandbox cannot lose a notice of {row.rail}")
    gateway.locator("details summary").first.click()
    lost.first.check()
    pay(gateway, row)
    lin.page.goto(f"{live.url}/rails/{row.rail}/return/{reference}/")
    expect(lin.page.locator(".operation-state.is-ok")).to_be_visible(timeout=60_000)


def test_every_rail_is_named_and_priced_before_it_is_chosen(
    live: Live, visit: Visit, offered: set[str]
) -> None:
    customer = Customer(live, "Lin Rails").signed_up()
    for language in ("en", "zh-hans"):
        lin = visit(language, customer)
        lin.go("/top-up/")
        for found in (each for each in RAILS if each.rail in offered):
            line = lin.text(f"main a.way[href*='rail={found.rail}']")
            assert found.name(language) in line
            assert ("no fee" if language == "en" else "免手续费") in line
        assert overflow(lin.page) == []


def test_a_payment_of_another_amount_is_set_aside_and_told(
    live: Live, visit: Visit, offered: set[str]
) -> None:
    if "alipay" not in offered:
        pytest.skip("the sandbox does not offer alipay")
    row = BY_NAME["alipay-qr"]
    lin, reference = begun(live, visit, row, "en")
    gateway = there(live, lin, row, reference)
    gateway.locator("details summary").first.click()
    gateway.fill("[name=told_amount]", "15000")
    pay(gateway, row)
    until(lambda: "150.00" in lin.go(f"/bills/{reference}/").locator("main").inner_text())
    assert "set aside safely" in lin.text()
    lin.go("/home/")
    assert "150.00" not in lin.text(".home-balance")
