"""One installation of its own for the tests that break things: everything it holds may be lost."""

from collections.abc import Iterator

import pytest

from tests.live import Live, installation


@pytest.fixture(scope="package")
def broken(request: pytest.FixtureRequest) -> Iterator[Live]:
    """`guitai up` that is going to be killed in the middle of its work."""
    with installation() as running:
        yield running.start()
