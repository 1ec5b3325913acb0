"""The sandbox's pages in a real browser, with scripts off: a person has to be able to pay."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.sandbox.process import sandbox
from tests.sandbox.test_process import ORDER, ask, give_wallet_key

_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.mark.browser
def test_a_person_pays_with_one_press_and_the_clerk_errs_with_a_form(tmp_path: Path, chromium: str) -> None:
    give_wallet_key(tmp_path)
    with sandbox(tmp_path) as bank, sync_playwright() as playwright:
        pay_url = ask(bank, "POST", "/bank/orders", ORDER).json()["pay_url"]
        browser = playwright.chromium.launch(executable_path=chromium, args=_QUIET)
        page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
        page.goto(pay_url)
        page.get_by_role("button", name="付款 200.00 CNY").click()
        page.get_by_text("已付款").wait_for()
        page.get_by_text("柜员的差错", exact=True).first.click()
        page.get_by_label("金额").fill("199.99")
        page.get_by_label("丢失通知").check()
        page.get_by_role("button", name="照此付款").click()
        page.get_by_text("已丢失").wait_for()
        browser.close()
        (sent, lost) = bank.deliveries("/bank/pay/7KMR3AXWH4")
        assert (sent["state"], lost["state"]) == ("pending", "lost")
        assert [paid["amount"] for paid in bank.get("/bank/pay/7KMR3AXWH4").json()["notices"]] == [
            19_999,
            20_000,
        ]
