"""The guided answers at a customer's browser, and the same case at the desk: steps that every trouble shares."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from guitai.base.reference import spoken
from guitai.site.cast import PIN
from tests.journeys.browser import PHONE, WIDE, Person, overflow
from tests.journeys.client import Customer, sms_code
from tests.live import Live

# Languages and windows: alternated, so that each is met.
EN, ZH = {"language": "en", "viewport": PHONE}, {"language": "zh-hans", "viewport": WIDE}
EN_WIDE, ZH_PHONE = {"language": "en", "viewport": WIDE}, {"language": "zh-hans", "viewport": PHONE}
Visit = Callable[..., Person]
ANSWER = {
    "en": "I have looked at it with you, and it is settled.",
    "zh-hans": "我已经和您一起核实，问题已经处理好了。",
}
QUESTION = {"en": "I do not get on by myself, please help.", "zh-hans": "我自己解决不了，请帮帮我。"}
REASON = {"en": "asked for in the case", "zh-hans": "客户在工单中提出"}


def look_up(person: Person, trouble: str, reference: str = "") -> Page:
    """From the ten troubles to what the books say; of several bills the one that is meant."""
    page = person.go("/solve/")
    assert overflow(page) == []
    page.locator(f"main a[href='/solve/{trouble}/']").click()
    if reference:
        page.locator(f"main a[href='/solve/{trouble}/{reference}/']").click()
    expect(page.locator("#found")).to_be_visible()
    assert overflow(page) == []
    return page


def take_the_way(page: Page) -> None:
    """Do the one thing that is offered first."""
    with page.expect_navigation():
        page.locator(".found .actions").locator("a, button").first.click()


def helped(person: Person, trouble: str, reference: str = "") -> None:
    """Back at the finding: it helped, and nobody has to be asked."""
    page = person.go(f"/solve/{trouble}/{reference}{'/' if reference else ''}")
    page.locator("button[name=helped][value=yes]").click()
    page.wait_for_url("**/home/")


def ask_a_person(person: Person) -> str:
    """From what was found to a case, which knows already what it is about; gives its reference."""
    page = person.page
    page.locator("button[name=helped][value=no]").click()
    page.wait_for_url("**/cases/new/**")
    page.fill("main [name=words]", QUESTION[person.language])
    person.submit()
    page.wait_for_url(re.compile(r"/cases/[A-Z0-9]{10}/$"))
    return person.reference()


@dataclass(frozen=True, slots=True)
class Counter:
    """One case as a member of staff has it open in a browser."""

    staff: Person
    case: str

    @property
    def page(self) -> Page:
        return self.staff.page

    @property
    def facts(self) -> str:
        return self.staff.text(".desk-facts")

    def open(self) -> Page:
        return self.staff.go(f"/desk/cases/{self.case}/")

    def take(self, customer: Customer, operation: str = "", rule: str = "") -> None:
        """Read what the customer asked, who it is, and what the books say, without asking for any of it."""
        page = self.open()
        assert QUESTION[self.staff.language] in self.staff.text("#content")
        page.locator("button[name=verb][value=take]").click()
        expect(page.locator("button[name=verb][value=release]")).to_be_visible()
        assert f"{customer.phone[3:6]}****{customer.phone[-4:]}" in self.facts
        assert customer.phone[3:] not in page.content().replace(" ", ""), "the number is shown masked only"
        if operation:
            assert spoken(operation) in self.facts
        if rule:
            expect(page.locator(".desk-facts .reveal code").first).to_have_text(rule)
        assert overflow(page) == []

    def ask_for_proof(self, method: str) -> None:
        self.open()
        with self.page.expect_navigation():
            self.page.locator(f"button[name=method][value={method}]").click()

    def act(self, action: str, **fields: str) -> None:
        """A service action, from its place on the case to the case again."""
        page = self.open()
        page.locator(f".services a[href*='/actions/{action}/']").click()
        for name, value in fields.items():
            field = page.locator(f".action-page [name={name}]").first
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        page.fill(".action-page [name=reason]", REASON[self.staff.language])
        page.locator(".action-page form button[type=submit]").last.click()
        page.wait_for_url(re.compile(rf"/desk/cases/{self.case}/\?"))

    def answer(self) -> None:
        """Say how it ended, and solve it."""
        page, words = self.open(), ANSWER[self.staff.language]
        page.fill("#reply [name=words]", words)
        page.locator("button[name=verb][value=reply]").click()
        expect(page.locator(".message.is-ours").last).to_contain_text(words)
        page.locator("a[href='#resolve']").click()
        page.locator("form[action*=resolution] button[type=submit]").click()
        expect(page.locator("#resolve")).to_have_count(0)


def approved(supervisor: Person, case: str) -> None:
    """The second person says yes to what waits for a case."""
    page = supervisor.go("/desk/approvals/")
    card: Locator = page.locator("main .card", has=page.locator(f"a[href='/desk/cases/{case}/']")).first
    card.locator("[name=reason]").fill(REASON[supervisor.language])
    with page.expect_navigation():
        card.locator("button[value=approve]").click()


def prove_with_pin(person: Person) -> None:
    """The customer sees who asks, and approves."""
    page = person.go("/home/")
    page.locator("a[href*='/me/prove/']").first.click()
    page.fill("#approve [name=pin]", PIN)
    with page.expect_navigation():
        page.locator("#approve button[value=approve]").click()


def prove_with_code(live: Live, person: Person, customer: Customer, case: str) -> None:
    """The customer types the code of the SMS, also without being signed in; nobody hears it."""
    page = person.go("/prove/")
    page.fill("[name=reference]", spoken(case))
    page.fill("[name=code]", sms_code(live, customer.phone, "care.proof_code"))
    person.submit()
    expect(page.locator("main .notice.is-ok, main .empty").first).to_be_visible()


def read_and_rate(person: Person, case: str) -> None:
    """The customer reads the answer, and says in the survey how it was."""
    page = person.go("/home/")
    page.locator(f"main a[href='/cases/{case}/']").first.click()
    assert ANSWER[person.language] in person.text()
    assert overflow(page) == []
    page.locator("#rating label", has=page.locator("input[name=rating][value='5']")).click()
    page.locator("#rating label", has=page.locator("input[name=solved][value=yes]")).click()
    page.locator("#rating button[type=submit]").click()
    expect(page.locator("#rating input[name=rating][value='5']")).to_be_checked()


def case_of(customer: Customer, case: str) -> dict[str, Any]:
    """The case as the API tells it."""
    return dict(customer.ok("GET", f"/cases/{case}"))


def ended(customer: Customer, case: str) -> None:
    """The case is solved and rated, as the API tells it too."""
    told = case_of(customer, case)
    assert (told["state"], told["rating"]) == ("resolved", 5)


def known_to_each_other(live: Live, minor: int) -> tuple[Customer, Customer]:
    """Somebody with money, and a payee who is not new to them, so that nothing is held for that."""
    payer, payee = Customer(live, "Pay Payer").rich(minor), Customer(live, "Pay Payee").rich(10_00)
    assert payee.transfer(payer.phone, 1_00).status_code == 201
    return payer, payee
