"""`guitai bench start`: how long from `guitai up` to the first page, the first time and warm, and to its end."""

import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from guitai.site.bench.telling import say
from guitai.site.refusals import StartRefused

_PATIENCE_S, _LOOK_S, _LAST_LINES = 300, 0.02, 20
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def measure(rounds: int) -> dict[str, Any]:
    """An installation of its own in a scratch folder: started once new, then again and again, each time stopped.

    takes    how many warm starts
    gives    seconds: `first`, the median `warm` and the median `stop`
    refuses  StartRefused with its last words when it does not come up
    """
    home = Path(tempfile.mkdtemp(prefix="guitai-bench-"))
    # The database's own user passes through it.
    home.chmod(0o755)
    try:
        say("a new installation")
        first = _turn(home)
        turns = []
        for number in range(rounds):
            say(f"warm start {number + 1} of {rounds}")
            turns.append(_turn(home))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return {
        "bench": "start", "rounds": rounds, "cores": os.cpu_count(),
        "seconds": {
            "first": round(first[0], 2),
            "warm": round(statistics.median(up for up, _down in turns), 2),
            "stop": round(statistics.median(down for _up, down in turns), 2),
        },
    }  # fmt: skip


def lines(result: dict[str, Any]) -> Iterator[str]:
    """The result for people."""
    words = {"first": "a new installation to its first page", "warm": "a later start to its first page",
             "stop": "Ctrl-C to the end of the last process"}  # fmt: skip
    for name, seconds in result["seconds"].items():
        yield f"{words[name]:<40} {seconds:7.2f} s"
    yield f"medians of {result['rounds']} later starts, {result['cores']} cores"


def _turn(home: Path) -> tuple[float, float]:
    """Start it, wait for its first page, stop it; gives how long both took."""
    port, log = _port(), home / "terminal.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUITAI_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "guitai", "up", "--no-seed"], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env={**kept, "GUITAI_MODE": "demo", "GUITAI_HOME": str(home), "PORT": str(port)}, start_new_session=True,
        )  # fmt: skip
    begun = time.monotonic()
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - begun > _PATIENCE_S:
                words = "\n".join(log.read_text(errors="replace").splitlines()[-_LAST_LINES:])
                raise StartRefused(
                    f"the installation to be measured did not come up. Its last words:\n{words}"
                )
            time.sleep(_LOOK_S)
        up = time.monotonic() - begun
    finally:
        begun = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        process.wait(_PATIENCE_S)
    return up, time.monotonic() - begun


def _answers(port: int) -> bool:
    try:
        with _OPENER.open(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _port() -> int:
    """A port that is free together with the next one, where the simulated outside answers."""
    for _attempt in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            number = int(first.getsockname()[1])
            with contextlib.suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", number + 1))
                return number
    raise StartRefused("no two neighbouring ports are free on this machine.")
