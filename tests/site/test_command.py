"""The `guitai` command: help that a stranger understands, and refusals that name what is wrong."""

import base64
import os
import socket
import subprocess
import sys

import pytest

from guitai import __version__
from guitai.site.command import COMMANDS, main
from tests.live import ROOT

KEY = base64.b64encode(bytes(32)).decode()
PRODUCTION = {
    "GUITAI_MODE": "production",
    "GUITAI_PUBLIC_URL": "https://wallet.example",
    "GUITAI_SECRET_KEY": "s" * 60,
    "GUITAI_DATA_KEYS": f"k1:{KEY}",
}


def guitai(*words, home, **variables):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GUITAI_")}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env={**kept, "GUITAI_HOME": str(home), **variables}, check=False,
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_help_names_every_command_and_setting(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    for words in (*COMMANDS, "GUITAI_HOME", "GUITAI_DATABASE_URL", "PORT", "make demo"):
        assert words in shown


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("worker", "web")])
def test_each_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    assert f"usage: guitai {command}" in capsys.readouterr().out


def test_says_its_version(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"guitai {__version__}\n"


def test_nothing_asked_shows_help(capsys):
    assert main([]) == 0
    assert "commands:" in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as left:
        main(["pay"])
    assert left.value.code == 2
    assert "invalid choice: 'pay'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"GUITAI_MODE": "staging"}, "GUITAI_MODE"),
        ({"PORT": "http"}, "PORT"),
        ({"GUITAI_WEB_PROCESSES": "many"}, "GUITAI_WEB_PROCESSES"),
        ({**PRODUCTION, "GUITAI_SECRET_KEY": "short"}, "GUITAI_SECRET_KEY"),
        ({**PRODUCTION, "GUITAI_DATA_KEYS": ""}, "GUITAI_DATA_KEYS"),
        ({**PRODUCTION, "GUITAI_DATA_KEYS": "k1:abc"}, "GUITAI_DATA_KEYS"),
        ({**PRODUCTION, "GUITAI_PUBLIC_URL": ""}, "GUITAI_PUBLIC_URL"),
    ],
)
def test_a_wrong_variable_is_named_before_anything_starts(monkeypatch, tmp_path, capsys, variables, named):
    for name in [name for name in os.environ if name.startswith("GUITAI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GUITAI_HOME", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main(["up"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("guitai: ")
    assert named in said
    assert not (tmp_path / "postgres").exists()


def test_the_cast_is_never_seeded_in_production(tmp_path):
    done = guitai("-m", "guitai", "seed", home=tmp_path, **PRODUCTION)
    assert done.returncode == 2
    assert "never seeded in production" in done.stderr


def test_a_taken_port_is_refused_with_words(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = guitai("-m", "guitai", "up", home=tmp_path, GUITAI_MODE="demo", PORT=port)
    assert done.returncode == 2
    assert f"port {port} on 127.0.0.1" in done.stderr
    assert "PORT=8100" in done.stderr
    assert not (tmp_path / "postgres").exists()


DEVELOPER_PAGES = """
import django
django.setup()
from django.urls import Resolver404, resolve
for path in ("/dev/outbox", "/dev/outbox.json", "/dev/skin", "/dev/login", "/dev/rails"):
    try:
        print(path, resolve(path).route)
    except Resolver404:
        print(path, "none")
"""


@pytest.mark.parametrize(("mode", "mounted"), [("production", False), ("demo", True)])
def test_developer_pages_exist_only_outside_production(tmp_path, mode, mounted):
    done = guitai(
        "-c", DEVELOPER_PAGES, home=tmp_path, **{**PRODUCTION, "GUITAI_MODE": mode},
        GUITAI_DATABASE_URL="postgresql:///nowhere", DJANGO_SETTINGS_MODULE="guitai.site.settings",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    routes = dict(line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith("/dev/"))
    assert len(routes) == 5
    assert (routes["/dev/outbox"] != "none") is mounted
    if not mounted:
        assert set(routes.values()) == {"none"}
