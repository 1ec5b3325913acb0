"""The money path without scripts, and with the keyboard alone."""

import re

from playwright.sync_api import expect

from guitai.site.cast import PASSWORD, PIN
from tests.journeys.client import Customer, fresh_phone

TABS_MAX = 60


def test_the_money_path_without_scripts(live, visit, language):
    friend = Customer(live, "Friend Plain").signed_up()
    lin = visit(language, java_script_enabled=False)
    lin.sign_up(fresh_phone(), "Lin Plain")
    lin.top_up("250")
    page = lin.page
    order, bank = page.url, page.locator("main a[href*='/bank/pay/']").get_attribute("href")
    page.goto(bank)
    page.locator("button[name=press][value=pay]").click()
    arrived(page, order)
    lin.transfer(friend.phone, "12.30", "no scripts")
    lin.confirm()
    page.wait_for_url("**/bills/*/")
    reference = lin.reference()
    lin.go(f"/bills/{reference}/receipt/")
    assert "12.30 CNY" in lin.text("main")
    assert friend.available == 12_30
    ask_without_scripts(lin, reference)


def arrived(page, order):
    for _ in range(40):
        page.goto(order)
        if page.locator(".operation-state.is-ok").count():
            return
        page.wait_for_timeout(250)
    raise AssertionError("the top-up never arrived")


def ask_without_scripts(lin, reference):
    page = lin.go(f"/cases/new/?operation={reference}")
    page.fill("main [name=words]", "Did it arrive?")
    lin.submit()
    page.wait_for_url(re.compile(r"/cases/[A-Z0-9]{10}/"))
    assert "Did it arrive?" in lin.text()


def focused(page):
    """What has the focus, in words a test can compare."""
    return page.evaluate(
        """() => {
            const one = document.activeElement;
            return [one.tagName, one.getAttribute('name') || '', one.getAttribute('href') || '',
                    one.getAttribute('value') || '', one.type || '', !!one.closest('main')];
        }"""
    )


def tab_to(page, wanted):
    """Press Tab until something that is wanted has the focus, and is seen to have it."""
    for _ in range(TABS_MAX):
        if wanted(focused(page)):
            ring = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
            )
            assert ring, f"nobody sees that {focused(page)} has the focus"
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard never got there")


def field(name):
    return lambda at: at[1] == name


def button(at):
    return at[0] == "BUTTON" and at[4] == "submit" and at[5] and not at[1]


def test_a_transfer_with_the_keyboard_alone(live, visit, language):
    friend, lin = Customer(live, "Friend Keys").signed_up(), Customer(live, "Lin Keys").rich(90_00)
    person = visit(language)
    page, keys = person.go("/sign-in/"), person.page.keyboard
    expect(page.locator("[name=phone]")).to_be_focused()
    keys.type(lin.phone)
    keys.press("Tab")
    keys.type(PASSWORD)
    with page.expect_navigation():
        keys.press("Enter")
    person.second_step(lin)
    page.wait_for_url("**/home/")
    tab_to(page, lambda at: at[2] == "/transfer/")
    keys.press("Enter")
    page.wait_for_url("**/transfer/")
    expect(page.locator("[name=phone]")).to_be_focused()
    keys.type(friend.phone)
    keys.press("Enter")
    expect(page.locator("[name=amount]")).to_be_focused()
    keys.type("33.30")
    tab_to(page, field("note"))
    keys.type("by keys")
    keys.press("Enter")
    expect(page.locator(".review")).to_be_visible()
    tab_to(page, button)
    keys.press("Enter")
    expect(page.locator("[name=pin]")).to_be_focused()
    keys.type(PIN)
    keys.press("Enter")
    page.wait_for_url("**/bills/*/")
    assert friend.available == 33_30


def test_the_skip_link_leads_to_the_content(visit):
    page = visit("en").go("/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_the_pin_pad_of_a_phone_pays(live, visit):
    """Fingers on a touch screen use the pad; what cannot be a PIN costs no try."""
    lin, person = Customer(live, "Lin Pad").rich(20_00), visit("en", has_touch=True, is_mobile=True)
    person.sign_in(lin)
    person.transfer(fresh_phone(), "5")
    person.submit()
    page = person.page
    page.fill("[name=pin]", "12345")
    person.submit()
    expect(page.locator("#id_pin_error")).to_be_visible()
    assert all(o["code"] != "pin_wrong" for o in lin.operations())
    page.locator("[name=pin]").focus()
    for digit in PIN:
        page.locator(".pin-key", has_text=re.compile(rf"^{digit}$")).tap()
    person.submit()
    page.wait_for_url("**/bills/*/")
    assert lin.available == 15_00
