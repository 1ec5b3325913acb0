"""What anybody finds without signing in, and the doors that open at any hour."""

import httpx
import pytest
from playwright.sync_api import expect

from guitai.base.reference import spoken
from guitai.site.cast import CHEN, OPERATOR, PASSWORD, PIN
from tests.journeys.client import Customer, fresh_phone, sms, sms_code

PUBLIC = [
    "/", "/help/", "/help/freeze-your-account/", "/contact/", "/counter/", "/freeze/", "/sign-in/", "/sign-up/",
    "/agreement/", "/sign-in/forgotten/", "/sign-in/code/", "/staff/sign-in/",
]  # fmt: skip
ANOTHER = "window-93-basket-rain"
HOTLINES = [region.hotline for region in OPERATOR.regions]


def test_every_public_page_has_the_official_hotlines(visit, language):
    person = visit(language)
    for path in PUBLIC:
        person.go(path)
        footer = person.text("footer.foot")
        for hotline in HOTLINES:
            assert hotline in footer, f"{path} does not say {hotline}"
        for region in OPERATOR.regions:
            assert region.name[language] in footer
        assert OPERATOR.legal_name[language] in footer and OPERATOR.licence in footer
        assert person.page.title().endswith(OPERATOR.brand[language])


def test_the_contact_page_lists_regions_hours_and_checks_a_channel(visit, language):
    person = visit(language)
    page = person.go("/contact/")
    for region in OPERATOR.regions:
        assert region.hotline in person.text() and region.name[language] in person.text()
        assert region.hours[0].opens in person.text()
    for given, tone in (("400 000 0000", "is-ok"), ("400-999-9999", "is-danger")):
        page.fill("[name=check]", given)
        # The page goes to its answer by a fragment, which takes the focus from what was focused before.
        with page.expect_navigation():
            page.press("[name=check]", "Enter")
        expect(page.locator(f"#check .notice.{tone}")).to_be_visible()


@pytest.mark.parametrize(
    ("tongue", "asked", "slug"),
    [
        ("en", "transfer refused", "payment-refused"),
        ("en", "lost phone", "freeze-your-account"),
        ("zh-hans", "冻结", "freeze-your-account"),
        ("zh-hans", "充值", "top-up-by-bank-transfer"),
        ("zh-hans", "银行转账充值没有到账怎么办", "top-up-not-arrived"),
    ],
)
def test_help_is_found_in_ones_own_words(visit, tongue, asked, slug):
    person = visit(tongue)
    page = person.go("/")
    page.fill(".door-help input[type=search]", asked)
    page.press(".door-help input[type=search]", "Enter")
    page.wait_for_url("**/help/?q=*")
    expect(page.locator(".hits mark").first).to_be_visible()
    assert slug in [link.get_attribute("href").split("/")[2] for link in page.locator("a.hit").all()][:3]
    page.locator(f"a.hit[href='/help/{slug}/']").click()
    expect(page.locator("main h1")).to_be_visible()


def test_a_search_without_results_says_what_to_do(visit):
    person = visit("en")
    for asked in ("xyzzy quux", "%", "'; --", "a" * 300, "囧囧囧", "<xyzzy>", "\u202e"):
        page = person.go(str(httpx.URL("/help/", params={"q": asked})))
        assert page.locator("main .empty a[href='/cases/new/']").is_visible(), asked


@pytest.fixture(scope="module")
def lin(live):
    return Customer(live, "Lin Door").rich(80_00)


def test_a_reference_is_understood_however_it_is_typed(visit, lin):
    person, reference = visit("en", lin), lin.operations()[0]["reference"]
    said = spoken(reference)
    for typed in (said.lower(), reference, said.replace("-", " - "), f"  {said}. "):
        for path in ("/help/", "/bills/"):
            page = person.go(path)
            page.fill("main input[type=search]", typed)
            page.press("main input[type=search]", "Enter")
            page.wait_for_url(f"**/bills/{reference}/")


def test_a_reference_says_nothing_to_a_stranger(visit, lin):
    person = visit("en")
    person.go(f"/help/?q={lin.operations()[0]['reference']}")
    assert "80.00" not in person.text() and person.page.locator("main a[href^='/sign-in/']").is_visible()


