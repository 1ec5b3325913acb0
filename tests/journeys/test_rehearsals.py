"""Rehearsals: every trouble has one, none outside the demonstration, and each is staged through the real doors."""

import json

import pytest

from guitai.site.cast import PASSWORD
from guitai.site.command import main
from guitai.site.command.rehearse import NAMES
from guitai.site.rehearsals import REHEARSALS
from tests.journeys.client import Customer, cny

# Where what was staged stands, whatever comes of it afterwards.
STATES = {
    "refused": {"refused"}, "top_up": {"unknown"}, "withdrawal": {"processing", "succeeded"}, "held": {"held"},
    "wrong_person": {"sent", "succeeded"}, "not_me": {"sent", "succeeded"}, "fees": {"processing", "succeeded"},
}  # fmt: skip


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
    assert scene["look"]
    somebody = Customer(live, phone=scene["phone"])
    if name == "locked":
        right = {"phone": scene["phone"], "password": PASSWORD}
        answer = somebody.http.post("/_allauth/app/v1/auth/login", json=right)
        assert answer.status_code == 423, answer.text
        return
    who = somebody.signed_in()
    if "reference" in scene:
        assert who.operation(scene["reference"])["state"] in STATES[name]
    if name == "fees":
        assert who.operation(scene["reference"])["fee"] == cny(1_20), (
            "a tenth of a per cent of what is not free"
        )
    if "case" in scene:
        assert scene["case"] in [case["reference"] for case in who.ok("GET", "/cases")["items"]]
