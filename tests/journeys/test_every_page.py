"""Every page: no violation of accessibility, nothing wider than a phone, nothing the browser complains about."""

import pytest
from playwright.sync_api import expect

from guitai.site.cast import PASSWORD
from tests.journeys.accessible import SCHEMES, look_at, nothing_in, problems_of
from tests.journeys.client import Customer, fresh_phone, new_key

# The longest amount that the design has to bear.
HUGE = 12_345_678_901_23
RAISED = """
from guitai.base.actor import SYSTEM
from guitai.kit import policies
from guitai.wallet.rules.policies import DEFAULT_LIMITS, Limits
policies.publish("limits", {limits}, SYSTEM)
"""
PUBLIC = [
    "/", "/help/", "/help/?q=top-up", "/help/?q=xyzzy", "/help/payment-refused/", "/contact/?check=400-999-9999",
    "/counter/", "/freeze/", "/sign-in/", "/sign-up/", "/agreement/", "/sign-in/forgotten/", "/staff/sign-in/",
    "/nothing/",
]  # fmt: skip


def set_limits(live, limits):
    done = live.run("shell", "-c", RAISED.format(limits=limits))
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def rich(live):
    """Somebody with more money than fits, and one of each kind of bill and case."""
    set_limits(live, "Limits(({},))")
    customer = Customer(live, "Bartholomew Featherstonehaugh-Cholmondeley").rich(HUGE)
    waiting = customer.order(HUGE)["reference"]
    set_limits(live, "DEFAULT_LIMITS")
    sent = customer.transfer(fresh_phone(), 1_00, note="A long note " * 8).json()["reference"]
    held = customer.transfer(fresh_phone(), 9_999_99).json()["reference"]
    refused = customer.transfer(fresh_phone(), HUGE).json()["facts"]["reference"]
    words = "Why? " + "Averyveryverylongwordwithoutanyblank" * 6
    case = customer.ok("POST", "/cases", {"operation": held, "words": words}, key=new_key(), status=201)[
        "reference"
    ]
    other = customer.ok("POST", "/cases", {"category": "fees", "words": words}, key=new_key(), status=201)[
        "reference"
    ]
    return {
        "customer": customer, "waiting": waiting, "sent": sent, "held": held, "refused": refused, "case": case,
        "other": other,
    }  # fmt: skip


def test_public_pages(visit, language):
    person = visit(language, color_scheme=SCHEMES[language])
    nothing_in(look_at(person, PUBLIC))


def test_forms_with_errors(visit, language):
    person, found = visit(language, color_scheme=SCHEMES[language]), {}
    for path in ("/sign-in/", "/sign-up/", "/freeze/", "/staff/sign-in/"):
        person.go(path)
        person.submit()
        assert person.page.locator(".field-error").count()
        if problems := problems_of(person.page):
            found[path] = problems
    nothing_in(found)


def test_sign_up_pages(live, visit, language):
    person, phone, found = visit(language, color_scheme=SCHEMES[language]), fresh_phone(), {}
    page = person.go("/sign-up/")
    page.fill("[name=phone]", phone)
    person.submit()
    found["password"] = problems_of(page)
    page.fill("[name=password]", PASSWORD)
    page.check("[name=agreement]")
    person.submit()
    page.wait_for_url("**/sign-up/code/")
    found["code"] = problems_of(page)
    person.page.close()
    nothing_in(found)


def test_wallet_pages(visit, rich, language):
    person = visit(language, rich["customer"], color_scheme=SCHEMES[language])
    bills = [f"/bills/{rich[name]}/" for name in ("waiting", "sent", "held", "refused")]
    paths = [
        "/home/", "/bills/", "/bills/?direction=in", "/bills/?q=2222222222", *bills, f"/bills/{rich['sent']}/receipt/",
        "/top-up/", "/receive/", "/me/", "/me/pin/", "/me/standing/", "/messages/",
    ]  # fmt: skip
    nothing_in(look_at(person, paths))


def test_transfer_pages(visit, rich, language):
    person, found = visit(language, rich["customer"], color_scheme=SCHEMES[language]), {}
    page = person.go("/transfer/")
    found["payee"] = problems_of(page)
    page.fill("[name=phone]", fresh_phone())
    person.submit()
    page.locator("[name=amount]").wait_for()
    page.fill("[name=amount]", "12345678901.23")
    found["amount"] = problems_of(page)
    person.submit()
    page.locator(".review").wait_for()
    found["refused"] = problems_of(page)
    person.transfer(fresh_phone(), "19999.99")
    found["review"] = problems_of(page)
    person.submit()
    page.locator("[name=pin]").wait_for()
    found["pin"] = problems_of(page)
    page.fill("[name=pin]", "12")
    person.submit()
    expect(page.locator("#id_pin_error")).to_be_visible()
    found["pin error"] = problems_of(page)
    nothing_in(found)


def test_case_pages(visit, rich, language):
    person = visit(language, rich["customer"], color_scheme=SCHEMES[language])
    paths = [
        "/counter/", "/cases/", "/cases/new/", f"/cases/new/?operation={rich['sent']}", f"/cases/{rich['case']}/",
        f"/cases/{rich['other']}/",
    ]  # fmt: skip
    nothing_in(look_at(person, paths))


def test_desk_pages(at_the_desk, agent_over_http, supervisor_over_http, rich, language):
    agent = at_the_desk(agent_over_http, language, color_scheme=SCHEMES[language])
    paths = [
        "/desk/", "/desk/?queue=all", f"/desk/cases/{rich['case']}/", f"/desk/cases/{rich['other']}/", "/desk/held/",
        "/desk/exceptions/", "/desk/search/?q=nothing", f"/desk/operations/{rich['sent']}/",
    ]  # fmt: skip
    nothing_in(look_at(agent, paths))
    supervisor = at_the_desk(supervisor_over_http, language, color_scheme=SCHEMES[language])
    nothing_in(look_at(supervisor, [f"/desk/cases/{rich['case']}/"]))


def test_a_solved_case(visit, rich, agent_over_http, language):
    customer = rich["customer"]
    opened = customer.ok("POST", "/cases", {"category": "other", "words": "Hm?"}, key=new_key(), status=201)
    agent_over_http.solve(opened["reference"], "That is how it is.")
    person = visit(language, customer, color_scheme=SCHEMES[language])
    nothing_in(look_at(person, [f"/cases/{opened['reference']}/", "/home/"]))


def test_every_page_carries_the_content_policy(live, rich):
    http = rich["customer"].http
    for path in ("/", "/help/", "/sign-in/", "/nothing/", "/manifest.webmanifest", "/api/v1/accounts"):
        answer = http.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
