"""The help centre in a browser: suggestions by keyboard, an article, and the way on when it did not help."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import WIDE, overflow
from tests.journeys.client import Customer

TYPED = [("en", "wrong pers", "sent-to-the-wrong-person"), ("zh-hans", "转错", "sent-to-the-wrong-person")]


@pytest.mark.parametrize(("tongue", "typed", "slug"), TYPED)
def test_suggestions_are_chosen_by_keyboard(visit, tongue, typed, slug):
    page = visit(tongue).go("/help/")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("/")
    page.keyboard.type(typed, delay=30)
    expect(page.get_by_role("option").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[data-finder-status]")).not_to_be_empty()
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_attribute("href", f"/help/{slug}/")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/help/{slug}/")


def test_escape_closes_and_enter_searches_further(visit):
    page = visit("en").go("/help/")
    page.get_by_role("combobox").press_sequentially("refund", delay=30)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".finder-panel")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/help/?q=refund")
    expect(page.locator("a.hit").first).to_be_visible()


def test_an_article_that_did_not_help_leads_to_the_right_case(visit, live, language):
    customer = Customer(live, "Help Seeker", language).signed_up()
    person = visit(language, customer)
    page = person.go("/help/account-stolen/")
    page.locator("#feedback button[value=no]").click()
    page.locator("#feedback button[value=want_a_person]").click()
    page.locator("#feedback a[href^='/cases/new/']").click()
    page.wait_for_url("**/cases/new/?category=stolen_account")
    expect(page.locator("input[name=category][value=stolen_account]")).to_have_count(1)


@pytest.mark.parametrize(
    "slug", ["top-up-not-arrived", "limits", "opening-hours", "common-frauds", "account-stolen"]
)
def test_articles_fit_the_screen(visit, language, slug):
    for options in ({}, {"viewport": WIDE, "color_scheme": "dark"}):
        page = visit(language, **options).go(f"/help/{slug}/")
        assert overflow(page) == []


def test_without_javascript_the_help_still_answers(visit):
    page = visit("en", java_script_enabled=False).go("/help/")
    page.fill("[name=q]", "refund")
    page.press("[name=q]", "Enter")
    page.wait_for_url("**/help/?q=refund")
    page.goto("/help/fees/")
    page.locator("#feedback button[value=no]").click()
    page.locator("#feedback button[value=not_clear]").click()
    expect(page.locator("#feedback a[href^='/cases/new/']")).to_be_visible()
