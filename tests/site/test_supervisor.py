"""The supervisor alone, over small programs: restarts, stops, and clears up after its own death."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from guitai.site import processes
from guitai.site.refusals import StartRefused
from guitai.site.supervisor import Program, Supervisor, alone
from tests.live import ROOT

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


def program(name, code="import time; time.sleep(60)", **options):
    return Program(name, (sys.executable, "-c", code), dict(os.environ), **options)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def pid_of(folder, name):
    return int((folder / f"{name}.pid").read_text().split()[0])


def test_starts_all_and_stops_all(tmp_path):
    with Supervisor([program("one"), program("two")], tmp_path, tmp_path, print) as supervisor:
        assert supervisor.until_ready()
        pids = [pid_of(tmp_path, "one"), pid_of(tmp_path, "two")]
        assert all(alive(pid) for pid in pids)
        # To this thread: a test process has others, which do not block the signal and would end with it.
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        assert supervisor.step() is False
    assert not any(alive(pid) for pid in pids)
    assert not list(tmp_path.glob("*.pid"))


def test_a_killed_child_is_started_again(tmp_path):
    said = []
    with Supervisor([program("one")], tmp_path, tmp_path, said.append) as supervisor:
        supervisor.until_ready()
        first = pid_of(tmp_path, "one")
        os.kill(first, signal.SIGKILL)
        until(lambda: supervisor.step() and pid_of(tmp_path, "one") != first)
    assert "starting it again" in said[0]


def test_a_child_that_never_comes_up_ends_the_start(tmp_path):
    broken = program("broken", "print('the reason'); raise SystemExit(3)", ready=lambda: False)
    with (
        pytest.raises(StartRefused, match=r"(?s)broken does not start \(exit code 3\).*the reason"),
        Supervisor([program("fine"), broken], tmp_path, tmp_path, print) as supervisor,
    ):
        supervisor.until_ready()
    assert not list(tmp_path.glob("*.pid"))


def test_a_stubborn_child_is_killed_with_its_own_children(tmp_path, monkeypatch):
    monkeypatch.setattr("guitai.site.supervisor._GRACE_S", 0.3)
    code = (
        "import signal, subprocess, sys, time; signal.signal(15, signal.SIG_IGN);"
        f"p = subprocess.Popen({list(SLEEP)!r}); open({str(tmp_path / 'grandchild')!r}, 'w').write(str(p.pid));"
        "time.sleep(60)"
    )
    with Supervisor([program("stubborn", code)], tmp_path, tmp_path, print) as supervisor:
        supervisor.until_ready()
        until(lambda: (tmp_path / "grandchild").exists() and (tmp_path / "grandchild").read_text())
        grandchild = int((tmp_path / "grandchild").read_text())
    until(lambda: not alive(grandchild))


def test_a_program_runs_to_its_end_beside_the_others(tmp_path):
    with Supervisor([program("one")], tmp_path, tmp_path, print) as supervisor:
        supervisor.until_ready()
        assert supervisor.run(program("seven", "raise SystemExit(7)")) == 7


@pytest.fixture
def other_supervisor(tmp_path):
    """A supervisor in a process of its own, with one child."""
    code = f"""
        import os, pathlib
        from guitai.site.supervisor import Program, Supervisor, alone
        folder = pathlib.Path({str(tmp_path)!r})
        with alone(folder), Supervisor(
            [Program("child", {SLEEP!r}, dict(os.environ))], folder, folder, print
        ) as supervisor:
            supervisor.until_ready()
            print("ready", flush=True)
            while supervisor.step():
                pass
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout.readline() == b"ready\n"
    yield process
    process.kill()
    process.communicate()


def test_children_die_with_a_killed_supervisor(tmp_path, other_supervisor):
    child = pid_of(tmp_path, "child")
    other_supervisor.kill()
    until(lambda: not alive(child))
    assert processes.clear_remains(tmp_path) == []
    assert not list(tmp_path.glob("*.pid"))


def test_the_next_start_ends_what_is_left(tmp_path):
    left = subprocess.Popen(SLEEP, start_new_session=True)
    processes.note(tmp_path, "left", left.pid)
    other = subprocess.Popen(SLEEP, start_new_session=True)
    (tmp_path / "reused.pid").write_text(f"{other.pid} 1\n")  # the number belongs to somebody else by now
    try:
        assert processes.clear_remains(tmp_path) == ["left"]
        assert left.wait(5) == -signal.SIGTERM
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_one_supervisor_for_a_home(tmp_path, other_supervisor):
    with (
        pytest.raises(StartRefused, match=rf"already running here \(process {other_supervisor.pid}\)"),
        alone(tmp_path),
    ):
        pass
