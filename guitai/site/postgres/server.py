"""Making, starting and stopping one PostgreSQL server. The caller holds the cluster's lock."""

import logging
import os
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

from guitai.site.postgres.account import Account
from guitai.site.postgres.binaries import MAJOR, Binaries
from guitai.site.postgres.place import Place
from guitai.site.postgres.refusals import ClusterRefused
from guitai.site.postgres.settings import SUPERUSER

logger = logging.getLogger("guitai.postgres")

_NOTICE_S, _STOP_S, _ORPHANS_S = 15, 60, 10
# A day: recovery after a crash takes as long as it takes, and a server that died is noticed at once.
_PATIENCE_S = 24 * 3600
_INITDB = (
    "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-ctype=C.UTF-8",
    "--encoding=UTF8", "--auth=peer", f"--username={SUPERUSER}", "--no-instructions",
)  # fmt: skip


def ensure_data(place: Place, binaries: Binaries, account: Account) -> None:
    """A complete data folder: made in a draft and renamed, so that an interrupted start leaves no half."""
    if not place.data.exists():
        draft = place.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        account.own(draft)
        _run([binaries.program("initdb"), "-D", str(draft), *_INITDB], place, account, "initdb")
        draft.rename(place.data)
    status = place.data.stat()
    if status.st_uid != account.uid:
        raise ClusterRefused(
            f"{place.data} belongs to user id {status.st_uid}: start Guitai as the user who made it, or "
            "choose another GUITAI_HOME."
        )
    found = (place.data / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise ClusterRefused(
            f"{place.data} was made by PostgreSQL {found} and these programs are {MAJOR}: upgrade it with "
            "pg_upgrade, or choose another GUITAI_HOME."
        )


def start(place: Place, binaries: Binaries, account: Account, settings: Path) -> None:
    """Start the server and wait until it answers, however long its recovery takes."""
    _clear_remains(place)
    options = f"-c config_file={shlex.quote(str(settings))}"
    log = place.log / "start.log"
    log.unlink(missing_ok=True)
    command = [binaries.program("pg_ctl"), "start", "-D", str(place.data), "-w", "-t", str(_PATIENCE_S)]
    _run([*command, "-s", "-l", str(log), "-o", options], place, account, "PostgreSQL")


def stop(data: Path) -> None:
    """Stop the server and wait until it is gone; a second, harder signal when it does not listen."""
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        pid = postmaster(data)
        if pid is None:
            return
        _signal(pid, number)
        deadline = time.monotonic() + _STOP_S
        # It takes its note away a moment before it is gone.
        while _works_in(pid, data) and time.monotonic() < deadline:
            time.sleep(0.02)


def postmaster(data: Path) -> int | None:
    """The process id of the running server of this data folder."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if _works_in(pid, data) else None


def _works_in(pid: int, data: Path) -> bool:
    try:
        return os.readlink(f"/proc/{pid}/cwd") == str(data.resolve())
    except OSError:
        return False


def _clear_remains(place: Place) -> None:
    """After a postmaster was killed: end its last children, then drop its claims.

    PostgreSQL would drop them itself, but not when its old process number is in use again, or is a zombie
    that a container's first process never collects.
    """
    claim = place.data / "postmaster.pid"
    if not claim.exists():
        return
    for number in (signal.SIGQUIT, signal.SIGKILL):
        deadline = time.monotonic() + _ORPHANS_S
        for pid in _orphans(place.data):
            _signal(pid, number)
        while _orphans(place.data) and time.monotonic() < deadline:
            time.sleep(0.05)
    for left in (claim, *place.sockets.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)


def _orphans(data: Path) -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and _works_in(int(entry), data)]


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _run(command: list[str], place: Place, account: Account, what: str) -> None:
    """Run one of PostgreSQL's programs as its user, patiently, with nothing of our environment."""
    output = place.log / f"{Path(command[0]).name}.log"
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=place.folder, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            start_new_session=True, **account.process_options(),
        )  # fmt: skip
        try:
            code = _wait(process, what)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if code != 0:
        raise ClusterRefused(f"{what} failed (exit code {code}). Its last words:\n{last_words(place.log)}")


def _wait(process: subprocess.Popen[bytes], what: str) -> int:
    started = time.monotonic()
    while True:
        try:
            return process.wait(timeout=_NOTICE_S)
        except subprocess.TimeoutExpired:
            seconds = int(time.monotonic() - started)
            logger.warning(
                "%s is still working after %d s (recovery after a crash takes time)", what, seconds
            )


def last_words(log: Path, lines: int = 12) -> str:
    """The end of the newest log files, for an error message."""
    files = sorted(
        (path for path in log.glob("*.log") if path.stat().st_size), key=lambda p: p.stat().st_mtime
    )
    words = [line for path in files[-2:] for line in path.read_text(errors="replace").splitlines()[-lines:]]
    return "\n".join(f"    {line}" for line in words)
