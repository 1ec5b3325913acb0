"""An embedded cluster that loses nothing, with a crew of processes that write into it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from guitai.site.postgres import Cluster
from guitai.site.postgres.settings import DATABASE
from tests.live import ROOT

_STOP_S = 60


@dataclass
class Place:
    """A cluster in a home of its own, and the crew. Each test writes into databases of its own."""

    home: Path
    cluster: Cluster
    crew: "subprocess.Popen[str]"

    def order(self, **order: Any) -> Any:
        """Have the crew do something; gives its answer."""
        assert self.crew.stdin is not None and self.crew.stdout is not None
        self.crew.stdin.write(json.dumps(order, default=str) + "\n")
        self.crew.stdin.flush()
        said = self.crew.stdout.readline()
        assert said, f"the crew is gone: {self.last_words()}"
        return json.loads(said)

    def judge(self, mode: str, *files: Path, database: str = DATABASE) -> dict[str, Any]:
        """One of the judge's verbs; there must be no problem."""
        found = self.order(verb="do", mode=mode, files=files, database=database)
        assert not found["problems"], "\n".join(map(str, found["problems"][:10])) + self.last_words()
        return dict(found)

    def writer(self, mode: str, plan: Path, notes: Path, number: int, database: str) -> "Writer":
        """A process that begins to write at once."""
        notes.touch()
        pid = self.order(verb="write", mode=mode, plan=plan, notes=notes, number=number, database=database)
        return Writer(self, pid, notes)

    def another(self, name: str) -> str:
        """A database with the same tables, where nothing has happened."""
        with psycopg.connect(self.cluster.url.replace(f"/{DATABASE}?", "/postgres?"), autocommit=True) as own:
            own.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")  # type: ignore[arg-type]
        return name

    def kill_database(self) -> None:
        """SIGKILL for the postmaster; then a start, as `guitai up` does it."""
        pid = self.cluster.postmaster
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while self.cluster.postmaster == pid:
            time.sleep(0.01)
        self.cluster.ensure_running()

    def last_words(self) -> str:
        return "\n" + (self.home / "crew.log").read_text()[-2000:]


@dataclass
class Writer:
    """One process that writes, and the notes it leaves."""

    place: Place
    pid: int
    notes: Path
    _seen: int = field(default=0)
    _told: int = field(default=0)

    @property
    def told(self) -> int:
        """How many answers it has written down."""
        with self.notes.open() as file:
            file.seek(self._seen)
            for line in file:
                if not line.endswith("\n"):
                    break
                self._seen += len(line.encode())
                self._told += '"what": "told"' in line
        return self._told

    def finish(self) -> None:
        """Wait until it has done all that it was to do."""
        code = self.place.order(verb="wait", pid=self.pid)
        assert code == 0, self.place.last_words()

    def end(self) -> None:
        """Have it stop after what it is doing."""
        os.kill(self.pid, signal.SIGTERM)
        self.finish()

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.place.order(verb="wait", pid=self.pid)


def _environment(home: Path, cluster: Cluster) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUITAI_")}
    own = {"GUITAI_MODE": "development", "GUITAI_HOME": str(home), "GUITAI_DATABASE_URL": cluster.url}
    return {**kept, **own}


@contextlib.contextmanager
def opened() -> Iterator[Place]:
    """A place with its tables made, gone afterwards with every process that was started for it."""
    home = Path(tempfile.mkdtemp(prefix="guitai-writing-"))
    home.chmod(0o755)  # the database's own user passes through it
    try:
        with Cluster.open(home) as cluster, (home / "crew.log").open("w") as log:
            crew = subprocess.Popen(
                [sys.executable, "-m", "tests.machine.crew"], cwd=ROOT, env=_environment(home, cluster),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
            try:
                place = Place(home, cluster, crew)
                place.judge("make_tables")
                yield place
            finally:
                with contextlib.suppress(BrokenPipeError):
                    crew.communicate(timeout=_STOP_S)
    finally:
        shutil.rmtree(home, ignore_errors=True)
