"""From a phone number to the highest tier, a card for withdrawals, and who looked at it all; in a real browser."""

import io
import secrets
import zipfile

from PIL import Image, ImageDraw
from playwright.sync_api import expect
from stdnum.cn import ric
from stdnum.luhn import calc_check_digit

from guitai.site.cast import PIN
from tests.journeys.browser import overflow
from tests.journeys.client import fresh_phone, until

NAMES = {"en": "Lin Yue", "zh-hans": "林月"}


def resident_number() -> str:
    """A resident's number that is right and that nobody has given here yet."""
    start = f"11010519{secrets.randbelow(40) + 60}0{secrets.randbelow(9) + 1}1{secrets.randbelow(9)}"
    start += f"{secrets.randbelow(1000):03}"
    return start + ric.calc_check_digit(f"{start}0")


def card_number() -> str:
    """A UnionPay number that is right."""
    start = f"622202{secrets.randbelow(10**12):012}"
    return start + calc_check_digit(start)


def photo(words: str) -> dict:
    picture, content = Image.new("RGB", (1000, 630), "#e8eef4"), io.BytesIO()
    ImageDraw.Draw(picture).text((60, 60), words, fill="black")
    picture.save(content, "PNG")
    return {
        "name": f"{words.split(maxsplit=1)[0]}.png",
        "mimeType": "image/png",
        "buffer": content.getvalue(),
    }


def arrived(visit, language: str, phone: str = ""):
    """Somebody who has just signed up in this browser."""
    person = visit(language)
    person.sign_up(phone or fresh_phone(), NAMES[language])
    return person


def declare(person, name: str, number: str) -> None:
    page = person.go("/me/")
    page.locator("main a[href='/me/identity/']").click()
    page.locator("main a[href='/me/identity/documents/']").first.click()
    page.locator("main a[href*='/documents/national_id/?country=CN']").click()
    page.fill("[name=name]", name)
    page.fill("[name=number]", number[:-1] + ("0" if number[-1] != "0" else "1"))
    person.submit()
    expect(page.locator(".field-error")).to_be_visible()
    page.fill("[name=number]", number)
    person.submit()
    page.wait_for_url("**/me/identity/")
    assert number not in person.text()


def send_photos(person, *sides: str, words: str = "") -> None:
    page = person.go("/me/identity/photos/")
    for side in sides:
        page.set_input_files(f"[name={side}]", photo(f"{side} {words} {secrets.token_hex(4)}"))
    person.submit()
    page.wait_for_url("**/me/identity/")


def open_review(agent, name: str, number: str) -> None:
    """From the desk's navigation to the photos of one customer: the one whose number this is."""
    page = agent.go("/desk/")
    page.locator(".desk-places a[href='/desk/reviews/']").click()
    page.wait_for_url("**/desk/reviews/")
    links = page.locator("main td a[href^='/desk/reviews/']")
    for address in [links.nth(n).get_attribute("href") for n in range(links.count())]:
        agent.go(address)
        claim = page.locator("main button[value=claim]")
        if claim.count():
            claim.click()
            page.locator(".desk-facts .review-number").first.wait_for()
        if number in agent.text(".desk-facts"):
            return
        page.locator("main button[value=release]").click()
        page.wait_for_url("**/desk/reviews/")
    raise AssertionError(f"no review of {name}")


def decide(agent, what: str, **fields: str) -> None:
    page = agent.page
    form = page.locator(f"form:has(input[name=what][value={what}])")
    if not form.locator("button").is_visible():
        page.locator(f"details:has(input[name=what][value={what}]) > summary").click()
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if name == "reason":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/desk/reviews/")


def test_tier_one_and_two_to_the_approval_by_staff(live, visit, at_the_desk, agent_over_http, language):
    lin, number = arrived(visit, language), resident_number()
    declare(lin, NAMES[language], number)
    send_photos(lin, "front", "back", "selfie")
    assert lin.page.locator("main .badge.is-info").count()
    agent = at_the_desk(agent_over_http, language)
    open_review(agent, NAMES[language], number)
    pictures = agent.page.locator(".review-photo img")
    assert pictures.count() == 3
    for place in range(3):
        assert pictures.nth(place).evaluate("image => image.decode().then(() => image.naturalWidth)") == 1000
    decide(agent, "better_photos", reason="photo_glare", words="The lamp on the left.")
    lin.go("/me/identity/")
    assert "The lamp on the left." in lin.text()
    send_photos(lin, "front", words="sharper")
    open_review(agent, NAMES[language], number)
    decide(agent, "approve", expires_on="2035-03-07")
    lin.go("/me/identity/")
    assert "2035" in lin.text() and lin.page.locator(".people-tier.is-done").count() == 3
    assert overflow(lin.page) == []
    lin.go("/me/data/")
    looks = lin.page.locator(".people-look")
    assert looks.count() == 1, "the looks at one review are one line"
    lin.go("/me/limits/")
    assert lin.page.locator(".limit-line").count() > 2


def test_a_card_is_added_and_removed_with_a_proof(live, visit, language):
    lin, number = arrived(visit, language), card_number()
    page = lin.go("/me/bank-accounts/")
    page.locator("main a[href='/me/identity/']").first.click()
    page.wait_for_url("**/me/identity/")
    declare(lin, NAMES[language], resident_number())
    lin.go("/me/bank-accounts/")
    page.locator("main a[href='/me/bank-accounts/new/']").click()
    page.locator("main a[href='/me/bank-accounts/new/cn_card/']").click()
    page.fill("[name=number]", " ".join((number[:6], number[6:])))
    page.fill("[name=holder]", "Somebody Else")
    page.fill("[name=pin]", PIN)
    lin.submit()
    expect(page.locator(".field-error")).to_be_visible()
    page.fill("[name=holder]", NAMES[language])
    page.fill("[name=pin]", PIN)
    lin.submit()
    page.wait_for_url("**/me/bank-accounts/")
    assert number[-4:] in lin.text() and number not in page.content()
    page.locator("main a[href$='/removal/']").click()
    page.fill("[name=pin]", PIN)
    lin.submit()
    page.wait_for_url("**/me/bank-accounts/")
    assert number[-4:] not in lin.text(".empty, main .rows")


def test_a_copy_of_ones_data_is_made_and_fetched(live, visit, language):
    phone = fresh_phone()
    lin = arrived(visit, language, phone)
    page = lin.go("/me/data/")
    page.locator("form[action='/me/data/exports/'] button").click()
    page.wait_for_url("**/me/data/")

    def ready() -> bool:
        lin.go("/me/data/")
        return bool(page.locator("main a[href^='/me/data/exports/']").count())

    until(ready, timeout_s=60)
    page.locator("main a[href^='/me/data/exports/']").first.click()
    page.fill("[name=pin]", PIN)
    with page.expect_download() as download:
        page.locator("main form.form button[type=submit]").first.click()
    with zipfile.ZipFile(download.value.path()) as parcel:
        assert {"data.json", "index.html"} <= set(parcel.namelist())
        assert phone in parcel.read("data.json").decode()
