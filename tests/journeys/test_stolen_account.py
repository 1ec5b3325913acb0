"""A stolen wallet with a customer and two members of staff: from the report to a police pack verified offline."""

import json
from types import SimpleNamespace

from playwright.sync_api import Page, expect

from guitai.site.cast import PASSWORD
from tests.journeys.browser import WIDE, Person, overflow


def _in_again(person: Person, customer: SimpleNamespace) -> Page:
    """From the page that says what was stopped, over the sign-in, to what remains."""
    page = person.page
    page.locator("main a[href*='/sign-in/']").first.click()
    page.fill("[name=phone]", customer.phone)
    page.fill("[name=password]", PASSWORD)
    person.submit()
    person.second_step(customer)
    page.wait_for_url("**/emergency/*/")
    return page


def _act(page: Page, opener: str, form: str, reason: str, button: str) -> None:
    page.locator(f"main summary:has-text('{opener}')").first.click()
    box = page.locator(f"main form[action*='{form}']").first
    box.locator("[name=reason]").fill(reason)
    with page.expect_navigation():
        box.locator(f"button:has-text('{button}')").click()


def test_from_the_report_to_a_pack_that_anybody_can_check(
    live, visit, at_the_desk, agent_over_http, supervisor_over_http, tmp_path
):
    staged = live.run("rehearse", "not_me", "--json", timeout_s=180)
    assert staged.returncode == 0, staged.stderr
    scene = json.loads(staged.stdout.splitlines()[-1])
    customer = SimpleNamespace(phone=scene["phone"])
    person = visit("en", customer)
    page = person.go(f"/bills/{scene['reference']}/")
    page.locator("a[href*='/emergency/?bill=']").first.click()
    expect(page.locator('input[name=bill][value="' + scene["reference"] + '"]')).to_be_checked()
    assert overflow(page) == []
    page.fill("[name=words]", "My phone was taken on the bus.")
    person.submit()
    expect(page.locator("h1")).to_contain_text("Stopped")
    assert overflow(page) == []
    page = _in_again(person, customer)
    case = person.reference()
    with page.expect_navigation():
        page.locator("button[aria-label='Done: Choose a new password']").click()
    page.fill("[name=station]", "Pudong")
    page.fill("[name=number]", "A-2026-77")
    with page.expect_navigation():
        page.locator("form[action$='/police/'] button").click()
    expect(page.locator(".emergency-progress")).to_contain_text("2 of 7")
    assert overflow(page) == []

    agent = at_the_desk(agent_over_http)
    desk = agent.go(f"/desk/emergency/{case}/")
    expect(desk.locator(".case-head")).to_contain_text("frozen")
    assert overflow(desk) == []
    _act(desk, "Propose a verdict", "/propose/", "the phone was stolen", "Give it back")
    supervisor = at_the_desk(supervisor_over_http)
    theirs = supervisor.go(f"/desk/emergency/{case}/")
    with theirs.expect_navigation():
        theirs.locator("button:has-text('Approve it')").click()
    expect(theirs.locator("main")).to_contain_text("was given back to our customer")

    desk.reload()
    desk.fill("form[action$='/pack/'] [name=reason]", "Pudong police, A-2026-77")
    with desk.expect_download() as begun:
        desk.locator("form[action$='/pack/'] button").click()
    packed, keys = tmp_path / "pack.zip", tmp_path / "keys.json"
    begun.value.save_as(packed)
    keys.write_text(json.dumps(live.get("/.well-known/evidence-keys.json")))
    checked = live.run("evidence", "verify", str(packed), "--keys", str(keys))
    assert checked.returncode == 0 and f"case {case}" in checked.stdout, checked.stdout + checked.stderr
    content = bytearray(packed.read_bytes())
    content[len(content) // 3] ^= 1
    packed.write_bytes(bytes(content))
    assert live.run("evidence", "verify", str(packed), "--keys", str(keys)).returncode == 1


def test_in_chinese_at_a_wide_screen(live, visit):
    staged = live.run("rehearse", "stolen", "--json", timeout_s=180)
    assert staged.returncode == 0, staged.stderr
    scene = json.loads(staged.stdout.splitlines()[-1])
    person = visit("zh-hans", viewport=WIDE)
    page = person.go("/emergency/")
    expect(page.locator("h1")).to_have_text("有人盗用了我的钱包")
    page.goto(f"/sign-in/?next=/emergency/{scene['case']}/")
    page.fill("[name=phone]", scene["phone"])
    page.fill("[name=password]", PASSWORD)
    person.submit()
    person.second_step(SimpleNamespace(phone=scene["phone"]))
    page.wait_for_url("**/emergency/*/")
    expect(page.locator(".emergency-task")).to_have_count(7)
    assert overflow(page) == []
