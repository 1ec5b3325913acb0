"""Loaded before anything else (`-p tests.plugin`): a database of our own, and no way to the outside.

Settings are read by pytest-django while it loads, so the environment must stand before that: a conftest
would be too late. The processes of pytest-xdist inherit it.
"""

import fcntl
import hashlib
import ipaddress
import logging
import os
import socket
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from guitai.site.postgres import Cluster

ROOT = Path(__file__).resolve().parent.parent
# Whoever wants to keep a running cluster or a database of their own names it here.
_GIVEN = "GUITAI_DATABASE_URL"
_RUNS_MAX = 16
_clusters: list[Cluster] = []


def _home() -> Path:
    """A folder for tests that stays, so that the second run need not make a cluster again."""
    digest = hashlib.sha256(f"{os.geteuid()} {ROOT}".encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"guitai-tests-{digest}"


def _slot(home: Path) -> int:
    """A number that no other running pytest of this checkout has: each makes databases of its own name."""
    for number in range(_RUNS_MAX):
        handle = os.open(home / f"run-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
        else:
            return number  # held until this process ends
    raise pytest.UsageError(f"{_RUNS_MAX} test runs of this checkout at once are enough")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    os.environ["GUITAI_MODE"] = "test"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guitai.site.settings")
    home = _home()
    home.mkdir(mode=0o755, exist_ok=True)
    if home.stat().st_uid != os.geteuid():
        raise pytest.UsageError(f"{home} belongs to another user: remove it, or set TMPDIR")
    os.environ.setdefault("GUITAI_HOME", str(home))
    (Path(os.environ["GUITAI_HOME"]) / "static").mkdir(parents=True, exist_ok=True)
    if not os.environ.get(_GIVEN):
        _clusters.append(Cluster.open(home, durable=False))
        os.environ[_GIVEN] = _clusters[0].url.replace("/guitai?", f"/run{_slot(home)}?")
        os.environ["GUITAI_TESTS_OWN_CLUSTER"] = "1"
    # What the queue tells of each task it gets to know would end up below pytest's closing line.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    _guard_sockets()
    return (yield)


def pytest_unconfigure() -> None:
    while _clusters:
        _clusters.pop().close()


def _guard_sockets() -> None:
    """Nothing in a test reaches another machine."""
    original = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise RuntimeError(f"a test tried to reach {address[0]}: tests stay on this machine")
        original(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign]


def _is_here(host: str) -> bool:
    if host in ("localhost", "", "0.0.0.0"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
