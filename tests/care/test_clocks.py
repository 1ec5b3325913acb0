"""Clocks of a case: rules as tables, events that explain them, promises kept and broken, the customer told first."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.openhours import OpenHours
from guitai.care import api
from guitai.care.flows import clocks
from guitai.care.models import Case, CaseClock, Promise
from guitai.care.rules import clocks as rules
from guitai.care.rules.clocks import Clock, ClockEvent, Target
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.notify.models import Message
from guitai.people import api as people
from tests.care.conftest import MONDAY_MORNING, PIN

COUNTER = OpenHours(ZoneInfo("Asia/Shanghai"), (((540, 720), (810, 1080)),) * 5 + ((),) * 2)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    """So many hours after Monday at ten."""
    return MONDAY_MORNING + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("events", "state", "used", "due"),
    [
        ([("activate", 0)], "running", 0, 4.5),
        ([("activate", 0), ("pause", 1)], "paused", 1, None),
        ([("activate", 0), ("pause", 1), ("resume", 24)], "running", 1, 26),
        ([("activate", 0), ("pause", 1), ("resume", 24), ("fulfil", 25)], "met", 2, 26),
        ([("activate", 0), ("activate", 1)], "running", 0, 4.5),
        ([("pause", 0), ("activate", 1)], "running", 0, 5.5),
        ([("activate", 0), ("cancel", 1), ("resume", 2)], "cancelled", 0, None),
        ([("activate", 0), ("fulfil", 1), ("breach", 30)], "met", 1, 4.5),
    ],
)
def test_a_clock_follows_its_events(events, state: str, used: float, due: float | None) -> None:
    found = rules.replay(
        "resolve", Target(minutes=180), COUNTER, [ClockEvent(kind, at(when)) for kind, when in events]
    )
    assert (found.state, found.used) == (state, used * HOUR)
    assert found.due_at == (at(due) if due is not None else None)


def test_a_breach_is_an_event_and_not_an_end() -> None:
    running = rules.activate(Clock("resolve", Target(minutes=60)), COUNTER, at(0))
    assert rules.breach(running, at(0.9)) == running
    late = rules.breach(running, at(3))
    assert late.state == "running" and late.breached_at == at(1)
    assert rules.breach(late, at(9)) == late
    assert rules.fulfil(late, COUNTER, at(4)).state == "met"


def test_another_policy_keeps_what_was_used() -> None:
    running = rules.activate(Clock("resolve", Target(minutes=60)), COUNTER, at(0))
    moved = rules.reattach(running, Target(minutes=120), COUNTER, at(0.5))
    assert moved.used == HOUR / 2 and moved.due_at == at(2)


@given(st.lists(st.tuples(st.sampled_from(["pause", "resume"]), st.integers(1, 600)), max_size=12))
def test_time_that_stood_still_is_never_counted(steps) -> None:
    hours, moment = OpenHours.always(), MONDAY_MORNING
    events, counted, running = [ClockEvent("activate", moment)], timedelta(), True
    for kind, minutes in steps:
        moment += timedelta(minutes=minutes)
        counted += timedelta(minutes=minutes) if running else timedelta()
        running = kind == "resume"
        events.append(ClockEvent(kind, moment))
    found = rules.pause(rules.replay("resolve", Target(minutes=60), hours, events), hours, moment)
    assert found.used == counted


@pytest.fixture
def clocked(operator, yue) -> str:
    return api.open_case(yue, "complaint", "It is wrong", [], key="clocked")


def _clocks(reference: str) -> dict[str, CaseClock]:
    found = CaseClock.objects.filter(case__reference=reference).order_by("id")
    return {row.metric: row for row in found}


def _act(hours: float):
    return clock.stopped(at(hours))


@pytest.mark.django_db
def test_a_case_owes_a_reply_a_solution_and_what_the_law_says(clocked: str) -> None:
    found = _clocks(clocked)
    assert set(found) == {"first_reply", "resolve", "statutory"}
    assert all(row.state == "running" and "care.promises@" in row.policies for row in found.values())
    assert set(Promise.objects.values_list("what", flat=True)) == {"reply", "resolve", "statutory"}
    assert Case.objects.get(reference=clocked).answer_by == found["first_reply"].due_at


@pytest.mark.django_db
def test_clocks_stand_still_while_it_is_the_customers_turn_except_where_the_law_says_no(
    clocked: str, agent: Actor
) -> None:
    api.take(clocked, agent)
    with _act(1):
        api.reply(clocked, agent, "Which bill?", next_turn="customer", key="1")
    found = _clocks(clocked)
    assert {name: row.state for name, row in found.items()} == {
        "first_reply": "met", "resolve": "paused", "statutory": "running",
    }  # fmt: skip
    assert Promise.objects.get(what="reply").state == "kept"
    with _act(30):
        customer = Actor("customer", str(found["resolve"].case.customer))
        api.reply(clocked, customer, "This one", key="2")
    found = _clocks(clocked)
    assert found["next_reply"].state == found["resolve"].state == "running"
    assert found["resolve"].used_seconds == 3600


@pytest.mark.django_db
def test_what_is_solved_owes_nothing_and_what_is_reopened_owes_anew(clocked: str, agent: Actor) -> None:
    api.take(clocked, agent)
    with _act(1):
        api.resolve(clocked, agent, "Done")
    assert {row.state for row in _clocks(clocked).values()} == {"met"}
    customer = Actor("customer", str(Case.objects.get(reference=clocked).customer))
    with _act(2):
        api.reopen(clocked, customer, "Not done")
    again = CaseClock.objects.filter(case__reference=clocked, state="running")
    assert set(again.values_list("metric", flat=True)) == {"next_reply", "resolve", "statutory"}


@pytest.mark.django_db
def test_a_broken_promise_is_told_to_the_customer_once_before_they_ask(clocked: str) -> None:
    due = _clocks(clocked)["first_reply"].due_at
    with clock.stopped(due - timedelta(minutes=1)):
        assert api.note_late() == 0
    with clock.stopped(due + timedelta(minutes=1)):
        assert api.note_late() == 2  # the clock and the promise
        assert api.note_late() == 0
    assert Message.objects.filter(kind="care.late").count() == 1
    assert Promise.objects.get(what="reply").state == "broken"
    assert _clocks(clocked)["first_reply"].state == "running"
    with clock.stopped(due + HOUR):
        assert [(kept.what, kept.kept, kept.broken) for kept in api.kept_promises()] == [("reply", 0, 1)]


@pytest.mark.django_db
def test_a_late_answer_does_not_mend_the_rate(clocked: str, agent: Actor) -> None:
    due = _clocks(clocked)["first_reply"].due_at
    api.take(clocked, agent)
    with clock.stopped(due + timedelta(minutes=1)):
        api.reply(clocked, agent, "Sorry", key="late")
    assert Promise.objects.get(what="reply").state == "broken"


@pytest.mark.django_db
def test_a_case_that_is_sorted_anew_counts_by_the_right_rules(clocked: str, agent: Actor) -> None:
    before = _clocks(clocked)["first_reply"].due_at
    with _act(0.25):
        api.sort(clocked, agent, "stolen_account", 1)
    found = _clocks(clocked)
    assert found["first_reply"].due_at < before and found["statutory"].state == "cancelled"
    for row in found.values():
        explained = clocks.explained(row)
        assert (explained.state, explained.due_at, explained.breached_at) == (
            row.state,
            row.due_at,
            row.breached_at,
        )


@pytest.mark.django_db
def test_every_clock_is_explained_by_its_events(clocked: str, agent: Actor) -> None:
    api.take(clocked, agent)
    customer = Actor("customer", str(Case.objects.get(reference=clocked).customer))
    for turn, (hours, who) in enumerate([(1, agent), (5, customer), (26, agent), (49, customer)]):
        with _act(hours):
            api.reply(clocked, who, "Words", key=str(turn))
            api.note_late()
    for row in CaseClock.objects.filter(case__reference=clocked):
        explained = clocks.explained(row)
        assert (explained.state, explained.due_at, round(explained.used.total_seconds())) == (
            row.state, row.due_at, row.used_seconds,
        )  # fmt: skip


@pytest.mark.django_db
def test_an_operator_without_hours_promises_nothing(customer) -> None:
    reference = api.open_case(customer, "other", "Hello", [], key="x")
    assert not _clocks(reference) and not Promise.objects.exists()
    assert Case.objects.get(reference=reference).answer_by is None


@pytest.mark.django_db
def test_a_promise_of_another_room_is_kept_replaced_or_broken(yue) -> None:
    subject = ("operation", uuid4())
    with outermost():
        api.promise(yue, "arrival", at(1), told_by="page", subject=subject)
        api.promise(yue, "arrival", at(3), told_by="page", subject=subject)
        api.keep_promise(*subject)
    assert sorted(Promise.objects.values_list("state", flat=True)) == ["kept", "void"]


@pytest.mark.django_db
def test_holidays_and_worked_saturdays_move_what_is_due(operator, yue) -> None:
    week = [{"days": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "18:00"}]
    calendar = {
        "name": "counter",
        "time_zone": "Asia/Shanghai",
        "hours": week,
        "closed": ["2026-11-23", "2026-11-24"],
    }
    policies.publish("calendars", {"calendars": [calendar]}, SYSTEM)
    reference = api.open_case(yue, "complaint", "x", [], key="holiday")
    assert _clocks(reference)["first_reply"].due_at.astimezone(ZoneInfo("Asia/Shanghai")).day == 25
    assert people.has_pin(yue) and PIN
