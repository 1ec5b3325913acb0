"""A whole running installation for tests: `guitai up` in the demo mode, on free ports, in a home of its own."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_START_S, _STOP_S = 120, 40
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Live:
    """One installation: start it, stop it, kill it, look at what it says."""

    home: Path
    port: int
    arguments: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def outbox_url(self) -> str:
        return f"{self.url}/dev/outbox.json"

    @property
    def said(self) -> str:
        """What the terminal shows."""
        path = self.home / "terminal.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def environment(self) -> dict[str, str]:
        """Ours without what tests set for themselves."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GUITAI_")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        own = {"GUITAI_MODE": "demo", "GUITAI_HOME": str(self.home), "PORT": str(self.port)}
        return {**kept, **own, **self.variables}

    def start(self, *, wait: bool = True) -> "Live":
        with open(self.home / "terminal.log", "ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "guitai", "up", *self.arguments],
                cwd=ROOT, env=self.environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip
        if wait:
            self.wait_for("Ctrl-C stops everything")
        return self

    def wait_for(self, words: str, timeout_s: float = _START_S) -> None:
        """Until the terminal of this start shows the words."""
        assert self.process is not None
        deadline = time.monotonic() + timeout_s
        while words not in self.said:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"guitai up never said {words!r}:\n{self.said}\n{self.last_words()}")
            time.sleep(0.1)

    def stop(self, number: int = signal.SIGINT) -> int:
        """As Ctrl-C does; gives the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(_STOP_S)

    def pids(self) -> dict[str, int]:
        """The children, by name."""
        notes = (self.home / "run").glob("*.pid")
        return {path.stem: int(path.read_text().split()[0]) for path in notes}

    def run(self, *words: str, timeout_s: float = 60) -> subprocess.CompletedProcess[str]:
        """Another `guitai` command on the same installation."""
        return subprocess.run(
            [sys.executable, "-m", "guitai", *words], cwd=ROOT, env=self.environment(), capture_output=True,
            text=True, timeout=timeout_s, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip

    def get(self, path: str) -> Any:
        """One of our addresses, as text, or as data when it is JSON."""
        with _OPENER.open(self.url + path, timeout=10) as answer:
            body = answer.read().decode()
            return json.loads(body) if "json" in answer.headers.get("Content-Type", "") else body

    def status(self, path: str) -> int:
        """The HTTP status of an address, 0 when nobody answers."""
        try:
            with _OPENER.open(self.url + path, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return int(error.code)
        except OSError:
            return 0

    def last_words(self) -> str:
        """The end of each program's log, for a failure message."""
        logs = sorted((self.home / "log").glob("*.log"))
        return "\n".join(
            "\n".join([f"--- {path.name}", *path.read_text(errors="replace").splitlines()[-20:]])
            for path in logs
        )

    def cleanup(self) -> None:
        with contextlib.suppress(Exception):
            if self.process is not None and self.process.poll() is None:
                self.stop()
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def free_port() -> int:
    """A port that is free together with the next one."""
    for _attempt in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            number = first.getsockname()[1]
            with contextlib.suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", number + 1))
                return int(number)
    raise AssertionError("no two neighbouring ports are free")


@contextlib.contextmanager
def installation(*arguments: str, **variables: str) -> Iterator[Live]:
    """A new installation, not yet started, removed in the end."""
    home = Path(tempfile.mkdtemp(prefix="guitai-live-"))
    home.chmod(0o755)  # the database's own user passes through it
    live = Live(home, free_port(), arguments, dict(variables))
    try:
        yield live
    finally:
        live.cleanup()
