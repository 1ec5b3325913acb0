"""The main job, in a real browser and both languages: from a phone number to a solved case."""

import io
import re

from PIL import Image, ImageDraw
from playwright.sync_api import expect

from guitai.base.reference import parse_reference, spoken
from guitai.site.cast import PASSWORD
from tests.journeys.browser import WIDE
from tests.journeys.client import Customer, fresh_phone, sms, totp
from tests.journeys.staff import RAO, WEN

NAMES = {"en": "Lin Yue", "zh-hans": "林月"}
MASKED = {"en": "L*** Y***", "zh-hans": "林*"}
NOTES = {"en": "Dinner", "zh-hans": "晚饭"}
QUESTIONS = {"en": "My rent is due today. Why does it wait?", "zh-hans": "今天要交房租，为什么还没有到账？"}
ANSWERS = {"en": "It was a first large payment. We are checking.", "zh-hans": "这是首次大额付款，正在核实。"}
AGAIN = {"en": "It has still not arrived.", "zh-hans": "还是没有到账。"}


def screenshot() -> dict:
    picture, content = Image.new("RGB", (320, 200), "white"), io.BytesIO()
    ImageDraw.Draw(picture).text((20, 80), "transfer waits", fill="black")
    picture.save(content, "PNG")
    return {"name": "screen.png", "mimeType": "image/png", "buffer": content.getvalue()}


def test_from_a_phone_number_to_a_solved_case(live, visit, language):
    phone, friend, landlord = (
        fresh_phone(),
        Customer(live, "陈明").signed_up(),
        Customer(live, "Ann Lo").signed_up(),
    )
    lin = visit(language)
    lin.sign_up(phone, NAMES[language])
    see_the_empty_home(lin)
    top_up(live, lin, phone)
    transfer(lin, friend)
    operation = transfer_that_is_held(lin, landlord)
    case = ask_about_it(lin, language)
    agent = sign_in_staff(visit, language, WEN)
    answer(agent, case, operation, language, phone)
    rate_and_reopen(lin, case, language)
    release_the_hold(sign_in_staff(visit, language, RAO), case, operation)
    lin.go(f"/bills/{operation}/")
    expect(lin.page.locator(".operation-state")).to_have_class(re.compile(r"\bis-(ok|wait)\b"))
    assert landlord.available == 5_500_00
    lin.go("/home/")
    assert "2,379.50" in lin.text(".home-balance")
    verified = live.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def see_the_empty_home(lin):
    assert "0.00" in lin.text(".home-balance")
    assert lin.page.locator("main .empty a[href='/top-up/']").is_visible()
    for door in ("/top-up/", "/withdraw/", "/transfer/", "/receive/"):
        assert lin.page.locator(f".home-balance a[href='{door}']").is_visible()


def top_up(live, lin, phone):
    page = lin.page
    reference = lin.top_up("8000")
    assert spoken(reference) in lin.text() and "8,000.00" in lin.text()
    with page.expect_popup() as popup:
        page.locator("main a[href*='/bank/pay/']").click()
    bank = popup.value
    assert f":{live.port + 1}/bank/pay/{reference}" in bank.url
    bank.locator("button[name=press][value=pay]").click()
    expect(bank.locator("[data-live=notices]")).to_contain_text("HTTP 202")
    bank.close()
    # The page that waits for the bank looks by itself.
    expect(page.locator("[data-waiting]")).to_have_count(0)
    expect(page.locator(".operation-state.is-ok")).to_be_visible()
    lin.go("/home/")
    assert "8,000.00" in lin.text(".home-balance")
    assert page.locator(f"main a.row[href='/bills/{reference}/']").is_visible()
    # The message is told by a job: once it has gone out by SMS it stands in the inbox too.
    assert spoken(reference) in sms(live, phone, "wallet.top_up_arrived")["body"]
    expect(lin.go("/messages/").locator(".notify-item").filter(has_text="8,000.00")).to_have_count(1)


def transfer(lin, friend):
    lin.transfer(friend.phone, "120.5", NOTES[lin.language])
    review = lin.text("main")
    assert friend.phone[-4:] in review and "120.50" in review and "0.00 CNY" in review
    assert NOTES[lin.language] in review
    assert friend.name not in review, "nobody learns whose number it is before they have dealt with them"
    lin.confirm()
    lin.page.wait_for_url("**/bills/*/")
    reference = lin.reference()
    assert parse_reference(reference) == reference
    lin.page.locator(f"a[href='/bills/{reference}/receipt/']").click()
    receipt = lin.text("main")
    assert "120.50 CNY" in receipt and spoken(reference) in receipt and "0.00 CNY" in receipt
    assert friend.available == 120_50
    lin.go("/home/")
    assert "7,879.50" in lin.text(".home-balance")


