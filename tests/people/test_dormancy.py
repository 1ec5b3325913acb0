"""Wallets that sleep: by policy, after notices, and awake again by proofs."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.kit import policies
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.flows.dormancy import look_for_sleepers
from guitai.people.models import DormancyNotice, User
from guitai.people.standing_policy import StandingPolicy
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 10, 9, tzinfo=UTC)
DUE = datetime(2027, 1, 10, 9, tzinfo=UTC)


@pytest.fixture
def sleepy() -> UUID:
    """Somebody who was last here on the 10th of January 2026, where wallets sleep after a year."""
    policies.publish("standing", StandingPolicy(dormant_after_months=12), SYSTEM)
    with clock.stopped(START):
        return people.register_customer(PHONE, "林月", PASSWORD, PIN)


def on(moment: datetime) -> tuple[int, int]:
    with clock.stopped(moment):
        return look_for_sleepers()


def kinds(person: UUID) -> list[str]:
    return [item.kind for item in notify.inbox(person).items]


def test_nobody_sleeps_while_the_policy_is_off() -> None:
    with clock.stopped(START):
        people.register_customer(PHONE, "林月", PASSWORD, PIN)
    assert on(START + timedelta(days=5000)) == (0, 0)


def test_warns_twice_and_then_puts_to_sleep(sleepy) -> None:
    told = {}
    for days in range(-40, 3):
        told[days] = on(DUE + timedelta(days=days))
    assert {day for day, (notices, _) in told.items() if notices} >= {-30, -7}
    assert kinds(sleepy) == ["people.asleep", "people.dormancy_warning", "people.dormancy_warning"]
    assert [day for day, (_, asleep) in told.items() if asleep] == [0]
    now = people.standing(sleepy)
    assert (now.state, now.scope) == ("dormant", {"spending", "withdrawal"})
    assert on(DUE + timedelta(days=400)) == (0, 0)


def test_whoever_comes_in_between_is_left_alone(sleepy) -> None:
    on(DUE - timedelta(days=20))
    assert DormancyNotice.objects.count() == 1
    with clock.stopped(DUE - timedelta(days=5)):
        User.objects.filter(id=sleepy).update(last_login=clock.now())
    assert on(DUE + timedelta(days=1)) == (0, 0)
    assert (people.standing(sleepy).state, DormancyNotice.objects.count()) == ("active", 0)


def test_a_policy_that_comes_late_still_gives_the_whole_notice(sleepy) -> None:
    late = DUE + timedelta(days=900)
    assert on(late) == (1, 0)
    assert on(late + timedelta(days=29))[1] == 0
    assert people.standing(sleepy).state == "active"
    assert on(late + timedelta(days=30))[1] == 1
    assert kinds(sleepy).count("people.dormancy_warning") == 2


def test_a_job_that_was_down_for_weeks_warns_before_it_acts(sleepy) -> None:
    assert on(DUE - timedelta(days=3)) == (1, 0)
    assert on(DUE)[1] == 0
    assert on(DUE + timedelta(days=27))[1] == 1


def test_switching_it_off_forgets_the_notices(sleepy) -> None:
    on(DUE - timedelta(days=20))
    policies.publish("standing", StandingPolicy(), SYSTEM)
    assert on(DUE + timedelta(days=1)) == (0, 0)
    assert not DormancyNotice.objects.exists()


def test_wakes_up_by_password_and_code(sleepy, sent_code) -> None:
    on(DUE - timedelta(days=30))
    on(DUE)
    client = Client()
    assert client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 302
    assert people.standing(sleepy).state == "dormant"
    path = f"/me/standing/{people.standing(sleepy).causes[0].id}/"
    client.post(path, {"action": "prove", "way": "password", "password": PASSWORD})
    client.post(path, {"action": "send_code"})
    assert (
        client.post(path, {"action": "prove", "way": "sms_code", "code": sent_code(PHONE)}).status_code == 302
    )
    assert people.standing(sleepy).state == "active"
    assert client.get("/me/").status_code == 200
    assert "people.woken" in kinds(sleepy)


def test_frozen_people_sleep_too_and_waking_leaves_the_freeze(sleepy) -> None:
    people.freeze(sleepy, SYSTEM, "by_law")
    on(DUE - timedelta(days=30))
    on(DUE)
    causes = {cause.reason: cause.id for cause in people.standing(sleepy).causes}
    assert set(causes) == {"by_law", "inactivity"}
    people.release(sleepy, SYSTEM, cause=causes["inactivity"])
    assert [cause.reason for cause in people.standing(sleepy).causes] == ["by_law"]


def test_looks_at_everybody_by_batches(sleepy, monkeypatch) -> None:
    monkeypatch.setattr("guitai.people.flows.dormancy._AT_ONCE", 1)
    with clock.stopped(START):
        people.register_customer(OTHER, "陈明", PASSWORD, PIN)
    assert on(DUE - timedelta(days=30)) == (2, 0)
    assert on(DUE) == (0, 1)
    assert on(DUE + timedelta(hours=1))[1] == 1


@pytest.mark.parametrize("wrong", [
    {"dormant_notice_days": []}, {"dormant_notice_days": [0]}, {"provisional_hours": 0}, {"closing_days": -1},
])  # fmt: skip
def test_a_policy_without_sense_is_refused(wrong: dict) -> None:
    with pytest.raises(policies.PolicyInvalid):
        policies.publish("standing", wrong, SYSTEM)
