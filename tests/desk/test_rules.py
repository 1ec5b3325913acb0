"""What an agent may do, and what is missing where they may not."""

import pytest

from guitai.desk.rules.actions import actions, ring

ME, OTHER = "me", "other"


@pytest.mark.parametrize(
    ("state", "holder", "allowed", "needs"),
    [
        ("new", None, {"take", "note"}, "take_first"),
        ("triaged", None, {"take", "note"}, "take_first"),
        ("in_progress", ME, {"release", "reply", "note", "resolve"}, ""),
        ("waiting_customer", ME, {"release", "reply", "note", "resolve"}, ""),
        ("in_progress", OTHER, {"note"}, "held_by_colleague"),
        ("resolved", ME, {"note"}, "case_ended"),
        ("withdrawn", None, {"note"}, "case_ended"),
        ("merged", ME, {"note"}, "case_ended"),
        ("closed", None, {"note"}, "case_ended"),
    ],
)
def test_actions_by_state_and_holder(state, holder, allowed, needs):
    found = actions(state=state, holder=holder, staff=ME, operation_held=False, may_decide=True)
    assert {name for name, action in found.items() if action.allowed} == allowed
    assert found["reply"].needs == needs
    assert "release_hold" not in found


@pytest.mark.parametrize(("may_decide", "needs"), [(True, ""), (False, "supervisor")])
def test_holds_are_for_those_who_decide(may_decide, needs):
    found = actions(state="triaged", holder=None, staff=ME, operation_held=True, may_decide=may_decide)
    assert found["release_hold"].allowed is may_decide and found["decline_hold"].needs == needs


@pytest.mark.parametrize(
    ("since", "until", "now", "percent"),
    [
        (0.0, 100.0, 25.0, 25),
        (0.0, 100.0, 250.0, 100),
        (0.0, 100.0, -5.0, 0),
        (None, 1.0, 1.0, 0),
        (1.0, 1.0, 1.0, 0),
    ],
)
def test_the_ring_shows_how_much_is_used(since, until, now, percent):
    assert ring(since, until, now) == percent