def transfer_that_is_held(lin, landlord):
    lin.transfer(landlord.phone, "5500")
    assert lin.page.locator("main .notice.is-wait").is_visible(), "the review says that it will be checked"
    lin.confirm()
    lin.page.wait_for_url("**/bills/*/")
    assert lin.page.locator(".operation-state.is-wait").is_visible()
    assert "5,500.00" in lin.text(".operation-why")
    assert landlord.available == 0
    return lin.reference()


def ask_about_it(lin, language):
    operation, page = lin.reference(), lin.page
    page.locator(f"main a[href='/cases/new/?operation={operation}']").click()
    assert spoken(operation) in lin.text("body"), "the case already knows the operation"
    page.fill("main [name=words]", QUESTIONS[language])
    page.set_input_files("main [name=files]", screenshot())
    lin.submit()
    page.wait_for_url(re.compile(r"/cases/[A-Z0-9]{10}/"))
    assert QUESTIONS[language] in lin.text() and spoken(operation) in lin.text("body")
    picture = page.locator("main .evidence img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('main .evidence img').naturalWidth === 320")
    return lin.reference()


def sign_in_staff(visit, language, colleague):
    staff = visit(language, viewport=WIDE)
    page = staff.go("/staff/sign-in/")
    page.fill("[name=email]", colleague.email)
    page.fill("[name=password]", PASSWORD)
    staff.submit()
    page.fill("[name=code]", totp(colleague.totp_secret))
    staff.submit()
    page.wait_for_url("**/desk/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    return staff


def answer(agent, case, operation, language, phone):
    page = agent.page
    page.locator(f".desk-queue a.queue-row[href*='{case}']").click()
    page.locator("button[name=verb][value=take]").click()
    expect(page.locator("button[name=verb][value=release]")).to_be_visible()
    facts = agent.text(".desk-facts")
    assert MASKED[language] in facts and f"{phone[3:6]}****{phone[-4:]}" in facts
    assert phone[3:] not in page.content().replace(" ", ""), "the number is shown masked only"
    assert spoken(operation) in facts and "5,500.00" in facts
    assert "held_new_payee" in facts, "the diagnosis names its rule"
    page.locator(".desk-facts .reveal").filter(has=page.locator(".trace-source")).first.locator(
        "summary"
    ).click()
    assert page.locator(".desk-facts .trace li").first.is_visible()
    assert page.locator("button[name=verdict]").count() == 0, "an agent decides no holds"
    assert QUESTIONS[language] in agent.text("#content")
    page.wait_for_function("() => document.querySelector('#content .evidence img')?.naturalWidth === 320")
    page.fill("#reply [name=words]", ANSWERS[language])
    page.locator("button[name=verb][value=reply]").click()
    expect(page.locator(".message.is-ours")).to_contain_text(ANSWERS[language])
    page.locator("a[href='#resolve']").click()
    page.locator("form[action*=resolution] button[type=submit]").click()
    expect(page.locator("#resolve")).to_have_count(0)


def rate_and_reopen(lin, case, language):
    page = lin.go("/home/")
    page.locator(f"a[href='/cases/{case}/']").first.click()
    assert ANSWERS[language] in lin.text()
    page.locator("#rating label").filter(has=page.locator("input[value='5']")).click()
    page.locator("#rating button[type=submit]").click()
    expect(page.locator("#rating input[value='5']")).to_be_checked()
    page.fill("#reopen [name=words]", AGAIN[language])
    page.locator("#reopen button[type=submit]").click()
    expect(page.locator("#reopen")).to_have_count(0)
    assert AGAIN[language] in lin.text() and page.locator("#reply").is_visible()


def release_the_hold(supervisor, case, operation):
    page = supervisor.page
    # As somebody reads it out: small letters, blanks for hyphens.
    page.fill(".desk-search input", spoken(operation).lower().replace("-", " "))
    page.press(".desk-search input", "Enter")
    page.wait_for_url(f"**/desk/cases/{case}/**")
    supervisor.go("/desk/held/")
    page.locator("#content a.reference-link").filter(has_text=spoken(operation)).click()
    page.wait_for_url(f"**/desk/cases/{case}/**")
    page.locator(".desk-facts form [name=reason]").last.fill("Called the customer")
    page.locator("button[name=verdict][value=release]").click()
    expect(page.locator("button[name=verdict]")).to_have_count(0)
