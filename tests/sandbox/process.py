"""The sandbox as it really runs: a process, reached over HTTP."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.live import ROOT, free_port


@dataclass
class Sandbox:
    home: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Sandbox":
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GUITAI_")}
        with open(self.home / "sandbox.log", "ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "guitai.sandbox", "--port", str(self.port), "--home", str(self.home)],
                cwd=ROOT, env=kept, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        # A busy machine takes its time to start a process.
        until(self._answers, timeout_s=60)
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(10)

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.url + path, headers={"Accept": "application/json", **headers}, trust_env=False)

    def post(self, path: str, content: Any = None, **headers: str) -> httpx.Response:
        return httpx.post(self.url + path, json=content or {}, headers=headers, trust_env=False)

    def deliveries(self, path: str) -> list[dict[str, Any]]:
        """All notices of an order, or of `/bank/payments/`, oldest first."""
        payments = reversed(self.get(path).json()["notices"])
        return [delivery for payment in payments for delivery in payment["deliveries"]]

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise AssertionError((self.home / "sandbox.log").read_text())
        with contextlib.suppress(httpx.HTTPError):
            return self.get("/healthz").status_code == 200
        return False


def until(true: Callable[[], Any], timeout_s: float = 15) -> Any:
    """Wait for something that another process does."""
    deadline = time.monotonic() + timeout_s
    while not (found := true()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
    return found


@contextlib.contextmanager
def sandbox(home: Path):  # type: ignore[no-untyped-def]
    """A running sandbox with a home of its own."""
    running = Sandbox(home, free_port())
    try:
        yield running.start()
    finally:
        if running.process is not None and running.process.poll() is None:
            running.process.kill()
            running.process.wait()
