"""Web processes of a measurement: real ones, started as `guitai up` starts them, on free ports."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from guitai.site import processes
from guitai.site.bench.place import Place
from guitai.site.refusals import StartRefused

OURS = ("-m", "guitai", "web", "--fd")
DJANGO_ASGI = ("-m", "guitai.site.bench.django_asgi")
ONE_BY_ONE = ("-m", "guitai.site.bench.one_by_one")
_READY_S, _GRACE_S, _BACKLOG, _LAST_LINES = 60, 12, 512, 15
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Web:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def last_lines(self) -> list[str]:
        """The end of what it said."""
        return self.log.read_text(errors="replace").splitlines()[-_LAST_LINES:]


class Webs(contextlib.AbstractContextManager["Webs"]):
    """All web processes of a run; none is left when the block ends."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._all: list[Web] = []

    def __enter__(self) -> Self:
        return self

    def start(self, name: str, database: str, words: Sequence[str] = OURS, **variables: str) -> Web:
        """A web process on a scratch database, ready to answer; refuses StartRefused with its last words."""
        metrics = self._place.home / f"metrics-{name}"
        metrics.mkdir()
        log = self._place.home / f"{name}.log"
        with socket.socket() as opened, log.open("wb") as output:
            opened.bind(("127.0.0.1", 0))
            opened.listen(_BACKLOG)
            port, fd = int(opened.getsockname()[1]), opened.fileno()
            own = {
                "PORT": str(port), "GUITAI_PUBLIC_URL": f"http://127.0.0.1:{port}",
                "PROMETHEUS_MULTIPROC_DIR": str(metrics), "PYTHONUNBUFFERED": "1",
            }  # fmt: skip
            process = processes.spawn(
                [sys.executable, *words, str(fd)],
                self._place.variables(database, **own, **variables), output=output, fds=(fd,),
            )  # fmt: skip
        web = Web(port, process, log)
        self._all.append(web)
        deadline = time.monotonic() + _READY_S
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise StartRefused(
                    f"the web process {name!r} does not answer:\n" + "\n".join(web.last_lines())
                )
            time.sleep(0.1)
        return web

    def stop(self) -> None:
        """End all of them in order."""
        processes.end([web.process for web in self._all], _GRACE_S)
        self._all.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _answers(port: int) -> bool:
    try:
        with _OPENER.open(f"http://127.0.0.1:{port}/sign-in/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
