"""What every test may use."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from guitai.site import catalogues
from tests.live import Live, installation

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_WHOLE_FILES, _READING = ("tests/journeys/", "tests/machine/"), "tests/tidy/"
NO_BROWSER = (
    "NO BROWSER: the journeys were NOT driven. Install Chromium (Debian: apt-get install chromium), "
    "or name one in CHROMIUM."
)


# How long an example takes says how busy the machine is, and nothing about what is tested.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    catalogues.compile_catalogues()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "live" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.live)
        if {"browser", "page"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


class Together(LoadScopeScheduling):
    """A file of tests that needs a whole running installation stays in one process, and whoever reads all our files
    reads them once; the rest goes where there is room.

    `--dist=loadgroup` would do it by mark, but pytest-xdist 3.8 hands its groups over in a name that pytest 9.2
    no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(_WHOLE_FILES):
            return nodeid.partition("::")[0]
        return _READING if nodeid.startswith(_READING) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    return Together(config, log)


@pytest.fixture(autouse=True)
def nobody_s_language() -> Iterator[None]:
    """A page that was asked for in one language does not leave it to the next test."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def live() -> Iterator[Live]:
    """A whole installation with its cast, running: `.url`, `.sandbox_url`, `.outbox_url`.

    GUITAI_LIVE_PORT and GUITAI_LIVE_HOME name one that runs already.
    """
    given = os.environ.get("GUITAI_LIVE_PORT")
    if given:
        yield Live(Path(os.environ["GUITAI_LIVE_HOME"]), int(given))
        return
    with installation() as running:
        running.start()
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path; the test skips, loudly, where there is none."""
    for name in (os.environ.get("CHROMIUM", ""), *_CHROMIUM):
        if name and (path := shutil.which(name)):
            return path
    with contextlib.suppress(Exception):
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
            if Path(path).exists():
                return path
    pytest.skip(NO_BROWSER)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [
        report for report in terminalreporter.getreports("skipped") if "NO BROWSER" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} browser tests skipped", red=True, bold=True)
        terminalreporter.write_line(NO_BROWSER)
