"""Two people at two browsers: an action refused for want of a proof, then of a second person, then done once."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from guitai.site.cast import PASSWORD, PIN
from tests.journeys.browser import Person, overflow
from tests.journeys.client import Customer, fresh_phone, sms_code
from tests.journeys.staff import Desk
from tests.journeys.test_getting_in import PASSKEY_MS, enrol_passkey, fingerprint
from tests.live import Live

__all__ = ["fingerprint"]

AtTheDesk = Callable[..., Person]
NEW_PIN = "314159"


def opened_case(person: Person, words: str) -> str:
    """The customer asks about anything; gives the case's reference."""
    page = person.go("/cases/new/?category=other")
    page.fill("main [name=words]", words)
    person.submit()
    page.wait_for_url(re.compile(r"/cases/[A-Z0-9]{10}/$"))
    return person.reference()


def act(agent: Person, reference: str, name: str, reason: str = "asked in the case") -> None:
    page = agent.go(f"/desk/cases/{reference}/actions/{name}/")
    page.fill("main [name=reason]", reason)
    with page.expect_navigation():
        page.locator(".action-page form button[type=submit]").last.click()


def test_unfreezing_wants_a_proof_then_a_second_person(
    live: Live, visit: Callable[..., Person], at_the_desk: AtTheDesk, agent_over_http: Desk,
    supervisor_over_http: Desk, language: str,
) -> None:  # fmt: skip
    customer = Customer(live, "林月" if language != "en" else "Yue Lin", language).signed_up()
    person = visit(language, customer)
    reference = opened_case(person, "Please freeze my account, somebody may have my phone.")
    agent, supervisor = at_the_desk(agent_over_http, language), at_the_desk(supervisor_over_http, language)

    # Stopping needs no proof.
    act(agent, reference, "freeze")
    expect(agent.page).to_have_url(re.compile(rf"/desk/cases/{reference}/"))
    person = visit(language, customer)

    # Unfreezing without a proof is refused, and says what is missing.
    act(agent, reference, "unfreeze")
    expect(agent.page.locator("main .notice, main .form-errors, main .field-error").first).to_be_visible()
    assert "/actions/unfreeze/" in agent.page.url

    # The customer sees who asks, and approves with the PIN.
    page = agent.go(f"/desk/cases/{reference}/")
    assert overflow(page) == []
    with page.expect_navigation():
        page.locator("button[name=method][value=app]").click()
    phone = person.go("/home/")
    phone.locator("a[href*='/me/prove/']").first.click()
    expect(phone.locator("main code").first).to_have_text(re.compile(r"^\d{8}$"))
    assert overflow(phone) == []
    phone.fill("#approve [name=pin]", PIN)
    with phone.expect_navigation():
        phone.locator("#approve button[value=approve]").click()
    expect(phone).to_have_url(re.compile(rf"/cases/{reference}/"))

    # Now it waits for a second person; whoever asked cannot decide.
    act(agent, reference, "unfreeze")
    expect(agent.page).to_have_url(re.compile(rf"/desk/cases/{reference}/"))
    page = agent.go("/desk/approvals/")
    expect(page.locator(f"main a[href='/desk/cases/{reference}/']").first).to_be_visible()
    expect(page.locator("main button[value=approve]")).to_have_count(0)

    page = supervisor.go("/desk/approvals/")
    card = page.locator("main .card", has=page.locator(f"a[href='/desk/cases/{reference}/']"))
    card.locator("[name=reason]").fill("looked at it")
    with page.expect_navigation():
        card.locator("button[value=approve]").click()

    # It is done, and the customer's own case says so.
    story = person.go(f"/cases/{reference}/").locator("main").inner_text()
    done = (
        "Account unfrozen: approved by a second person" if language == "en" else "账户已解冻：已由第二人批准"
    )
    assert done in story
    expect(person.go("/me/standing/").locator("main")).to_be_visible()


