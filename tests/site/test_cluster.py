"""The embedded PostgreSQL: shared, patient, and whole after any crash."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from guitai.site.postgres import Cluster, ClusterRefused, place, server
from guitai.site.postgres.account import Account, account
from tests.live import ROOT


@pytest.fixture(scope="module")
def home():
    path = Path(tempfile.mkdtemp(prefix="guitai-cluster-"))
    path.chmod(0o755)
    yield path
    server.stop(path / "postgres" / "data")
    shutil.rmtree(path)


def ask(cluster, question="SELECT current_user"):
    with psycopg.connect(cluster.url) as connection:
        return connection.execute(question).fetchone()[0]


def until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_first_in_starts_last_out_stops(home):
    first = Cluster.open(home)
    second = Cluster.open(home)
    pid = first.postmaster
    assert pid is not None
    assert ask(first) == "guitai"
    first.close()
    assert second.postmaster == pid
    assert ask(second) == "guitai"
    second.close()
    assert second.postmaster is None


def test_another_process_keeps_it_running(home):
    program = (
        "import sys, pathlib\nfrom guitai.site.postgres import Cluster\n"
        "cluster = Cluster.open(pathlib.Path(sys.argv[1]))\nprint('open', flush=True)\nsys.stdin.read()\n"
    )
    with Cluster.open(home) as cluster:
        other = subprocess.Popen(
            [sys.executable, "-c", program, str(home)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert other.stdout.readline() == b"open\n"
    assert cluster.postmaster is not None
    other.kill()  # its share of the lock goes with it, and the next one takes over what it left
    other.communicate()
    with Cluster.open(home) as again:
        assert again.postmaster == cluster.postmaster
    assert again.postmaster is None


def test_only_the_starting_user_gets_in(home):
    with Cluster.open(home) as cluster:
        folder = home / "postgres"
        assert (folder / "sockets").stat().st_mode & 0o777 == 0o700
        assert (folder / "data").stat().st_mode & 0o777 == 0o700
        assert ask(cluster, "SELECT current_setting('listen_addresses')") == ""
        assert ask(cluster, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
        with pytest.raises(psycopg.OperationalError, match=r"(?i)peer authentication failed"):
            psycopg.connect(cluster.url.replace("guitai@", "stranger@"))


def test_chinese_is_text_to_it(home):
    with Cluster.open(home) as cluster:
        assert ask(cluster, "SELECT upper('é') || lower('Ä')") == "Éä"
        assert ask(cluster, "SELECT '柜台' ~ '^\\w+$'") is True


def test_survives_a_killed_postmaster(home):
    with Cluster.open(home) as cluster:
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(cluster.postmaster, signal.SIGKILL)
        until(lambda: cluster.postmaster is None)
        assert cluster.ensure_running() is True
        assert cluster.ensure_running() is False
        assert ask(cluster, "SELECT number FROM kept") == 7
        os.kill(cluster.postmaster, signal.SIGKILL)
        with Cluster.open(home) as other:  # at once, while the old one is still dying
            assert ask(other, "SELECT number FROM kept") == 7


def test_an_interrupted_initdb_is_begun_again():
    path = Path(tempfile.mkdtemp(prefix="guitai-cluster-"))
    path.chmod(0o755)
    try:
        half = path / "postgres" / "data.new"
        half.mkdir(parents=True)
        (half / "PG_VERSION").write_text("18\n")
        with Cluster.open(path) as cluster:
            assert ask(cluster) == "guitai"
        assert not half.exists()
        # Another major version is refused, with words.
        (path / "postgres" / "data" / "PG_VERSION").write_text("9\n")
        with pytest.raises(ClusterRefused, match="pg_upgrade"):
            Cluster.open(path)
    finally:
        server.stop(path / "postgres" / "data")
        shutil.rmtree(path)


def test_a_long_home_gets_its_socket_elsewhere(tmp_path):
    folder = tmp_path / ("long-" * 20)
    folder.mkdir()
    sockets = place.socket_folder(folder, account())
    try:
        assert len(f"{sockets}/.s.PGSQL.5432") <= 107
        assert sockets.stat().st_mode & 0o777 == 0o700
    finally:
        sockets.rmdir()


def test_refuses_a_socket_folder_of_somebody_else(tmp_path):
    (tmp_path / "sockets").symlink_to(tmp_path)
    with pytest.raises(ClusterRefused, match="belongs to another user"):
        place.private_folder(tmp_path / "sockets", account())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make folders that its own database cannot enter")
def test_a_home_that_the_database_cannot_enter(tmp_path):
    stranger = Account("nobody", 65534, 65534, other=True)
    elsewhere = Path(tempfile.mkdtemp(prefix="guitai-elsewhere-"))
    elsewhere.chmod(0o755)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    try:
        folder = place.find_folder(closed / "var", stranger, elsewhere)
        assert folder.parent == elsewhere
        assert place.find_folder(closed / "var", stranger, elsewhere) == folder
        (folder / "data").mkdir()
        # The home is deleted: what it left is set aside, never served to a new home without its keys.
        shutil.rmtree(closed / "var")
        fresh = place.find_folder(closed / "var", stranger, elsewhere)
        assert fresh == folder
        assert not (fresh / "data").exists()
        assert (elsewhere / f"{folder.name}.left-1" / "data").exists()
        elsewhere.chmod(0o700)
        with pytest.raises(ClusterRefused, match="cannot enter"):
            place.find_folder(closed / "var", stranger, elsewhere)
    finally:
        shutil.rmtree(elsewhere)
