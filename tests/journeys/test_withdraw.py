"""Money to one's own bank, in a real browser with the simulated bank behind it: it arrives, it fails and says why, it
comes back, it is taken back in time."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect
from stdnum.luhn import calc_check_digit

from guitai.site.cast import PAYOUTS, PIN
from tests.journeys.accessible import nothing_in, problems_of
from tests.journeys.browser import WIDE, Person, overflow
from tests.journeys.client import Customer, cny, fresh_phone, is_problem, new_key, until
from tests.journeys.test_identity import NAMES, resident_number
from tests.journeys.test_top_up_rails import BY_NAME, pay, there
from tests.live import Live


def card_ending(end: str) -> str:
    """A UnionPay number that is right and ends so: the simulated bank does by it what the end says."""
    while True:
        start = f"622202{secrets.randbelow(10**8):08}"
        for filler in range(10):
            number = f"{start}{filler}{end[:-1]}"
            if calc_check_digit(number) == end[-1]:
                return number + end[-1]


def publish(live: Live, name: str, value: Any) -> None:
    """The operator decides something."""
    words = (
        "import json; from guitai.kit import policies; from guitai.base.actor import SYSTEM; "
        f"policies.publish({name!r}, json.loads({json.dumps(json.dumps(value))}), SYSTEM)"
    )
    done = live.run("shell", "-c", words)
    assert done.returncode == 0, done.stderr[-800:]


@pytest.fixture
def gathering(live: Live) -> Iterator[None]:
    """Payouts wait for each other for an hour, so that nothing leaves meanwhile."""
    publish(live, "payouts", {**PAYOUTS, "gather_s": 3600})
    yield
    publish(live, "payouts", PAYOUTS)


def ready(
    live: Live, visit: Callable[..., Person], language: str, end: str, kind: str = "cn_card", **options: Any
) -> tuple[Person, Customer]:
    """Somebody with 500 yuan, who has said who they are and bound a card, or something else, through the pages."""
    customer = Customer(live, NAMES[language], language, fresh_phone()).rich(500_00)
    customer.ok("POST", "/me/identity", {
        "kind": "national_id", "country": "CN", "number": resident_number(), "name": NAMES[language],
    })  # fmt: skip
    person = visit(language, customer, **options)
    page = person.go("/withdraw/")
    expect(page.locator("main .withdraw-way")).to_be_visible()
    page.locator("main a[href='/me/bank-accounts/new/']").click()
    page.locator(f"main a[href='/me/bank-accounts/new/{kind}/']").click()
    if kind == "cn_card":
        page.fill("[name=number]", card_ending(end))
        page.fill("[name=bank]", "Sea Bank")
    else:
        # Of its own each time: an account that two people have is looked at by risk.
        page.fill("[name=number]", f"138{secrets.randbelow(10**4):04}{end}")
    page.fill("[name=pin]", PIN)
    person.submit()
    page.wait_for_url("**/me/bank-accounts/")
    return person, customer


def choose(person: Person, rail: str) -> None:
    """The account is chosen already; the way is chosen where there are several."""
    person.submit()
    if rail:
        person.page.check(f"[name=rail][value={rail}]")
        person.submit()


def to_review(person: Person, amount: str = "200", rail: str = "bank") -> None:
    """`rail`: the way to take; empty for an account that has only one."""
    page = person.go("/withdraw/")
    choose(person, rail)
    page.fill("[name=amount]", amount)
    person.submit()
    page.locator("main .review").wait_for()


def withdraw(person: Person, amount: str = "200", rail: str = "bank") -> str:
    to_review(person, amount, rail)
    person.confirm()
    person.page.wait_for_url("**/bills/*/")
    return person.reference()


def reaches(person: Person, reference: str, tone: str) -> None:
    """Until the page of the operation says how it ended."""

    def there() -> bool:
        person.go(f"/bills/{reference}/")
        return bool(person.page.locator(f"main .operation-state.is-{tone}").count())

    until(there, timeout_s=60)
    assert overflow(person.page) == []


def at_the_bank(live: Live, path: str, **fields: Any) -> None:
    answer = httpx.post(live.sandbox_url + path, json=fields, timeout=30, trust_env=False)
    assert answer.status_code < 400, answer.text


def test_a_withdrawal_arrives(live, visit, language):
    person, customer = ready(live, visit, language, "7711")
    to_review(person)
    assert overflow(person.page) == [] and "Sea Bank" in person.text() and "7711" in person.text()
    person.confirm()
    person.page.wait_for_url("**/bills/*/")
    reference = person.reference()
    assert customer.available == 300_00
    reaches(person, reference, "ok")
    told = customer.ok("GET", f"/withdrawals/{reference}")
    assert told["timeline"][0]["event"] == "queued"
    assert told["stage"] == "ended" and told["promised_at"]
    person.page.locator(".trace summary").click()
    assert customer.available == 300_00


def test_another_name_at_the_bank_brings_the_money_back_with_the_reason(live, visit, language):
    person, customer = ready(live, visit, language, "0008", viewport=WIDE)
    reference = withdraw(person)
    reaches(person, reference, "danger")
    assert customer.available == 500_00
    why = customer.operation(reference)["diagnosis"]
    assert why["rule"] == "payee_name_mismatch" and why["headline"] in person.text()
    person.page.locator(f"main a[href='/withdraw/?repeat={reference}']").click()
    choose(person, "bank")
    assert person.page.input_value("[name=amount]").startswith("200")


def test_alipay_pays_out_and_refuses_another_name(live, visit, language):
    person, customer = ready(live, visit, language, "7766", "alipay")
    name = {"en": "Alipay", "zh-hans": "支付宝"}[language]
    to_review(person, "50", "")
    assert overflow(person.page) == [] and name in person.text() and "7766" in person.text()
    person.confirm()
    person.page.wait_for_url("**/bills/*/")
    reference = person.reference()
    reaches(person, reference, "ok")
    assert name in person.text() and customer.available == 450_00
    at_the_bank(live, "/alipay/arrangements", transfer="PAYEE_USER_INFO_ERROR")
    reference = withdraw(person, "50", "")
    reaches(person, reference, "danger")
    why = customer.operation(reference)["diagnosis"]
    assert why["rule"] == "payee_name_mismatch" and why["headline"] in person.text()
    assert customer.available == 450_00


def test_wechat_names_the_account_and_pays_what_its_owner_confirms(live, visit, language):
    person, customer = ready(live, visit, language, "7788")
    row = BY_NAME["wechat-qr"]
    pay(there(live, person, row, person.top_up("200", "wechat")), row)
    until(lambda: customer.available == 700_00)
    page = person.go("/me/bank-accounts/new/")
    page.locator("main a[href='/me/bank-accounts/new/wechat/']").click()
    # A code that another browser was sent for counts for nobody here.
    page = person.go("/me/bank-accounts/new/wechat/back/?code=abc&state=def", 422)
    expect(page.locator("main .problem")).to_be_visible()
    nothing_in({"not come back right": problems_of(page)})
    page.locator("main a[href$='/wechat/there/']").click()
    page.get_by_role("link", name={"en": "Somebody new", "zh-hans": "一位新用户"}[language]).click()
    page.wait_for_url("**/me/bank-accounts/new/wechat/")
    assert NAMES[language] in person.text()
    nothing_in({"named by WeChat": problems_of(page)})
    page.fill("[name=pin]", PIN)
    person.submit()
    page.wait_for_url("**/me/bank-accounts/")
    account = next(one for one in customer.ok("GET", "/me/bank-accounts") if one["kind"] == "wechat")
    page = person.go("/withdraw/")
    page.check(f"[name=account][value='{account['id']}']")
    person.submit()
    page.fill("[name=amount]", "50")
    person.submit()
    page.locator("main .review").wait_for()
    asks = {"en": "WeChat will ask you to confirm", "zh-hans": "微信会请您确认收款"}[language]
    assert asks in person.text() and {"en": "12 hours", "zh-hans": "12 小时"}[language] in person.text()
    nothing_in({"review": problems_of(page)})
    person.confirm()
    page.wait_for_url("**/bills/*/")
    reference = person.reference()
    # The bill that waits shows it by itself.
    link = page.locator(f"main a[href='/bills/{reference}/confirm/']")
    link.wait_for(timeout=60_000)
    told = [one["url"] for one in customer.ok("GET", "/messages")["items"]]
    assert f"/bills/{reference}/confirm/" in told
    link.click()
    page.locator("main [data-confirm] button").wait_for()
    nothing_in({"to confirm": problems_of(page)})
    page.locator("main [data-confirm] button").click()
    page.get_by_role("button", name={"en": "Accept", "zh-hans": "收款"}[language]).click()
    page.get_by_role("link", name={"en": "Back to the wallet", "zh-hans": "返回钱包"}[language]).click()
    page.wait_for_url(f"**/bills/{reference}/")
    reaches(person, reference, "ok")
    assert customer.available == 650_00


def test_unionpay_is_chosen_beside_the_bank_pays_the_card_and_refuses_another_name(live, visit, language):
    person, customer = ready(live, visit, language, "7733")
    row = BY_NAME["unionpay-form"]
    # UnionPay pays from what came by it.
    pay(there(live, person, row, person.top_up("200", "unionpay")), row)
    until(lambda: customer.available == 700_00)
    person.go("/withdraw/")
    person.submit()
    offered = person.text("main .choices")
    assert (
        row.name(language) in offered and {"en": "Bank transfer", "zh-hans": "银行转账"}[language] in offered
    )
    assert offered.count({"en": "arrives", "zh-hans": "到账"}[language]) == 2
    assert overflow(person.page) == []
    to_review(person, "50", "unionpay")
    assert overflow(person.page) == [] and row.name(language) in person.text() and "7733" in person.text()
    person.confirm()
    person.page.wait_for_url("**/bills/*/")
    reference = person.reference()
    reaches(person, reference, "ok")
    assert row.name(language) in person.text() and customer.available == 650_00
    assert customer.ok("GET", f"/withdrawals/{reference}")["stage"] == "ended"
    at_the_bank(live, "/unionpay/arrangements", payout="66")
    reference = withdraw(person, "50", "unionpay")
    reaches(person, reference, "danger")
    why = customer.operation(reference)["diagnosis"]
    assert why["rule"] == "payee_name_mismatch" and why["headline"] in person.text()
    assert customer.available == 650_00
    # More than has come by UnionPay may still go by the bank: the review says so and leads there.
    to_review(person, "600", "unionpay")
    person.page.locator("main button[name=go][value=way]").last.click()
    person.page.check("[name=rail][value=bank]")
    person.submit()
    assert person.page.input_value("[name=amount]").startswith("600")


def at_the_acquirer(live: Live, reference: str) -> str:
    """The acquirer's number of what goes back by a withdrawal."""

    def found() -> list[str]:
        told = httpx.get(live.sandbox_url + "/card/", timeout=30, trust_env=False).json()
        return [one["id"] for one in told["refunds"] if one["metadata"].get("payout_reference") == reference]

    until(lambda: bool(found()))
    return found()[0]


