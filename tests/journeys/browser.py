"""A person in front of a real browser, who also watches what the browser complains about."""

from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

from guitai.site.cast import PASSWORD, PIN
from tests.journeys.client import Customer, sms_code
from tests.live import Live

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-extensions",
]  # fmt: skip
LOCALES = {"en": "en-GB", "zh-hans": "zh-CN"}
PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
# Waits are for a busy machine; nothing waits this long when all is well.
PATIENCE_MS = 45_000
expect.set_options(timeout=PATIENCE_MS)


_DEVICE = "guitai_device"
# The browser of each customer, by their number.
_devices: dict[str, str] = {}


class Person:
    """One browser context: one person with cookies of their own."""

    def __init__(self, live: Live, browser: Browser, language: str, **options: Any) -> None:
        self.live, self.language = live, language
        options.setdefault("viewport", PHONE)
        # A colour half-way through its transition is none that a person reads.
        options.setdefault("reduced_motion", "reduce")
        self.context: BrowserContext = browser.new_context(
            base_url=live.url, locale=LOCALES[language], timezone_id="Asia/Shanghai", **options
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self._documents: set[str] = set()
        self.context.on("page", self._watch)
        self.page: Page = self.context.new_page()

    def go(self, path: str, status: int = 200) -> Page:
        # A page that waits for news reloads itself when they come: what was asked for just then is asked for again.
        answer = self.page.goto(path) or self.page.goto(path)
        assert answer is not None and answer.status == status, f"{path}: {answer and answer.status}"
        return self.page

    def sign_up(self, phone: str, name: str) -> None:
        """Through the pages, from the front door to the empty wallet."""
        page = self.go("/")
        expect(page.locator("html")).to_have_attribute("lang", self.language)
        page.locator("main a[href='/sign-up/'], .door-hero a[href='/sign-up/']").first.click()
        page.fill("[name=phone]", phone)
        self.submit()
        page.fill("[name=password]", PASSWORD)
        page.check("[name=agreement]")
        self.submit()
        page.wait_for_url("**/sign-up/code/")
        page.fill("[name=code]", sms_code(self.live, phone))
        self.submit()
        page.fill("[name=name]", name)
        self.submit()
        page.fill("[name=pin]", PIN)
        page.fill("[name=pin_again]", PIN)
        self.submit()
        page.wait_for_url("**/home/")

    def sign_in(self, customer: Customer) -> "Person":
        """As somebody who chose the language in this browser; else the one they signed up in would count."""
        self.context.add_cookies([{"name": "guitai_language", "value": self.language, "url": self.live.url}])
        self.on_known_device(customer)
        page = self.go("/sign-in/")
        page.fill("[name=phone]", customer.phone)
        page.fill("[name=password]", PASSWORD)
        self.submit()
        self.second_step(customer)
        page.wait_for_url("**/home/")
        return self

    def on_known_device(self, customer: Customer) -> None:
        """The browser that this customer used before, when there is one: nobody is sent a code for each visit."""
        if kept := _devices.get(customer.phone):
            self.context.add_cookies([{"name": _DEVICE, "value": kept, "url": self.live.url}])

    def second_step(self, customer: Customer) -> None:
        """In a browser that this customer has not used before, the code goes to the phone."""
        if "/second-step/" in self.page.url:
            self.page.fill("[name=code]", sms_code(self.live, customer.phone, "people.code_step"))
            self.submit()
        kept = {cookie["name"]: cookie["value"] for cookie in self.context.cookies()}
        if _DEVICE in kept:
            _devices[customer.phone] = kept[_DEVICE]

    def submit(self, where: str = "main") -> None:
        """Press the button of the page's own form, and be on the page that answers."""
        with self.page.expect_navigation():
            self.page.locator(f"{where} form.form button[type=submit]").first.click()

    def top_up(self, amount: str, rail: str = "bank") -> str:
        """From the choice of a way over the review to the page that says how to pay; gives the reference."""
        page = self.go("/top-up/")
        if page.locator("main a.way").count():
            page.locator(f"main a.way[href*='rail={rail}']").click()
        page.fill("[name=amount]", amount)
        self.submit()
        page.locator("main .review").wait_for()
        page.locator("main button[name=step][value=confirm]").click()
        page.wait_for_url("**/bills/*/")
        return self.reference()

    def transfer(self, phone: str, amount: str, note: str = "") -> None:
        """To the review."""
        page = self.go("/transfer/")
        page.fill("[name=phone]", phone)
        self.submit()
        page.fill("[name=amount]", amount)
        page.fill("[name=note]", note)
        self.submit()
        page.locator("main .review").wait_for()

    def confirm(self, pin: str = PIN) -> None:
        """From the review over the PIN."""
        self.submit()
        self.page.fill("[name=pin]", pin)
        self.submit()

    def reference(self) -> str:
        """The operation or case whose page is open."""
        return self.page.url.rstrip("/").rpartition("/")[2]

    def text(self, where: str = "main") -> str:
        self.page.wait_for_load_state()
        return " ".join(self.page.locator(where).first.inner_text().split())

    def close(self) -> None:
        self.context.close()
        assert self.complaints == [], f"the browser complained: {self.complaints}"

    def _watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("response", self._noted)

    def _noted(self, response: Response) -> None:
        # A refused form answers 4xx on purpose; anything else that a page asked for has to be there.
        if response.request.is_navigation_request():
            self._documents.add(response.url)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning") or not message.location["url"].startswith(self.live.url):
            return
        expected = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if not (expected and message.location["url"] in self._documents):
            self.complaints.append(f"{message.location['url']}: {message.text}")


def overflow(page: Page) -> list[str]:
    """What makes a page wider than its window; a click that led to it waits for its first byte only."""
    page.wait_for_load_state()
    found: Iterable[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll('body *')]
                .filter((one) => one.getBoundingClientRect().right > width + 1)
                .map((one) => `${one.tagName}.${one.className} ${one.getBoundingClientRect().right}`)
                .slice(0, 5).concat([`${document.documentElement.scrollWidth} > ${width}`]);
        }"""
    )
    return list(found)
