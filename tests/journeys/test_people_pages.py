"""Every page of people, in both languages: no violation of accessibility, nothing wider than a phone, no complaint."""

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from guitai.site.cast import PASSWORD, PIN
from tests.journeys.accessible import SCHEMES, nothing_in, problems_of
from tests.journeys.browser import Person
from tests.journeys.client import Customer, fresh_phone, sms, sms_code, totp, until
from tests.journeys.test_getting_in import PASSKEY_MS, enrol_passkey, fingerprint
from tests.journeys.test_identity import NAMES, card_number, declare, photo, resident_number, send_photos
from tests.live import Live

__all__ = ["fingerprint"]
pytestmark = pytest.mark.browser
WORD = "purple walrus"
OWN = (
    "/me/", "/me/pin/", "/me/pin/forgotten/", "/me/password/", "/me/security/", "/me/second-steps/",
    "/me/second-steps/app/", "/me/second-steps/passkey/", "/me/devices/", "/me/email/", "/me/number/", "/me/standing/",
    "/me/standing/history/", "/me/freeze-word/", "/me/identity/", "/me/identity/documents/",
    "/me/identity/documents/national_id/?country=CN", "/me/identity/documents/passport/", "/me/bank-accounts/",
    "/me/bank-accounts/new/", "/me/bank-accounts/new/iban/", "/me/bank-accounts/new/us_account/", "/me/data/",
)  # fmt: skip


class Looks:
    """What was found, page by page."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def at(self, person: Person, name: str = "", path: str = "") -> None:
        """Look at the page that is open, or at one that is opened first."""
        if path:
            person.go(path)
        name = name or path
        if problems := problems_of(person.page):
            self.found[name] = problems


@pytest.fixture
def looks():
    seen = Looks()
    yield seen
    nothing_in(seen.found)


@pytest.fixture
def come(visit: Callable[..., Person], language: str) -> Callable[..., Person]:
    """Somebody in the language of the test; dark in one of them."""
    return lambda customer=None, **options: visit(
        language, customer, **{"color_scheme": SCHEMES[language], **options}
    )


def first(person: Person, selector: str) -> str:
    """The address of the first link that a page has of a sort."""
    address = person.page.locator(f"main {selector}").first.get_attribute("href")
    assert address is not None, selector
    return address


def sign_in(person: Person, customer: Customer) -> None:
    """Number and password; where it leads is the caller's affair."""
    page = person.go("/sign-in/")
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=password]", PASSWORD)
    person.submit()


def test_ones_own_pages(live: Live, come, language: str, looks: Looks) -> None:
    customer = Customer(live, NAMES[language], language=language).signed_up()
    person = come(customer)
    for path in OWN:
        looks.at(person, path=path)
    person.go("/me/devices/")
    looks.at(person, path=first(person, "a[href^='/me/devices/']"))
    page = person.go("/me/email/")
    page.fill("[name=email]", "lin.yue@example.org")
    person.submit()
    looks.at(person, "code for a mail address")
    page = person.go("/me/number/")
    page.locator("[name=phone]").first.fill(fresh_phone())
    if page.locator("[name=password]").count():
        page.fill("[name=password]", PASSWORD)
    person.submit()
    looks.at(person, "code for a number")
    page = person.go("/me/password/")
    page.fill("[name=password]", "not the password")
    page.fill("[name=new_password]", "ferry moss lantern 9")
    person.submit()
    looks.at(person, "a wrong password")


def test_pages_of_second_steps(live: Live, come, fingerprint: Callable[[Person], Any], looks: Looks) -> None:
    customer = Customer(live).signed_up()
    person = come(customer)
    page = person.go("/me/second-steps/app/")
    secret = page.locator(".people-qr code").inner_text()
    page.fill("[name=code]", totp(secret))
    person.submit()
    looks.at(person, "recovery codes")
    fingerprint(person)
    person.go("/me/second-steps/passkey/")
    page.locator("[data-passkey-start]").wait_for(timeout=PASSKEY_MS)
    with page.expect_navigation(timeout=PASSKEY_MS):
        page.locator("[data-passkey-start]").click()
    looks.at(person, path="/me/second-steps/")
    for number in range(page.locator("main a.row[href^='/me/second-steps/']").count()):
        person.go("/me/second-steps/")
        href = page.locator("main a.row[href^='/me/second-steps/']").nth(number).get_attribute("href")
        looks.at(person, path=str(href))
    other = come()
    sign_in(other, customer)
    looks.at(other, "second step: app")
    for way in ("passkey", "recovery"):
        if other.page.locator(f"main a[href='?way={way}']").count():
            looks.at(other, path=f"/sign-in/second-step/?way={way}")
    other.go("/sign-in/second-step/?way=app")


