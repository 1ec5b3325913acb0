"""Rehearsals: every trouble has one, none outside the demonstration, and each is staged through the real doors."""

import json

import pytest

from guitai.site.command import main
from guitai.site.command.rehearse import NAMES
from guitai.site.rehearsals import REHEARSALS


def test_each_of_the_ten_troubles_has_a_rehearsal():
    assert tuple(REHEARSALS) == NAMES and len(NAMES) == 10


def test_it_is_refused_outside_the_demonstration(capsys):
    assert main(["rehearse", "stolen"]) == 2
    assert "needs the demonstration" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_each_is_staged_in_a_running_demonstration(live, name):
    done = live.run("rehearse", name, "--json", timeout_s=180)
    assert done.returncode == 0, done.stderr[-2000:]
    scene = json.loads(done.stdout.splitlines()[-1])
    assert scene["look"] and scene["phone"].startswith("+86")