def test_money_goes_back_to_the_card_that_was_paid_with(live, visit, language):
    customer = Customer(live, NAMES[language], language, fresh_phone()).signed_up()
    customer.ok("POST", "/me/identity", {
        "kind": "national_id", "country": "CN", "number": resident_number(), "name": NAMES[language],
    })  # fmt: skip
    person = visit(language, customer)
    row = BY_NAME["card-link"]
    pay(there(live, person, row, person.top_up("200", "card")), row)
    until(lambda: customer.available == 200_00)
    until(lambda: customer.ok("GET", "/withdrawals/cards")[0]["last4"] == "4242")
    [card] = customer.ok("GET", "/withdrawals/cards")
    assert (card["left"], card["brand"]) == (cny(200_00), "Visa")
    page = person.go("/withdraw/")
    offered = {"en": "Back to the card ending 4242", "zh-hans": "退回尾号 4242 的卡"}[language]
    assert offered in person.text("main .choices") and "200.00" in person.text("main .choices")
    assert overflow(page) == []
    choose(person, "")
    assert overflow(page) == []
    page.fill("[name=amount]", "50")
    person.submit()
    page.locator("main .review").wait_for()
    assert "Visa **** 4242" in person.text() and overflow(page) == []
    person.confirm()
    page.wait_for_url("**/bills/*/")
    reference = person.reference()
    reaches(person, reference, "ok")
    assert {"en": "It has gone back to your card", "zh-hans": "已退回您的卡"}[language] in person.text()
    assert customer.available == 150_00 and customer.ok("GET", "/withdrawals/cards")[0]["left"] == cny(150_00)
    # More than the card still takes is refused with what it takes, even where the wallet holds more.
    customer.top_up(100_00)
    page = person.go("/withdraw/")
    choose(person, "")
    page.fill("[name=amount]", "151")
    person.submit()
    page.locator("main .review-refused").wait_for()
    assert "150.00" in person.text("main .review-refused") and overflow(page) == []
    # Days later its bank does not keep it: the money is here again, and another way is at hand.
    at_the_bank(
        live, f"/card/refunds/{at_the_acquirer(live, reference)}/failure", reason="lost_or_stolen_card"
    )
    reaches(person, reference, "quiet")
    assert customer.available == 300_00
    why = customer.operation(reference)["diagnosis"]
    assert why["rule"] == "payee_card_closed" and why["headline"] in person.text()
    assert page.locator("main a[href^='/withdraw/']").count()