def test_pages_of_a_sign_in_from_elsewhere(live: Live, come, language: str, looks: Looks) -> None:
    customer = Customer(live, language=language).signed_up()
    come(customer)
    seen = sms(live, customer.phone, "people.new_sign_in")["id"]
    other = come()
    before = sms(live, customer.phone, "people.code_step")["id"]
    sign_in(other, customer)
    looks.at(other, "second step: code by SMS")
    other.page.fill("[name=code]", sms_code(live, customer.phone, "people.code_step", before))
    other.submit()
    notice = sms(live, customer.phone, "people.new_sign_in", seen)["body"]
    address = re.search(r"https?://[^/\s]+(/not-me/[\w-]+/)", notice)
    assert address is not None, notice
    anybody = come()
    looks.at(anybody, "this wasn't me", address[1])
    anybody.submit()
    looks.at(anybody, "this wasn't me: done")
    anybody.page.goto(address[1])
    looks.at(anybody, "a link that is over")
    anybody.page.goto("/number-change/no-such-token/")
    looks.at(anybody, "a link of a number change that is over")


def test_pages_of_a_forgotten_password(live: Live, come, language: str, looks: Looks) -> None:
    customer = Customer(live, language=language).signed_up()
    person = come()
    page = person.go("/sign-in/forgotten/")
    page.fill("[name=phone]", customer.phone)
    person.submit()
    looks.at(person, "forgotten: code")
    page.fill("[name=code]", sms_code(live, customer.phone, "people.code_reset"))
    person.submit()
    looks.at(person, "forgotten: second proof")
    if page.locator("main [name=pin]").count():
        page.fill("main [name=pin]", PIN)
        person.submit()
        looks.at(person, "forgotten: new password")
    person.go("/sign-in/code/")
    looks.at(person, "sign in by code")
    page.fill("[name=phone]", customer.phone)
    person.submit()
    looks.at(person, "sign in by code: enter")


def test_pages_of_freezing_and_the_way_back(live: Live, come, language: str, looks: Looks) -> None:
    customer = Customer(live, language=language).signed_up()
    own = come(customer)
    page = own.go("/me/freeze-word/")
    page.fill("[name=word]", WORD)
    page.fill("[name=password]", PASSWORD)
    own.submit()
    looks.at(own, path="/me/freeze-word/")
    anybody = come()
    for path in ("/freeze/", "/freeze/word/", "/freeze/without-phone/", "/unlock/"):
        looks.at(anybody, path=path)
    page = anybody.go("/unlock/")
    page.fill("[name=phone]", customer.phone)
    anybody.submit()
    looks.at(anybody, "unlock: code")
    looks.at(anybody, path="/unlock/recovery/")
    page = anybody.go("/freeze/without-phone/")
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=end]", "002X")
    anybody.submit()
    looks.at(anybody, "freeze without the phone: asked")
    page = anybody.go("/freeze/")
    page.fill("[name=phone]", customer.phone)
    anybody.submit()
    looks.at(anybody, "freeze: code")
    page.fill("[name=code]", sms_code(live, customer.phone, "people.code_freeze"))
    anybody.submit()
    looks.at(anybody, "freeze: done")
    sign_in(own, customer)
    own.second_step(customer)
    looks.at(own, "standing: frozen", "/me/standing/")
    looks.at(own, "the way out", first(own, "a[href^='/me/standing/0']"))
    looks.at(own, path="/me/standing/history/")


