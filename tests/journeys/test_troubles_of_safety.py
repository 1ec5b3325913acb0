"""Troubles about who is in a wallet, in two browsers, to their end; the table of all stands in `test_troubles`."""

import re
from typing import Any

from playwright.sync_api import expect

from guitai.site.cast import PASSWORD
from tests.journeys import guided
from tests.journeys.browser import Person, overflow
from tests.journeys.client import Customer, fresh_phone, sms_code, until
from tests.journeys.guided import Visit
from tests.journeys.test_standing import enter, open_again, wrong_passwords
from tests.live import Live

# --- locked -----------------------------------------------------------------------------------------------------------


def password_answer(customer: Customer) -> int:
    """What signing in with the right password answers: 401 asks for the second step, 423 is locked."""
    body = {"phone": customer.phone, "password": PASSWORD}
    app = Customer(customer.live, phone=customer.phone)
    return app.http.post("/_allauth/app/v1/auth/login", json=body).status_code


def test_locked_out_and_in_again_by_a_code(live: Live, visit: Visit) -> None:
    customer = Customer(live, "Lin Lock").signed_up()
    wrong_passwords(live, customer.phone)
    assert password_answer(customer) == 423
    person = visit(**guided.ZH_PHONE)
    page = guided.look_up(person, "locked")
    page.locator(".found a[href='/unlock/']").click()
    page.fill("[name=phone]", customer.phone)
    person.submit()
    page.fill("[name=code]", sms_code(live, customer.phone, "people.code_unlock"))
    person.submit()
    page.wait_for_url("**/me/standing/")
    page.locator("main a[href^='/me/standing/0']").first.click()
    page.wait_for_url("**/sign-in/")
    assert password_answer(customer) == 401
    page.goto("/sign-in/?next=/solve/locked/")
    enter(person, customer)
    page.wait_for_url("**/solve/locked/")
    expect(page.locator(".found")).to_have_class(re.compile("is-ok"))
    guided.helped(person, "locked")


def test_locked_out_and_opened_by_two_persons(live: Live, visit: Visit, counter: Any, second: Any) -> None:
    customer = Customer(live, "Lin Lock").signed_up()
    person = visit(customer=customer, **guided.EN_WIDE)
    wrong_passwords(live, customer.phone)
    page = guided.look_up(person, "locked")
    expect(page.locator(".found")).to_have_class(re.compile("is-danger"))
    case = guided.ask_a_person(person)
    agent = counter(person, case)
    agent.take(customer)
    agent.ask_for_proof("sms")
    guided.prove_with_code(live, visit(**guided.EN), customer, case)
    agent.act("unlock")
    assert password_answer(customer) == 423, "one person alone opens nothing"
    guided.approved(second(person), case)
    assert password_answer(customer) == 401
    agent.answer()
    guided.read_and_rate(person, case)
    guided.ended(customer, case)


# --- not_me, stolen ---------------------------------------------------------------------------------------------------


def in_again(person: Person, customer: Customer) -> None:
    """Signed out everywhere; in again where it says what is stopped."""
    page = person.page
    page.goto("/sign-in/?next=/me/standing/")
    enter(person, customer)
    page.wait_for_url("**/me/standing/")


def test_a_bill_that_was_not_me_comes_back_and_the_wallet_opens_again(live: Live, visit: Visit) -> None:
    customer = Customer(live, "Lin Robbed").rich(9_000_00)
    sent = customer.transfer(fresh_phone(), 5_500_00).json()
    assert sent["state"] == "held"
    person = visit(customer=customer, **guided.ZH_PHONE)
    page = guided.look_up(person, "not_me", sent["reference"])
    guided.take_the_way(page)
    person.submit()
    page.wait_for_url("**/emergency/reported/**")
    assert overflow(page) == []
    assert customer.call("GET", "/me").status_code == 401, "every session has ended"
    customer.signed_in()
    assert customer.operation(sent["reference"])["state"] == "returned" and customer.available == 9_000_00
    assert customer.ok("GET", "/me/standing")["state"] == "frozen"
    in_again(person, customer)
    open_again(live, person, customer)


def test_somebody_in_my_wallet_is_locked_out_by_a_freeze(live: Live, visit: Visit) -> None:
    customer = Customer(live, "Lin Stolen").rich(40_00)
    person = visit(**guided.EN_WIDE)
    page = guided.look_up(person, "stolen")
    guided.take_the_way(page)
    page.wait_for_url("**/freeze/")
    page.fill("[name=phone]", customer.phone)
    person.submit()
    page.fill("[name=code]", sms_code(live, customer.phone, "people.code_freeze"))
    person.submit()
    page.wait_for_url("**/freeze/done/")
    assert customer.call("GET", "/me").status_code == 401, "whoever was in is out"
    in_again(person, customer)
    open_again(live, person, customer)


# --- change_phone -----------------------------------------------------------------------------------------------------


def change_number(live: Live, person: Person, customer: Customer) -> str:
    """From the page of the number over both codes; gives the new number."""
    phone, page = fresh_phone(), person.page
    page.fill("[name=phone]", phone)
    person.submit()
    page.wait_for_url("**/me/number/code/")
    page.fill("[name=new_code]", sms_code(live, phone, "people.code_number_new"))
    page.fill("[name=old_code]", sms_code(live, customer.phone, "people.code_number_old"))
    person.submit()
    page.wait_for_url("**/me/security/")
    return phone


def test_a_new_number_with_two_codes(live: Live, visit: Visit) -> None:
    customer = Customer(live, "Lin Moves").signed_up()
    person = visit(customer=customer, **guided.EN)
    guided.take_the_way(guided.look_up(person, "change_phone"))
    phone = change_number(live, person, customer)
    assert Customer(live, phone=phone).signed_in().ok("GET", "/me")["phone"] == phone
    guided.helped(person, "change_phone")


def test_staff_only_send_the_way_to_a_new_number(live: Live, visit: Visit, counter: Any) -> None:
    customer = Customer(live, "Lin Moves").signed_up()
    person = visit(customer=customer, **guided.ZH)
    guided.look_up(person, "change_phone")
    case = guided.ask_a_person(person)
    agent = counter(person, case)
    agent.take(customer)
    agent.ask_for_proof("app")
    guided.prove_with_pin(person)
    agent.act("change_phone")
    page = person.page
    until(lambda: person.go("/messages/").locator("main a[href='/me/number/']").count())
    page.locator("main a[href='/me/number/']").first.click()
    phone = change_number(live, person, customer)
    agent.answer()
    guided.read_and_rate(person, case)
    moved = Customer(live, phone=phone).signed_in()
    assert moved.ok("GET", "/me")["phone"] == phone
    guided.ended(moved, case)


# --- refund, goods ----------------------------------------------------------------------------------------------------


def test_money_for_goods_is_told_what_is_possible(live: Live, visit: Visit) -> None:
    customer = Customer(live, "Lin Shops").signed_up()
    person = visit(customer=customer, **guided.EN)
    for trouble in ("refund", "goods"):
        page = guided.look_up(person, trouble)
        assert "not part of this wallet yet" in person.text(".found")
        page.locator(".found a[href='/cases/new/?category=not_me']").click()
        page.wait_for_url("**/cases/new/**")
