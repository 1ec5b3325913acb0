"""Two at once: freezes, a freeze during a release, an expiry against a firm freeze, guesses from many processes."""

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction

from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.kit.models import Topic
from guitai.people import api as people
from guitai.people.errors import FreezeWordWrong, SignInLocked
from guitai.people.flows.expire_causes import expire_due
from guitai.people.flows.failed_sign_ins import note_failure
from guitai.people.flows.freeze_now import freeze_by_word
from guitai.people.flows.freeze_word import set_freeze_word
from guitai.people.flows.standing import impose
from guitai.people.models import SignInFailure, StandingCause
from guitai.people.rules.standing import order_of
from tests.people.conftest import PASSWORD, PHONE, PIN
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def person() -> UUID:
    return people.register_customer(PHONE, "林月", PASSWORD, PIN)


def test_freezes_at_once_are_one_after_the_other(person) -> None:
    def by_staff() -> object:
        return people.freeze(person, SYSTEM, "by_law", scope=frozenset({"receiving"}))

    at_once([lambda: people.freeze_self(person, proof="a"), by_staff] * 4)
    now = people.standing(person)
    assert {cause.reason for cause in now.causes} == {"by_customer", "by_law"}
    assert now.scope == {"spending", "withdrawal", "receiving"}
    assert StandingCause.objects.filter(ended_how="replaced").count() == 6


def test_a_freeze_during_a_release_stands(person) -> None:
    for _ in range(8):
        people.freeze_self(person, proof="first")
        cause = people.standing(person).causes[0].id
        results = at_once([
            lambda cause=cause: people.release(person, SYSTEM, cause=cause),  # type: ignore[misc]
            lambda: people.freeze_self(person, proof="second"),
        ])  # fmt: skip
        now = people.standing(person)
        # Whichever came first: the second freeze stands, and an old release never lifted it.
        assert now.state == "frozen" and now.causes[0].evidence == {"proof": "second"}
        assert results[0] is None or getattr(results[0], "code", "") in ("", "standing_changed")
        people.release(person, SYSTEM)


def test_two_releases_at_once_lift_once(person) -> None:
    people.freeze_self(person, proof="test")
    cause = people.standing(person).causes[0].id
    results = at_once([lambda: people.release(person, SYSTEM, cause=cause)] * 4)
    assert [getattr(result, "code", "released") for result in results].count("standing_changed") == 3
    assert Topic.objects.filter(name="person.released").count() == 1


def test_an_expiry_never_takes_a_firm_freeze_with_it(person) -> None:
    for _ in range(8):
        with transaction.atomic():
            impose(person, SYSTEM, replace(order_of("provisional"), until=clock.now() - timedelta(seconds=1)))
        at_once([expire_due, lambda: people.freeze_self(person, proof="firm"), expire_due])
        now = people.standing(person)
        assert [cause.reason for cause in now.causes] == ["by_customer"]
        people.release(person, SYSTEM)


def test_guesses_of_a_password_from_many_processes_count_together(person) -> None:
    def guess() -> object:
        note_failure(PHONE)
        return None

    results = at_once([guess] * 16)
    assert sum(isinstance(result, SignInLocked) for result in results) == 1
    row = SignInFailure.objects.get()
    assert (row.locks, row.failures) == (1, 6)
    assert Topic.objects.filter(name="people.number_locked").count() == 1


def test_guesses_of_the_freeze_word_from_many_processes_count_together(person) -> None:
    set_freeze_word(person, "purple walrus", PASSWORD)

    def guess() -> object:
        return freeze_by_word(PHONE, "something else", source="203.0.113.1")

    results = at_once([guess] * 12)
    # Whoever counts for the hour early and for the day late may be refused as well: never more than four are heard.
    assert 1 <= sum(isinstance(result, FreezeWordWrong) for result in results) <= 4


def test_the_same_lock_twice_at_once_is_one_cause(person) -> None:
    at_once([lambda: people.lock_after_failures(person, "wrong_password")] * 4)
    assert StandingCause.objects.count() == 1


def test_the_till_waits_for_a_freeze_and_a_freeze_for_the_till(person) -> None:
    """FOR SHARE against FOR UPDATE: whoever locks second sees what the first one left."""
    seen = []
    locked, go_on = threading.Event(), threading.Event()

    def till() -> None:
        with transaction.atomic():
            seen.append(people.lock_standing([person])[person].state)
            locked.set()
            go_on.wait(5)
            seen.append(people.lock_standing([person])[person].state)
        connection.close()

    def freeze() -> None:
        locked.wait(5)
        threading.Timer(0.3, go_on.set).start()
        people.freeze(person, Actor("customer", str(person)), "by_customer")
        connection.close()

    threads = [threading.Thread(target=till), threading.Thread(target=freeze)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == ["active", "active"]
    assert people.standing(person).state == "frozen"