def test_pages_of_identity_and_accounts(live: Live, come, language: str, looks: Looks) -> None:
    person = come()
    person.sign_up(fresh_phone(), NAMES[language])
    declare(person, NAMES[language], resident_number())
    looks.at(person, path="/me/identity/photos/")
    send_photos(person, "front", "back", "selfie", words=secrets.token_hex(3))
    looks.at(person, "identity: photos sent", "/me/identity/")
    page = person.go("/me/bank-accounts/new/cn_card/")
    looks.at(person, "a new card")
    page.fill("[name=number]", card_number())
    page.fill("[name=bank]", "Industrial and Commercial Bank of China")
    page.fill("[name=pin]", PIN)
    person.submit()
    looks.at(person, path="/me/bank-accounts/")
    looks.at(person, path=first(person, "a[href$='/removal/']"))
    page = person.go("/me/data/")
    page.locator("main form[action='/me/data/exports/'] button").click()
    looks.at(person, path="/me/data/")
    until(lambda: person.go("/me/data/").locator("main a[href^='/me/data/exports/']").count())
    looks.at(person, path=first(person, "a[href^='/me/data/exports/']"))


def test_a_proof_that_is_asked_for_again(live: Live, come, looks: Looks) -> None:
    customer = Customer(live).signed_up()
    person = come(customer)
    page = person.go("/me/")
    page.locator("form[action='/sign-out/'] button").click()
    page.wait_for_url("**/sign-in/")
    seen = sms(live, customer.phone, "people.code")["id"]
    person.go("/sign-in/code/")
    page.fill("[name=phone]", customer.phone)
    person.submit()
    page.fill("[name=code]", sms_code(live, customer.phone, after=seen))
    person.submit()
    page.wait_for_url("**/home/")
    # A code by SMS is no proof for changing how one signs in.
    person.go("/me/second-steps/app/")
    assert "/me/confirm/" in page.url, page.url
    looks.at(person, "confirm")


SHOWN = """
from guitai.base.actor import SYSTEM
from guitai.people import api
api.lock_after_failures({person!r}, "security_check")
"""


def test_pages_of_staff(
    live: Live, come, at_the_desk, agent_over_http, supervisor_over_http, language: str, looks: Looks
) -> None:
    customer = Customer(live, NAMES[language], language=language).signed_up()
    person = come(customer)
    identity = customer.ok("GET", "/me")["id"]
    done = live.run("shell", "-c", "from uuid import UUID\n" + SHOWN.format(person=identity).replace(
        f"'{identity}'", f"UUID('{identity}')"
    ))  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = person.go("/me/standing/")
    person.go(first(person, "a[href^='/me/standing/0']"))
    looks.at(person, "showing a document")
    page.set_input_files("[name=files]", photo("passport of somebody"))
    person.submit()
    looks.at(person, "a document was shown")
    agent = at_the_desk(agent_over_http, language, color_scheme=SCHEMES[language])
    for path in ("/staff/safety/", "/staff/release-documents/"):
        looks.at(agent, path=path)
    looks.at(agent, "a document to look at", first(agent, "a[href^='/staff/release-documents/']"))
    case = until(lambda: customer.ok("GET", "/cases")["items"])[0]["reference"]
    agent.go(f"/desk/cases/{case}/")
    standing = agent.page.locator("a[href^='/staff/standing/']").first.get_attribute("href")
    supervisor = at_the_desk(supervisor_over_http, language, color_scheme=SCHEMES[language])
    for path in (str(standing), "/staff/on-call/", "/staff/signals/", "/staff/safety/"):
        looks.at(supervisor, path=path)
    stranger = come()
    looks.at(stranger, path="/staff/sign-in/")


def test_pages_of_a_passkey(live: Live, come, fingerprint: Callable[[Person], Any], looks: Looks) -> None:
    customer = Customer(live).rich(50_00)
    person = come(customer)
    fingerprint(person)
    enrol_passkey(person)
    looks.at(person, "recovery codes after a passkey")
    person.transfer(fresh_phone(), "12.34", "tea")
    person.submit()
    looks.at(person, "the PIN of a transfer with a passkey beside it")
    person.go("/me/")
    person.page.locator("form[action='/sign-out/'] button").click()
    sign_in(person, customer)
    looks.at(person, "second step: passkey")
