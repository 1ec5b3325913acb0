"""Every page that the addresses name: no violation of accessibility, nothing too wide for a phone or a wide screen.

`pages` says of each address where it is looked at; one that it does not name fails here before it can go wrong.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from guitai.site.cast import PASSWORD, PIN
from tests.journeys import pages
from tests.journeys.accessible import SCHEMES, name_of, nothing_in, problems_of
from tests.journeys.browser import PHONE, WIDE, Person, overflow
from tests.journeys.client import Customer, fresh_phone, sms_code
from tests.journeys.staff import WEN, Desk
from tests.journeys.staged import Staged
from tests.journeys.test_identity import NAMES, declare, open_review, resident_number, send_photos
from tests.live import Live

OTHER = {PHONE["width"]: WIDE, WIDE["width"]: PHONE}
# The least that what a page is about gets of a wide screen.
ROOM_MIN = 400
SIZES = {"en": PHONE, "zh-hans": WIDE}
DESK_SIZES = {"en": WIDE, "zh-hans": PHONE}


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> list[str]:
    """Every name that an address has, those of the API and of allauth's apps left out: they show no pages."""
    found = []
    for one in patterns:
        if isinstance(one, URLPattern):
            found.append(f"{space}{one.name}")
        elif not str(one.pattern).startswith(("api/", "_allauth")):
            found += names(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
    return found


def test_every_address_is_looked_at_or_is_no_page() -> None:
    here = {name for table in pages.HERE for name in table}
    elsewhere = [
        name for table in (pages.ELSEWHERE, pages.NO_PAGE) for group in table.values() for name in group
    ]
    assert len(elsewhere) == len(set(elsewhere)), "an address stands in one place"
    known = here | set(elsewhere) | set(pages.STEPS)
    now = set(names(get_resolver().url_patterns))
    assert now - known == set(), "nobody looks at these pages: add them to tests/journeys/pages.py"
    assert known - now == set(), "there is no such address any more"


@pytest.fixture(scope="module")
def staged(live: Live, agent_over_http: Desk, supervisor_over_http: Desk) -> Staged:
    return Staged(live, agent_over_http, supervisor_over_http)


def look(person: Person, staged: Staged, table: Mapping[str, tuple[str, ...]]) -> None:
    """Open every page of a table, at the size that is open and at the other."""
    found = {}
    for name, addresses in table.items():
        for address in map(staged.at, addresses):
            person.go(address)
            assert name_of(person.page) == name, f"{address} leads to {person.page.url}"
            if problems := at_both_sizes(person):
                found[address] = problems
    nothing_in(found)


def at_both_sizes(person: Person) -> list[str]:
    page, found = person.page, problems_of(person.page)
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size(OTHER[size["width"]])
    found += [f"too wide at the other size: {one}" for one in overflow(page)]
    page.set_viewport_size(WIDE)
    room = page.locator("main").evaluate("one => one.getBoundingClientRect().width")
    found += [f"squeezed into {room} of {WIDE['width']}"] if room < ROOM_MIN else []
    page.set_viewport_size(size)
    return found


@pytest.fixture
def come(visit: Callable[..., Person], language: str) -> Callable[..., Person]:
    """Somebody in the language of the test: light at a phone, or dark at a wide screen."""

    def come(customer: Customer | None = None) -> Person:
        return visit(language, customer, color_scheme=SCHEMES[language], viewport=SIZES[language])

    return come


@pytest.fixture
def staff(at_the_desk: Callable[..., Person], language: str) -> Callable[[Desk], Person]:
    """A member of staff, the other way round: the desk is made for a wide screen, and has to fit a phone."""
    options: dict[str, Any] = {"color_scheme": SCHEMES[language], "viewport": DESK_SIZES[language]}
    return lambda desk: at_the_desk(desk, language, **options)


def test_pages_for_everybody(staged: Staged, come: Callable[..., Person]) -> None:
    look(come(), staged, pages.PUBLIC)


def test_pages_of_a_customer(staged: Staged, come: Callable[..., Person]) -> None:
    look(come(staged.customer), staged, pages.CUSTOMERS)


def test_pages_of_a_payee_and_of_somebody_robbed(staged: Staged, come: Callable[..., Person]) -> None:
    look(come(staged.payee), staged, pages.PAYEES)
    look(come(staged.robbed), staged, pages.ROBBED)


def test_pages_of_an_agent(staged: Staged, staff: Callable[[Desk], Person]) -> None:
    look(staff(staged.agent), staged, pages.AGENTS)


def test_pages_of_a_supervisor(staged: Staged, staff: Callable[[Desk], Person]) -> None:
    look(staff(staged.supervisor), staged, pages.SUPERVISORS)


def test_pages_of_staff_who_show_once_more_who_they_are(
    staged: Staged, staff: Callable[[Desk], Person]
) -> None:
    person = staff(staged.agent)
    cookie = next(one for one in person.context.cookies() if "session" in one["name"])
    person.context.add_cookies([{**cookie, "value": staged.names["long_in"]}])
    look(person, staged, pages.LONG_IN)


def step(person: Person, name: str, found: dict[str, list[str]]) -> None:
    """Look at the step that is open; it is the one that is meant."""
    assert name in pages.STEPS and name_of(person.page) == name, person.page.url
    if problems := at_both_sizes(person):
        found[name] = problems


def test_steps_of_signing_up_and_of_leaving(live: Live, come: Callable[..., Person]) -> None:
    person, phone, found = come(), fresh_phone(), {}
    page = person.go("/sign-up/")
    page.fill("[name=phone]", phone)
    person.submit()
    page.fill("[name=password]", PASSWORD)
    page.check("[name=agreement]")
    person.submit()
    page.fill("[name=code]", sms_code(live, phone))
    person.submit()
    step(person, "people:sign_up_name", found)
    page.fill("[name=name]", NAMES[person.language])
    person.submit()
    step(person, "people:sign_up_pin", found)
    page.fill("[name=pin]", PIN)
    page.fill("[name=pin_again]", PIN)
    person.submit()
    page.wait_for_url("**/home/")
    person.go("/me/closing/")
    page.check("[name=agreed]")
    page.fill("[name=password]", PASSWORD)
    person.submit()
    page.wait_for_url("**/me/closing/asked/")
    step(person, "wallet:closing_asked", found)
    nothing_in(found)


def test_steps_of_staff_who_sign_in(staged: Staged, come: Callable[..., Person]) -> None:
    found: dict[str, list[str]] = {}
    for email, name in ((WEN.email, "people:staff_code"), (staged.names["new_staff"], "people:staff_enrol")):
        person = come()
        page = person.go("/staff/sign-in/")
        page.fill("[name=email]", email)
        page.fill("[name=password]", PASSWORD)
        person.submit()
        step(person, name, found)
    nothing_in(found)


def test_a_review_of_photos(
    live: Live, come: Callable[..., Person], staff: Callable[[Desk], Person], agent_over_http: Desk
) -> None:
    person, number, found = come(), resident_number(), {}
    person.sign_up(fresh_phone(), NAMES[person.language])
    declare(person, NAMES[person.language], number)
    send_photos(person, "front", "back", "selfie")
    agent = staff(agent_over_http)
    open_review(agent, NAMES[person.language], number)
    step(agent, "desk:review", found)
    nothing_in(found)
