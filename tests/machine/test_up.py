"""`guitai up` against the worst: every process killed, the machine left dirty, two starts at once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.live import ROOT, installation

pytestmark = pytest.mark.live


def processes_of(home):
    """Every process whose command line or working folder belongs to this home, or that serves it."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            command = (entry / "cmdline").read_bytes()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        belongs = f"GUITAI_HOME={home}".encode() in environment or str(home).encode() in command
        if belongs and state != "Z":
            found.append(f"{entry.name} {command.decode(errors='replace')}")
    return found


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def machine():
    with installation("--no-seed") as live:
        live.start()
        yield live


def start_again(live):
    """The next start, from a clean terminal."""
    (live.home / "terminal.log").unlink()
    live.start()


def test_one_command_serves_everything(machine):
    assert machine.status("/healthz") == 200
    assert machine.get("/readyz")["ready"] is True
    assert machine.status("/") == 200
    assert machine.get("/api/v1/openapi.json")["openapi"].startswith("3.")
    assert "guitai_http_requests_total" in machine.get("/metrics")
    assert set(machine.pids()) == {"sandbox", "web", "worker"}
    assert str(machine.port) in machine.said


def test_a_second_start_of_the_same_home_is_refused(machine):
    done = machine.run("up")
    assert done.returncode == 2
    assert "already running here" in done.stderr
    assert machine.status("/readyz") == 200


@pytest.mark.parametrize("name", ["web", "worker", "sandbox"])
def test_a_killed_child_comes_back(machine, name):
    before = machine.pids()[name]
    os.kill(before, signal.SIGKILL)
    until(lambda: machine.pids().get(name, before) != before)
    until(lambda: machine.status("/readyz") == 200)
    assert machine.process.poll() is None


def test_a_killed_database_comes_back(machine):
    postmaster = machine.home / "postgres" / "data" / "postmaster.pid"
    os.kill(int(postmaster.read_text().split()[0]), signal.SIGKILL)
    machine.wait_for("the database had died and was started again")
    until(lambda: machine.status("/readyz") == 200)
    assert machine.status("/") == 200


def test_a_killed_supervisor_is_survived_by_the_next_start(machine):
    machine.process.kill()
    machine.process.wait()
    until(lambda: machine.status("/healthz") == 0)
    start_again(machine)
    assert machine.status("/") == 200


def test_ctrl_c_leaves_no_process_and_the_next_start_serves_again(machine):
    for number in (signal.SIGINT, signal.SIGTERM):
        assert processes_of(machine.home)
        assert machine.stop(number) == 0
        until(lambda: not processes_of(machine.home))
        start_again(machine)
        assert machine.status("/") == 200


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_an_ordinary_user_can_run_it():
    """The embedded database as a user without rights, in a home of their own."""
    code = (
        "import pathlib, sys; from guitai.site.postgres import Cluster; import psycopg\n"
        "with Cluster.open(pathlib.Path(sys.argv[1])) as cluster:\n"
        "    print(psycopg.connect(cluster.url).execute('SELECT 42').fetchone()[0])"
    )
    with installation() as live:
        os.chown(live.home, 65534, 65534)
        done = run_as_nobody("-c", code, str(live.home))
        assert done.stdout.strip() == "42", done.stderr


def run_as_nobody(*words):
    """Our environment's Python as a user without rights, or the system's where ours lies in a closed home."""
    packages = next((ROOT / ".venv" / "lib").glob("python3*/site-packages"))
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{ROOT}:{packages}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for python in (sys.executable, "/usr/bin/python3.11"):
        try:
            done = subprocess.run(
                [python, *words], cwd="/", user=65534, group=65534, extra_groups=[], env=environment,
                capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
        except (PermissionError, FileNotFoundError):
            continue
        if "No module named" not in done.stderr:
            return done
    pytest.skip("this checkout lies where an ordinary user cannot read it")