def test_freeze_now_by_phone_and_code_and_the_way_back(live, visit, language):
    customer = Customer(live, "Lin Freeze").rich(60_00)
    signed_in, person = visit(language, customer), visit(language)
    page = person.go("/")
    page.locator("a[href='/freeze/']").first.click()
    page.fill("[name=phone]", customer.phone)
    person.submit()
    page.wait_for_url("**/freeze/code/")
    page.fill("[name=code]", sms_code(live, customer.phone, "people.code_freeze"))
    person.submit()
    page.wait_for_url("**/freeze/done/")
    signed_in.page.goto("/home/")
    assert "/sign-in/" in signed_in.page.url, "every device is signed out"
    assert customer.call("GET", "/me").status_code == 401
    give_money_meanwhile(live, customer)
    unfreeze(live, signed_in, customer)
    signed_in.go("/home/")
    assert "65.00" in signed_in.text()
    # To the review: paying is possible again.
    signed_in.transfer(fresh_phone(), "1")


def give_money_meanwhile(live, customer):
    """Money on its way to somebody who froze is kept."""
    assert Customer(live, "Friend").rich(10_00).transfer(customer.phone, 5_00).status_code == 201


def unfreeze(live, person, customer):
    """On the device that they have always used."""
    page = person.page
    page.goto("/sign-in/?next=/me/standing/")
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=password]", PASSWORD)
    person.submit()
    page.wait_for_url("**/me/standing/")
    page.locator("main a[href^='/me/standing/0'], main a[href^='/me/standing/1']").first.click()
    page.fill("main [name=password]", PASSWORD)
    page.locator("button[value=prove]").click()
    page.locator("button[value=send_code]").click()
    page.fill("[name=code]", sms_code(live, customer.phone, "people.code_release"))
    page.locator("button[value=prove]").click()
    page.fill("main [name=pin]", PIN)
    page.locator("button[value=prove]").click()
    page.fill("main [name=new_password]", ANOTHER)
    page.locator("button[value=prove]").click()
    page.wait_for_url("**/me/standing/")


def test_freezing_a_number_without_a_wallet_looks_the_same(live, visit):
    person = visit("en")
    page = person.go("/freeze/")
    page.fill("[name=phone]", fresh_phone())
    person.submit()
    page.wait_for_url("**/freeze/code/")
    page.fill("[name=code]", "123456")
    person.submit()
    expect(page.locator("#id_code_error, .notice.is-danger").first).to_be_visible()


def test_a_number_that_has_a_wallet_is_told_only_by_sms(live, visit):
    person = visit("en")
    page = person.go("/sign-up/")
    page.fill("[name=phone]", CHEN.phone)
    person.submit()
    page.fill("[name=password]", PASSWORD)
    page.check("[name=agreement]")
    person.submit()
    page.wait_for_url("**/sign-up/code/")
    assert sms(live, CHEN.phone, "people.number_taken")


def test_the_language_is_switched_and_stays(visit):
    person = visit("en")
    page = person.go("/contact/")
    page.locator(".top-bar button[name=language][value=zh-hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert page.url.endswith("/contact/") and "中国大陆" in person.text()
    person.go("/help/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.locator("footer button[name=language][value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_it_installs_as_an_app_and_says_when_it_is_offline(live, visit):
    person = visit("en")
    page = person.go("/")
    address = page.locator("link[rel=manifest]").get_attribute("href")
    manifest = httpx.get(live.url + address, trust_env=False)
    assert manifest.headers["Content-Type"].startswith("application/manifest+json")
    body = manifest.json()
    assert body["start_url"] == "/" and body["display"] == "standalone" and body["name"]
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in body["icons"]}
    for icon in body["icons"]:
        picture = httpx.get(live.url + icon["src"], trust_env=False)
        assert picture.status_code == 200 and picture.headers["Content-Type"].startswith(icon["type"])
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    person.context.set_offline(True)
    page.goto("/help/")
    assert page.locator("h1").is_visible()
    person.complaints.clear()  # being offline is what this test does
    person.context.set_offline(False)


@pytest.mark.parametrize(
    "path", ["/home/", "/bills/", "/top-up/", "/transfer/", "/me/", "/cases/", "/cases/new/"]
)
def test_private_pages_lead_to_the_sign_in_and_back(visit, lin, path):
    person = visit("en")
    person.on_known_device(lin)
    page = person.page
    page.goto(path)
    assert "/sign-in/" in page.url
    page.fill("[name=phone]", lin.phone)
    page.fill("[name=password]", PASSWORD)
    person.submit()
    person.second_step(lin)
    page.wait_for_url(f"**{path}")


def test_an_address_that_is_none_has_a_page_with_a_way_on(visit):
    person = visit("zh-hans")
    for path in ("/nothing/", "/help/no-such-article/", "/bills/2222222222/x/"):
        page = person.go(path, status=404)
        assert page.locator("main a").first.is_visible(), path
        assert page.locator("html").get_attribute("lang") == "zh-hans"
