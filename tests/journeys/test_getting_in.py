"""Getting in, in a real browser: signing up, second steps, passkeys, and somebody else on one's account."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from guitai.site.cast import PASSWORD
from tests.journeys.browser import WIDE, Person, overflow
from tests.journeys.client import Customer, fresh_phone, sms, sms_code, totp
from tests.live import Live

pytestmark = pytest.mark.browser
# A virtual authenticator on a busy machine takes its time.
PASSKEY_MS = 15_000
Visit = Callable[..., Person]


@pytest.fixture
def fingerprint() -> Callable[[Person], CDPSession]:
    """`fingerprint(person)`: the browser has a built-in authenticator that says yes at once."""

    def give(person: Person) -> CDPSession:
        session = person.context.new_cdp_session(person.page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return session

    return give


def path_of(person: Person) -> str:
    return re.sub(r"^https?://[^/]+", "", person.page.url)


def enrol_passkey(person: Person) -> None:
    page = person.go("/me/second-steps/passkey/")
    page.locator("[data-passkey-start]").wait_for(timeout=PASSKEY_MS)
    page.locator("[data-passkey-start]").click()
    page.wait_for_url("**/me/second-steps/**codes/**", timeout=PASSKEY_MS)


def test_signs_up_with_a_meter_for_the_password(live: Live, visit: Visit, language: str) -> None:
    person, phone = visit(language), fresh_phone()
    page = person.go("/sign-up/")
    page.fill("[name=phone]", f" 0086 {phone[3:6]} {phone[6:10]}　{phone[10:]} ")
    person.submit()
    page.locator("[name=password]").press_sequentially("password1")
    meter = page.locator("[data-strength-meter]")
    expect(meter).to_have_attribute("data-score", re.compile("[01]"))
    page.fill("[name=password]", PASSWORD)
    expect(meter).to_have_attribute("data-score", re.compile("[34]"))
    page.check("[name=agreement]")
    person.submit()
    page.fill("[name=code]", sms_code(live, phone))
    person.submit()
    page.fill("[name=name]", "林月")
    person.submit()
    expect(page.locator("[name=pin]")).to_be_attached()
    person.go("/me/security/")
    assert page.locator(".row").count() >= 5 and overflow(page) == []


def test_sets_up_an_authenticator_app_and_signs_in_with_it(live: Live, visit: Visit) -> None:
    customer = Customer(live).signed_up()
    person = visit("en", customer)
    page = person.go("/me/second-steps/")
    page.locator("main a[href$='/app/']").click()
    secret = page.locator(".people-qr code").inner_text()
    page.fill("[name=code]", totp(secret))
    person.submit()
    expect(page.locator(".people-codes li")).to_have_count(10)
    code = page.locator(".people-codes li").first.inner_text()
    for given in (totp(secret), code):
        other = visit("en")
        page = other.go("/sign-in/")
        page.fill("[name=phone]", customer.phone)
        page.fill("[name=password]", PASSWORD)
        other.submit()
        assert path_of(other).startswith("/sign-in/second-step/")
        if given == code:
            page.locator("a[href='?way=recovery']").click()
        page.fill("[name=code]", given)
        other.submit()
        page.wait_for_url("**/home/")


def test_enrols_a_passkey_and_signs_in_without_a_password(
    live: Live, visit: Visit, fingerprint: Callable[[Person], Any], language: str
) -> None:
    customer = Customer(live, language=language).signed_up()
    person = visit(language, customer)
    fingerprint(person)
    enrol_passkey(person)
    page = person.go("/me/second-steps/")
    assert page.locator("main a.row[href^='/me/second-steps/']").count() >= 2 and overflow(page) == []
    person.go("/me/")
    page.locator("form[action='/sign-out/'] button").click()
    page.wait_for_url("**/sign-in/")
    page.locator("[data-passkey-start]").click(timeout=PASSKEY_MS)
    page.wait_for_url("**/home/", timeout=PASSKEY_MS)


def test_a_payment_is_approved_by_a_passkey_instead_of_the_pin(
    live: Live, visit: Visit, fingerprint: Callable[[Person], Any], language: str
) -> None:
    customer = Customer(live, language=language).rich(100_00)
    person = visit(language, customer)
    fingerprint(person)
    enrol_passkey(person)
    person.transfer(fresh_phone(), "12.34", "tea")
    person.submit()
    page = person.page
    assert page.locator("[name=pin]").count() == 1 and overflow(page) == []
    page.locator("[data-passkey-start]").click(timeout=PASSKEY_MS)
    page.wait_for_url("**/bills/**", timeout=PASSKEY_MS)
    assert "12.34" in person.text() and customer.available == 100_00 - 12_34


def test_a_passkey_is_the_second_step_and_proves_afresh(
    live: Live, visit: Visit, fingerprint: Callable[[Person], Any]
) -> None:
    customer = Customer(live).signed_up()
    person = visit("en", customer)
    fingerprint(person)
    enrol_passkey(person)
    person.go("/me/")
    person.page.locator("form[action='/sign-out/'] button").click()
    page = person.go("/sign-in/")
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=password]", PASSWORD)
    person.submit()
    assert path_of(person).startswith("/sign-in/second-step/")
    page.locator("[data-passkey-start]").click(timeout=PASSKEY_MS)
    page.wait_for_url("**/home/", timeout=PASSKEY_MS)
    assert "passkey" in person.go("/me/devices/").locator("main").inner_text().lower()


def test_somebody_else_signs_in_and_one_tap_stops_it(live: Live, visit: Visit, language: str) -> None:
    customer = Customer(live, language=language).signed_up()
    owner, thief = visit(language, customer), visit(language, viewport=WIDE)
    seen = sms(live, customer.phone, "people.new_sign_in")["id"]
    page = thief.go("/sign-in/")
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=password]", PASSWORD)
    before = sms(live, customer.phone, "people.code_step")["id"]
    thief.submit()
    page.fill("[name=code]", sms_code(live, customer.phone, "people.code_step", before))
    thief.submit()
    page.wait_for_url("**/home/")
    notice = sms(live, customer.phone, "people.new_sign_in", seen)["body"]
    address = re.search(r"https?://[^/\s]+(/not-me/[\w-]+/)", notice)
    assert address is not None, notice
    anybody = visit(language)
    page = anybody.go(address[1])
    assert overflow(page) == []
    anybody.submit()
    assert path_of(anybody) == "/not-me/done/"
    for person in (owner, thief):
        person.page.goto("/home/")
        assert path_of(person).startswith("/sign-in/"), "everybody is signed out"
    frozen = sms(live, customer.phone, "people.frozen_by_self")
    assert frozen["body"]


def test_changes_the_password_and_stays(live: Live, visit: Visit) -> None:
    customer = Customer(live).signed_up()
    person = visit("en", customer)
    page = person.go("/me/password/")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=new_password]", "ferry moss lantern 9")
    person.submit()
    assert path_of(person) == "/me/security/"
    person.go("/me/devices/")
    assert page.locator(".people-session").count() == 1


PAGES = (
    "/me/", "/me/security/", "/me/devices/", "/me/second-steps/", "/me/second-steps/app/", "/me/second-steps/passkey/",
    "/me/password/", "/me/pin/", "/me/pin/forgotten/", "/me/email/", "/me/number/",
)  # fmt: skip


@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, WIDE], ids=["phone", "wide"])
def test_nothing_overflows_in_either_language(
    live: Live, visit: Visit, language: str, size: dict[str, int]
) -> None:
    customer = Customer(live, language=language).signed_up()
    person = visit(language, customer, viewport=size)
    for path in PAGES:
        assert overflow(person.go(path)) == [], path
