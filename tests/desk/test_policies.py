"""Every policy stands on one page, with what it means, since when, by whom, and how it is changed."""

import json

import pytest
from django.utils.translation import override

from guitai.base.actor import SYSTEM
from guitai.desk.web.policy_words import DOORS, POLICIES
from guitai.kit import policies

pytestmark = pytest.mark.django_db


def test_each_declared_policy_has_words_in_both_languages() -> None:
    # The demonstration's own is declared only where there is one.
    names = {one.name for one in policies.in_force()} | {"demonstration"}
    assert names == POLICIES.keys() and DOORS.keys() <= names
    for title, meaning in POLICIES.values():
        with override("zh-hans"):
            assert all("\u4e00" <= str(words)[0] <= "\u9fff" for words in (title, meaning)), str(title)


def test_a_supervisor_sees_what_is_in_force_and_who_decided_it(rao) -> None:
    page = rao[0].get("/desk/policies/").content.decode()
    assert "limits@0" in page and "the built-in default" in page
    policies.publish("waiting", {"held_hours": 7}, rao[1])
    policies.publish("waiting", {"held_hours": 9}, SYSTEM)
    policies.publish("late_top_ups", {"then": "return"}, rao[1])
    page = rao[0].get("/desk/policies/").content.decode()
    assert "waiting@2" in page and "late_top_ups@1" in page and "guitai policies publish waiting FILE" in page
    assert "&quot;held_hours&quot;: 9" in page and "&quot;held_hours&quot;: 7" not in page
    assert "a command on the server" in page and "R" in page
    assert "/desk/reserve/" in page


def test_an_agent_does_not(wen) -> None:
    assert wen[0].get("/desk/policies/").status_code == 403


def test_the_list_takes_one_statement_however_many_versions(django_assert_max_num_queries) -> None:
    for hours in range(1, 6):
        policies.publish("waiting", {"held_hours": hours}, SYSTEM)
    with django_assert_max_num_queries(1):
        found = {one.name: one for one in policies.in_force()}
    assert (found["waiting"].version, found["waiting"].value["held_hours"]) == (5, 5)
    assert json.dumps([one.value for one in found.values()])
