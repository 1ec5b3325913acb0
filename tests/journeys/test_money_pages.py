"""Every page of money, in both languages: no violation of accessibility, nothing wider than a phone, no complaint."""

from collections.abc import Callable

import pytest

from guitai.site.cast import LIN, PIN
from tests.journeys.browser import Person
from tests.journeys.client import Customer
from tests.journeys.test_people_pages import Looks, come, looks
from tests.journeys.test_withdraw import ready, to_review
from tests.live import Live

__all__ = ["come", "looks"]
pytestmark = pytest.mark.browser
OWN = (
    "/home/", "/bills/", "/bills/?direction=in", "/top-up/", "/top-up/not-arrived/", "/withdraw/", "/transfer/",
    "/receive/", "/me/limits/", "/me/in-flight/", "/me/bank-accounts/", "/me/closing/", "/counter/",
    "/help/withdraw-to-your-bank/", "/help/withdrawal-fees/", "/help/withdrawal-times/", "/help/withdrawal-failed/",
)  # fmt: skip


def test_what_lin_has_lived_through(
    live: Live, come: Callable[..., Person], language: str, looks: Looks
) -> None:
    """The demonstration's own customer: one bill of each kind and state, and every page that leads to money."""
    lin = Customer(live, LIN.name, language, LIN.phone).signed_in()
    person = come(lin)
    for path in OWN:
        looks.at(person, path=path)
    seen = {f"{one['kind']} {one['state']}": one["reference"] for one in lin.operations()}
    assert {"withdrawal succeeded", "withdrawal returned", "top_up succeeded", "transfer held"} <= seen.keys()
    for name, reference in seen.items():
        looks.at(person, name, f"/bills/{reference}/")
    looks.at(person, "receipt", f"/bills/{seen['withdrawal succeeded']}/receipt/")


@pytest.mark.parametrize("rail", ["bank", "alipay"])
def test_each_step_of_a_top_up(
    live: Live, come: Callable[..., Person], language: str, looks: Looks, rail: str
) -> None:
    person = come(Customer(live, "Lin Pages", language).signed_up())
    page = person.go("/top-up/")
    page.locator(f"main a.way[href*='rail={rail}']").click()
    looks.at(person, "amount")
    person.submit()
    looks.at(person, "no amount")
    page.fill("[name=amount]", "20")
    person.submit()
    looks.at(person, "review")
    page.locator("main button[name=step][value=confirm]").click()
    page.wait_for_url("**/bills/*/")
    looks.at(person, "how to pay")
    looks.at(person, "coming back", f"/top-up/{person.reference()}/return/")
    page = person.go("/top-up/not-arrived/")
    page.fill("[name=amount]", "20")
    person.submit()
    looks.at(person, "searched")


def test_each_step_of_a_withdrawal(
    live: Live, visit: Callable[..., Person], language: str, looks: Looks
) -> None:
    person, _ = ready(live, visit, language, "7766")
    page = person.go("/withdraw/")
    looks.at(person, "account")
    person.submit()
    looks.at(person, "way")
    page.check("[name=rail][value=bank]")
    person.submit()
    looks.at(person, "amount")
    to_review(person, "900")
    looks.at(person, "refused")
    to_review(person, "20")
    looks.at(person, "review")
    person.submit()
    looks.at(person, "PIN")
    page.fill("[name=pin]", PIN)
    person.submit()
    page.wait_for_url("**/bills/*/")
    looks.at(person, "on its way")
    looks.at(person, path="/me/in-flight/")
    page = person.go("/me/bank-accounts/")
    page.locator(
        "main a[href^='/me/bank-accounts/'].row, main .row a[href^='/me/bank-accounts/']"
    ).first.click()
    looks.at(person, "account of one's own")
    small = page.locator("main a[href$='/small-amounts/']")
    if small.count():
        small.first.click()
        looks.at(person, "small amounts")
