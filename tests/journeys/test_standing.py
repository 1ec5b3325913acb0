"""Locked, frozen, out again: what a customer does at a phone, with nothing mocked."""

import secrets

from playwright.sync_api import expect

from guitai.site.cast import PASSWORD, PIN
from tests.journeys.browser import overflow
from tests.journeys.client import Customer, fresh_phone, sms, sms_code, until

ANOTHER = "window-93-basket-rain"
WORD = "purple walrus"
WRONG = "wrong words of a stranger"


def wrong_passwords(live, phone: str) -> None:
    """As many as it takes, over the API."""
    stranger = Customer(live, "Stranger", phone=phone)
    for _ in range(5):
        body = {"phone": phone, "password": WRONG}
        answer = stranger.http.post("/_allauth/app/v1/auth/login", json=body)
        if answer.status_code == 423:
            return
    raise AssertionError(f"the number was never locked: {answer.status_code} {answer.text}")


def enter(person, customer, password: str = PASSWORD) -> None:
    """From the sign-in page that is open; a browser that is new is asked for a code as well."""
    page = person.page
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=password]", password)
    person.submit()
    if "/second-step/" in page.url:
        page.fill("[name=code]", sms_code(person.live, customer.phone, "people.code_step"))
        person.submit()


def works_again(person) -> None:
    page = person.go("/me/standing/")
    expect(page.locator("main .badge.is-ok").first).to_be_visible()
    expect(page.locator("main a[href^='/me/standing/0']")).to_have_count(0)


def press(person, value: str) -> None:
    person.page.locator(f"main button[value={value}]").click()


def open_again(live, own, customer):
    """From the page that says what is stopped over every proof to a wallet that works."""
    page = own.page
    page.locator("main a[href^='/me/standing/0']").first.click()
    page.fill("main [name=password]", PASSWORD)
    press(own, "prove")
    press(own, "send_code")
    page.fill("[name=code]", sms_code(live, customer.phone, "people.code_release"))
    press(own, "prove")
    page.fill("main [name=pin]", PIN)
    press(own, "prove")
    page.fill("main [name=new_password]", ANOTHER)
    press(own, "prove")
    page.wait_for_url("**/me/standing/")
    works_again(own)


def test_locked_after_failures_and_unlocked_by_oneself(live, visit, language):
    customer = Customer(live, "Lin Locked").signed_up()
    wrong_passwords(live, customer.phone)
    sms(live, customer.phone, "people.sign_in_locked")
    person = visit(language)
    page = person.go("/sign-in/")
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=password]", PASSWORD)
    person.submit()
    assert "/sign-in/" in page.url, "even the right password is not looked at"
    page.locator("main a[href='/unlock/']").first.click()
    page.fill("[name=phone]", customer.phone)
    person.submit()
    page.wait_for_url("**/unlock/code/")
    page.fill("[name=code]", sms_code(live, customer.phone, "people.code_unlock"))
    person.submit()
    page.wait_for_url("**/me/standing/")
    assert overflow(page) == []
    page.locator("main a[href^='/me/standing/0']").first.click()
    page.wait_for_url("**/sign-in/")
    enter(person, customer)
    page.wait_for_url("**/home/")
    # The app that was signed in stayed so all the time.
    assert customer.ok("GET", "/me")["standing"]["state"] == "active"


def test_a_number_of_nobody_is_locked_and_unlocked_in_the_same_words(live, visit):
    phone = fresh_phone()
    wrong_passwords(live, phone)
    person = visit("en")
    page = person.go("/sign-in/")
    page.fill("[name=phone]", phone)
    page.fill("[name=password]", PASSWORD)
    person.submit()
    assert (
        "Signing in with a password is locked" in person.text() or "Too many wrong passwords" in person.text()
    )
    person.go("/unlock/")
    page.fill("[name=phone]", phone)
    person.submit()
    page.wait_for_url("**/unlock/code/")
    page.fill("[name=code]", "123456")
    person.submit()
    expect(page.locator("#id_code_error, .notice.is-danger").first).to_be_visible()


def test_freezes_with_a_word_from_another_phone_and_comes_back(live, visit, language):
    customer = Customer(live, "Lin Word").rich(60_00)
    own = visit(language, customer)
    page = own.go("/me/freeze-word/")
    page.fill("[name=word]", WORD)
    page.fill("[name=password]", PASSWORD)
    own.submit()
    page.wait_for_url("**/me/")
    assert customer.transfer(fresh_phone(), 10_00).status_code == 201
    friend = visit(language)
    page = friend.go("/freeze/")
    page.locator("main a[href='/freeze/word/']").click()
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=word]", WORD.upper())
    friend.submit()
    page.wait_for_url("**/freeze/done/")
    own.page.goto("/home/")
    assert "/sign-in/" in own.page.url
    page = own.page
    page.goto("/sign-in/?next=/me/standing/")
    enter(own, customer)
    page.wait_for_url("**/me/standing/")
    # What was on its way is shown there.
    page.locator("main a[href='/me/in-flight/']").first.click()
    assert "10.00" in own.text()
    page.go_back()
    open_again(live, own, customer)


def test_freezes_for_some_hours_without_the_phone(live, visit, language):
    customer = Customer(live, "Lin Lost").signed_up()
    number = f"P{secrets.randbelow(90_000_000) + 10_000_000}"
    customer.ok("POST", "/me/identity", {
        "kind": "passport", "country": "CN", "number": number, "name": "Lin Lost",
        "birth": "1990-05-01", "expires_on": "2035-01-01",
    })  # fmt: skip
    person = visit(language)
    page = person.go("/freeze/")
    page.locator("main a[href='/freeze/without-phone/']").click()
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=end]", number[-4:])
    person.submit()
    page.wait_for_url("**/freeze/asked/")
    until(lambda: sms(live, customer.phone, "people.frozen_provisionally"))
    now = customer.signed_in().ok("GET", "/me/standing")
    assert (now["state"], now["reason"], now["causes"][0]["until"] is not None) == (
        "frozen",
        "provisional",
        True,
    )


def test_closes_the_wallet_and_changes_the_mind(live, visit, language):
    customer = Customer(live, "Lin Leaves").signed_up()
    person = visit(language, customer)
    page = person.go("/me/")
    page.locator("main a[href='/me/closing/']").click()
    page.check("[name=agreed]")
    page.fill("[name=password]", PASSWORD)
    person.submit()
    page.wait_for_url("**/me/closing/asked/")
    assert customer.call("GET", "/me").status_code == 401
    page.goto("/sign-in/")
    enter(person, customer)
    page.wait_for_url("**/home/")
    works_again(person)
