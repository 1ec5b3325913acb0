"""A real browser, and people in front of it. One running installation serves all journeys."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys import guided, pages
from tests.journeys.accessible import SEEN
from tests.journeys.browser import ARGUMENTS, WIDE, Person
from tests.journeys.client import LANGUAGES, Customer
from tests.journeys.staff import RAO, WEN, Desk
from tests.live import Live


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    # Ends with this folder: Django refuses its database to a thread in which Playwright's loop still runs.
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="module", autouse=True)
def what_is_said_to_be_looked_at(request: pytest.FixtureRequest) -> Iterator[None]:
    """In the end a file that ran whole has looked at the pages that `pages` says it looks at."""
    yield
    chosen, name = request.config.option, request.path.stem
    if (
        request.session.testsfailed
        or chosen.keyword
        or chosen.markexpr
        or any("::" in one for one in request.config.args)
    ):
        return
    missed = sorted(set(pages.ELSEWHERE.get(name, ())) - SEEN[name])
    assert not missed, f"nobody looked at these pages: {missed}"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def visit(live: Live, browser: Browser) -> Iterator[Callable[..., Person]]:
    """`visit(language, ...)`: somebody with a browser of their own. In the end nothing may have complained."""
    people: list[Person] = []

    def come(language: str = "en", customer: Customer | None = None, **options: Any) -> Person:
        person = Person(live, browser, language, **options)
        people.append(person)
        return person.sign_in(customer) if customer else person

    yield come
    for person in people:
        person.close()


@pytest.fixture(scope="session")
def agent_over_http(live: Live) -> Desk:
    return Desk(live, WEN).signed_in()


@pytest.fixture(scope="session")
def supervisor_over_http(live: Live) -> Desk:
    return Desk(live, RAO).signed_in()


@pytest.fixture
def at_the_desk(visit: Callable[..., Person]) -> Callable[..., Person]:
    """`at_the_desk(desk, language)`: a member of staff who has signed in already, at a wide screen."""

    def come(desk: Desk, language: str = "en", **options: Any) -> Person:
        options.setdefault("viewport", WIDE)
        person = visit(language, **options)
        person.context.add_cookies(desk.cookies())
        return person

    return come


@pytest.fixture
def counter(
    at_the_desk: Callable[..., Person], agent_over_http: Desk
) -> Callable[[Person, str], guided.Counter]:
    """`counter(person, case)`: the case in a browser of the agent's, in the customer's language."""
    return lambda person, case: guided.Counter(at_the_desk(agent_over_http, person.language), case)


@pytest.fixture
def second(at_the_desk: Callable[..., Person], supervisor_over_http: Desk) -> Callable[[Person], Person]:
    """The second person's browser."""
    return lambda person: at_the_desk(supervisor_over_http, person.language)