def test_what_comes_back_days_later_is_in_the_wallet_less_the_banks_charge(live, visit, language):
    person, customer = ready(live, visit, language, "7722")
    reference = withdraw(person)
    reaches(person, reference, "ok")
    at_the_bank(live, f"/bank/payouts/{reference}/return", code="AC04", minor=500)
    reaches(person, reference, "quiet")
    assert customer.available == 495_00
    assert "5.00" in person.text() and "195.00" in person.text()


def test_it_is_taken_back_while_it_waits(live, visit, language, gathering):
    person, customer = ready(live, visit, language, "7733")
    reference = withdraw(person)
    person.page.locator("main a[href='#cancel']").click()
    person.page.locator("#cancel form button").last.click()
    person.page.wait_for_url(f"**/bills/{reference}/")
    expect(person.page.locator("main .operation-state.is-quiet")).to_be_visible()
    assert customer.available == 500_00
    person.go("/me/in-flight/")
    assert person.page.locator("main .empty").count()


def test_a_wrong_pin_and_too_much_are_said_where_they_happen(live, visit, language):
    person, customer = ready(live, visit, language, "7744")
    to_review(person, "600")
    assert person.page.locator("main .problem, main .review-refused").count()
    person.page.locator("main [name=go][value=amount]").last.click()
    person.page.locator("main [name=all]").click()
    person.page.locator("main .review").wait_for()
    assert "500.00" in person.text()
    person.confirm("314159")
    expect(person.page.locator(".field-error")).to_be_visible()
    assert customer.available == 500_00