def test_a_passkey_in_the_browser_ends_a_pin_by_two_persons(
    live: Live, visit: Callable[..., Person], at_the_desk: AtTheDesk, agent_over_http: Desk,
    supervisor_over_http: Desk, fingerprint: Callable[[Person], Any],
) -> None:  # fmt: skip
    customer = Customer(live, "Yue Lin", "en").rich(3_000_00)
    person = visit("en", customer)
    fingerprint(person)
    enrol_passkey(person)
    reference = opened_case(person, "I have forgotten my PIN.")
    agent, supervisor = at_the_desk(agent_over_http), at_the_desk(supervisor_over_http)
    act(agent, reference, "reset_pin")
    assert "/actions/reset_pin/" in agent.page.url, "first the customer shows that it is them"
    page = agent.go(f"/desk/cases/{reference}/")
    with page.expect_navigation():
        page.locator("button[name=method][value=passkey]").click()
    phone = person.go("/home/")
    phone.locator("a[href*='/me/prove/']").first.click()
    assert overflow(phone) == []
    phone.locator("[data-passkey-start]").click(timeout=PASSKEY_MS)
    phone.wait_for_url(re.compile(rf"/cases/{reference}/"), timeout=PASSKEY_MS)
    shown = agent.go(f"/desk/cases/{reference}/").locator("body").inner_text()
    assert "level 3, until" in shown
    act(agent, reference, "reset_pin")
    page = supervisor.go("/desk/approvals/")
    card = page.locator("main .card", has=page.locator(f"a[href='/desk/cases/{reference}/']"))
    with page.expect_navigation():
        card.locator("button[value=approve]").click()
    story = person.go(f"/cases/{reference}/").locator("main").inner_text()
    assert "Payment PIN reset: approved by a second person" in story
    # It ends with the customer: nobody else chooses the next one, and while it is new little leaves.
    page = person.go("/me/pin/")
    page.fill("main [name=password]", PASSWORD)
    for name in ("pin", "pin_again"):
        page.fill(f"[name={name}]", NEW_PIN)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    assert "Your payment PIN is new" in person.go("/me/limits/").locator("main").inner_text()
    refused = customer.transfer(fresh_phone(), 2_000_00, pin=NEW_PIN)
    assert refused.json()["code"] == "limit_new_pin", refused.text
    assert customer.transfer(fresh_phone(), 200_00, pin=NEW_PIN).status_code < 300


def test_a_forgotten_pin_takes_two_proofs_and_is_new_for_a_while(
    live: Live, visit: Callable[..., Person], language: str
) -> None:
    customer = Customer(live, "林月" if language != "en" else "Yue Lin", language).rich(3_000_00)
    person = visit(language, customer)
    before = customer.last_sms("people.code_step")
    page = person.go("/me/pin/forgotten/")
    if "/me/confirm/" in page.url:
        page.fill("main [name=password]", PASSWORD)
        person.submit()
        page.wait_for_url(re.compile("/me/pin/forgotten/"))
    assert overflow(page) == []
    page.fill("main [name=code]", sms_code(live, customer.phone, "people.code_step", before))
    for name in ("pin", "pin_again"):
        page.fill(f"main [name={name}]", NEW_PIN)
    with page.expect_navigation():
        page.locator("main button[name=action][value=prove]").click()
    page = person.go("/me/limits/")
    assert page.locator("main .notice.is-wait").count() == 1 and overflow(page) == []
    refused = customer.transfer(fresh_phone(), 2_000_00, pin=NEW_PIN)
    assert refused.json()["code"] == "limit_new_pin", refused.text
    assert customer.transfer(fresh_phone(), 200_00, pin=NEW_PIN).status_code < 300


def test_a_read_without_a_case_is_refused_and_the_glass_is_only_for_emergencies(
    live: Live, at_the_desk: AtTheDesk, agent_over_http: Desk, supervisor_over_http: Desk
) -> None:
    customer = Customer(live, "Yue Lin", "en").signed_up()
    agent = at_the_desk(agent_over_http)
    # Nobody's data is at an address of its own: a try is refused, in words.
    page = agent.go("/desk/customers/00000000-0000-7000-8000-000000000000/", status=403)
    assert "recorded" in page.locator("body").inner_text()
    agent.go("/desk/break-glass/", status=403)
    supervisor = at_the_desk(supervisor_over_http)
    page = supervisor.go("/desk/break-glass/")
    page.fill("[name=whose]", customer.phone)
    page.fill("main [name=reason] >> nth=0", "somebody is being robbed")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/desk/break-glass/[0-9a-f-]{36}/"))
    assert "Yue Lin" in page.locator("main").inner_text()
