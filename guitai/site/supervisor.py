"""Keeps the programs of one installation running: starts, watches, restarts with growing pauses, stops."""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from guitai.site import processes
from guitai.site.refusals import StartRefused

Say = Callable[[str], None]
_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TICK_S, _GRACE_S, _STEADY_S, _PAUSE_MAX_S = 0.2, 15.0, 30.0, 30.0
_FALSE_STARTS_MAX = 3
_LOG_BYTES_MAX = 10 * 1024 * 1024
_LAST_LINES = 15


@dataclass(frozen=True, slots=True)
class Program:
    """One program: what to run, and how to know that it serves."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    fds: tuple[int, ...] = ()
    ready: Callable[[], bool] = lambda: True


@dataclass(slots=True)
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    failures: int = 0
    was_ready: bool = False

    @property
    def running(self) -> bool:
        return self.process is not None


@dataclass
class Supervisor:
    """Runs in one thread, by steps. `folder` keeps notes of the children; `logs` their words, None for ours."""

    programs: Sequence[Program]
    folder: Path
    logs: Path | None
    say: Say
    each_step: Callable[[], None] = lambda: None
    _children: list[_Child] = field(default_factory=list)
    _asked_to_stop: bool = False

    def __enter__(self) -> "Supervisor":
        # Blocked here and taken by sigtimedwait below: no handler, so no race.
        signal.pthread_sigmask(signal.SIG_BLOCK, [*_STOP, signal.SIGCHLD])
        self._children = [_Child(program) for program in self.programs]
        return self

    def __exit__(self, *_error: object) -> None:
        running = [child.process for child in reversed(self._children) if child.process is not None]
        processes.end(running, _GRACE_S)
        for child in self._children:
            processes.forget(self.folder, child.program.name)
        while signal.sigtimedwait([*_STOP, signal.SIGCHLD], 0):
            pass  # a second Ctrl-C while we were stopping
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [*_STOP, signal.SIGCHLD])

    def step(self) -> bool:
        """One look at everything, waiting a moment at most; False once somebody asked us to stop."""
        now = time.monotonic()
        for child in self._children:
            self._look_at(child, now)
        self.each_step()
        caught = signal.sigtimedwait([*_STOP, signal.SIGCHLD], _TICK_S)
        if caught is not None and caught.si_signo in _STOP:
            self._asked_to_stop = True
        return not self._asked_to_stop

    def until_ready(self) -> bool:
        """Step until every program serves; False when asked to stop before that.

        refuses  StartRefused with a program's last words when it never comes up
        """
        while self.step():
            for child in self._children:
                if child.running and not child.was_ready and child.program.ready():
                    child.was_ready = True
            if all(child.was_ready for child in self._children):
                return True
        return False

    def run(self, program: Program) -> int | None:
        """Run a program to its end while watching the others; its exit code, None when asked to stop."""
        process = self._spawn(program, None)
        try:
            while process.poll() is None:
                if not self.step():
                    return None
            return process.returncode
        finally:
            processes.end([process], _GRACE_S)
            processes.forget(self.folder, program.name)

    def _look_at(self, child: _Child, now: float) -> None:
        if child.process is None:
            if now >= child.due_at:
                child.process, child.started_at = self._spawn(child.program, self._log(child.program)), now
            return
        code = child.process.poll()
        if code is None:
            if now - child.started_at > _STEADY_S:
                child.failures = 0
            return
        processes.end([child.process], 0)  # whatever it started itself
        child.process = None
        child.failures += 1
        if not child.was_ready and child.failures >= _FALSE_STARTS_MAX:
            raise StartRefused(
                f"{child.program.name} does not start (exit code {code}).{self._last_words(child.program)}"
            )
        pause = min(0.25 * 2**child.failures, _PAUSE_MAX_S)
        child.due_at = now + pause
        self.say(f"{child.program.name} ended with exit code {code}; starting it again in {pause:g} s")

    def _spawn(self, program: Program, log: Path | None) -> subprocess.Popen[bytes]:
        output: IO[bytes] | None
        with open(log, "ab") if log else contextlib.nullcontext() as output:
            process = processes.spawn(program.argv, program.environment, output=output, fds=program.fds)
        processes.note(self.folder, program.name, process.pid)
        return process

    def _log(self, program: Program) -> Path | None:
        if self.logs is None:
            return None
        path = self.logs / f"{program.name}.log"
        if path.exists() and path.stat().st_size > _LOG_BYTES_MAX:
            path.replace(path.with_suffix(".log.1"))
        return path

    def _last_words(self, program: Program) -> str:
        if self.logs is None:
            return ""
        path = self.logs / f"{program.name}.log"
        lines = path.read_text(errors="replace").splitlines()[-_LAST_LINES:]
        return f" The end of {path}:\n" + "\n".join(f"    {line}" for line in lines)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One supervisor for a home at a time.

    refuses  StartRefused, naming the other's process id
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.pread(handle, 32, 0).decode().strip()
            raise StartRefused(
                f"Guitai is already running here (process {other}): stop that one first, or use another GUITAI_HOME."
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