def test_a_program_withdraws_with_a_key(live, language):
    customer = Customer(live, NAMES[language], language).rich(500_00)
    body = {"account": "01890000-0000-7000-8000-000000000001", "amount": cny(100_00), "pin": PIN}
    is_problem(customer.call("POST", "/withdrawals", body), 400, "idempotency_key_missing")
    is_problem(customer.call("POST", "/withdrawals", body, key=new_key()), 422, "withdrawal_needs_identity")
    customer.ok("POST", "/me/identity", {
        "kind": "national_id", "country": "CN", "number": resident_number(), "name": NAMES[language],
    })  # fmt: skip
    is_problem(customer.call("POST", "/withdrawals", body, key=new_key()), 422, "account_not_bound")
    claim = {"kind": "cn_card", "number": card_ending("7755"), "holder": NAMES[language], "pin": PIN}
    body["account"] = customer.ok("POST", "/me/bank-accounts", claim, status=201)["id"]
    quote = customer.ok("GET", f"/withdrawals/quote?account={body['account']}&amount=10000&currency=CNY")
    assert quote["outcome"] == "approved" and quote["total"] == cny(100_00) and quote["latest_at"]
    key = new_key()
    made = customer.ok("POST", "/withdrawals", body, key=key, status=201)
    again = customer.call("POST", "/withdrawals", body, key=key)
    assert again.headers["Idempotency-Replayed"] == "true" and again.json()["reference"] == made["reference"]
    is_problem(
        customer.call("POST", "/withdrawals", {**body, "amount": cny(1)}, key=key),
        422,
        "idempotency_key_reused",
    )
    done = customer.wait_for(made["reference"], "succeeded", 60)
    assert done["amount"] == cny(100_00) and customer.available == 400_00
    is_problem(
        customer.call("POST", f"/withdrawals/{made['reference']}/cancellation"),
        409,
        "withdrawal_not_cancellable",
    )
