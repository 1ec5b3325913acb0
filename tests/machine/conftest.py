"""One installation of its own for the tests that break things: everything it holds may be lost."""

from collections.abc import Iterator

import pytest

from tests.live import Live, installation
from tests.machine import writing


@pytest.fixture(scope="package")
def broken(request: pytest.FixtureRequest) -> Iterator[Live]:
    """`guitai up` that is going to be killed in the middle of its work."""
    with installation() as running:
        yield running.start()


@pytest.fixture(scope="package")
def place() -> Iterator[writing.Place]:
    """An embedded cluster that loses nothing, for processes that write into it and for whoever kills it."""
    with writing.opened() as place:
        yield place
