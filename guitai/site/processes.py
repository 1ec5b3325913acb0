"""Child processes that never outlive us, and a note of each so that the next start can clear up after a crash."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def spawn(
    argv: Sequence[str],
    environment: Mapping[str, str],
    *,
    output: IO[bytes] | None = None,
    fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only us and we stop it in order.

    The kernel sends it SIGTERM when we die, however we die.
    """
    parent = os.getpid()

    def before_exec() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # we died before the line above took effect
            os._exit(1)

    return subprocess.Popen(
        list(argv),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
        pass_fds=tuple(fds),
        preexec_fn=before_exec,  # noqa: PLW1509  we are single-threaded, and only this sets the death signal
    )


def end(processes: Sequence[subprocess.Popen[bytes]], grace_s: float) -> None:
    """SIGTERM to each group, then SIGKILL to what is left after the grace."""
    for process in processes:
        _signal_group(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + grace_s
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(deadline - time.monotonic(), 0))
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()


def note(folder: Path, name: str, pid: int) -> None:
    """Remember a child: its number and when it started, since numbers are used again."""
    # Whole or not at all: a supervisor killed in between must not leave a child that nobody finds.
    draft = folder / f".{name}.draft"
    draft.write_text(f"{pid} {_started(pid)}\n")
    draft.replace(folder / f"{name}.pid")


def forget(folder: Path, name: str) -> None:
    (folder / f"{name}.pid").unlink(missing_ok=True)


def clear_remains(folder: Path, grace_s: float = 5) -> list[str]:
    """End whatever a killed supervisor left; gives the names."""
    left = []
    for path in sorted(folder.glob("*.pid")):
        with contextlib.suppress(ValueError):
            pid, started = (int(word) for word in path.read_text().split())
            if _alive(pid, started):
                left.append((path.stem, pid, started))
    for number in (signal.SIGTERM, signal.SIGKILL):
        for _name, pid, started in left:
            if _alive(pid, started):
                _signal_group(pid, number)
        deadline = time.monotonic() + grace_s
        while any(_alive(pid, started) for _name, pid, started in left) and time.monotonic() < deadline:
            time.sleep(0.05)
    for path in folder.glob("*.pid"):
        path.unlink()
    return [name for name, _pid, _started in left]


def _alive(pid: int, started: int) -> bool:
    return started != 0 and _started(pid) == started


def _started(pid: int) -> int:
    """When a process started, in the kernel's ticks; 0 when it is gone or only waits to be collected."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] == "Z" else int(fields[19])


def _signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
