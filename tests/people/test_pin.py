"""The payment PIN: judged in batches, counted once, locked for longer each time."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from guitai.base import clock
from guitai.people import api as people
from guitai.people.errors import PinInDocument, PinTooSimple, TooManyAttempts
from guitai.people.models import Pin
from guitai.people.rules.pin import PinState, tried
from guitai.people.types import IdentityClaim
from tests.people.conftest import OTHER, PASSWORD, PIN

pytestmark = pytest.mark.django_db
WRONG = "999998"


def attempt(*tries):
    with transaction.atomic():
        checks = people.pin_checks(list(tries))
        people.record_pin_outcomes(
            [(person, check.ok) for (person, _), check in zip(tries, checks, strict=True)]
        )
    return checks


def test_counts_down_and_forgets_after_the_right_one(customer) -> None:
    assert [attempt((customer, WRONG))[0].attempts_left for _ in range(3)] == [4, 3, 2]
    assert attempt((customer, PIN))[0].ok
    assert attempt((customer, WRONG))[0].attempts_left == 4


def test_full_width_digits_are_the_same_digits(customer) -> None:
    assert attempt((customer, "２７１８２８"))[0].ok


def test_locks_after_five_and_the_right_pin_does_not_help_until_it_is_over(customer) -> None:
    with clock.stopped(clock.now()):
        for _ in range(5):
            last = attempt((customer, WRONG))[0]
        assert (last.ok, last.attempts_left) == (False, 0)
        assert last.locked_until == clock.now() + timedelta(minutes=30)
        assert not attempt((customer, PIN))[0].ok
    with clock.stopped(last.locked_until + timedelta(seconds=1)):
        assert attempt((customer, PIN))[0].ok


def test_each_lock_is_twice_as_long_up_to_a_day() -> None:
    state, moment, lengths = PinState(), clock.now(), []
    for _ in range(8):
        for _ in range(5):
            state = tried(state, False, moment)
        lengths.append(state.locked_until - moment)
        moment = state.locked_until + timedelta(seconds=1)
    hours = [length / timedelta(hours=1) for length in lengths]
    assert hours == [0.5, 1, 2, 4, 8, 16, 24, 24]


def test_many_guesses_in_one_batch_count_like_many_batches(customer) -> None:
    guesses = [(customer, f"{n:06}") for n in range(300_000, 300_020)]
    checks = attempt(*guesses, (customer, PIN))
    assert [check.attempts_left for check in checks[:6]] == [4, 3, 2, 1, 0, 0]
    assert not checks[-1].ok and checks[-1].locked_until


def test_persons_of_a_batch_do_not_harm_each_other(customer) -> None:
    other = people.register_customer(OTHER, "陈明", PASSWORD, PIN)
    bare = people.register_customer("+447700900123", "Maya Patel", PASSWORD, None)
    checks = attempt((customer, WRONG), (other, PIN), (bare, PIN), (customer, PIN))
    assert [(c.ok, c.is_set) for c in checks] == [(False, True), (True, True), (False, False), (True, True)]


def test_is_kept_as_a_code_bound_to_its_person(customer) -> None:
    other = people.register_customer(OTHER, "陈明", PASSWORD, PIN)
    codes = {bytes(row.code) for row in Pin.objects.all()}
    assert len(codes) == 2 and not any(PIN.encode() in code for code in codes)
    # A code copied to another person's row opens nothing there.
    Pin.objects.filter(person_id=other).update(code=Pin.objects.get(person_id=customer).code)
    assert not attempt((other, PIN))[0].ok


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_share_the_five_tries(customer) -> None:
    outcomes = []

    def guess(pin: str) -> None:
        try:
            outcomes.append(attempt((customer, pin))[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(f"{n:06}",)) for n in range(400_000, 400_012)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((o.attempts_left for o in outcomes), reverse=True)[:5] == [4, 3, 2, 1, 0]
    assert not attempt((customer, PIN))[0].ok


@pytest.mark.django_db(transaction=True)
def test_needs_a_transaction(customer) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        people.pin_checks([(customer, PIN)])
    with pytest.raises(transaction.TransactionManagementError):
        people.record_pin_outcomes([(customer, True)])


BORN = date(1935, 8, 4)
PASSPORT = IdentityClaim("passport", "GB", "925665416", "林月", BORN, date(2035, 1, 1))


@pytest.mark.parametrize("pin", ["350804", "040835", "080435", "193508", "081935", "665416"])
def test_a_new_pin_is_not_what_the_document_gives_away(customer, pin: str) -> None:
    people.declare_identity(customer, PASSPORT)
    with pytest.raises(PinTooSimple) as refused:
        people.set_pin(customer, pin, PASSWORD, current=PIN)
    assert refused.value.facts == {"why": "document"}
    people.set_pin(customer, "271829", PASSWORD, current=PIN)


@pytest.mark.parametrize("pin", ["350804", "081935", "665416"])
def test_a_document_that_gives_the_pin_away_asks_for_another_pin_first(customer, pin: str) -> None:
    people.set_pin(customer, pin, PASSWORD, current=PIN)
    with pytest.raises(PinInDocument):
        people.declare_identity(customer, PASSPORT)
    assert people.identity(customer).tier == 0 and attempt((customer, pin))[0].ok, (
        "nothing was kept, the PIN works"
    )
    people.set_pin(customer, PIN, PASSWORD, current=pin)
    assert people.declare_identity(customer, PASSPORT).tier == 1


def test_the_page_of_the_document_leads_to_the_pin(customer, signed_in) -> None:
    people.set_pin(customer, "665416", PASSWORD, current=PIN)
    given = {
        "number": PASSPORT.number,
        "name": "林月",
        "birth": "1935-08-04",
        "expires_on": "2035-01-01",
        "country": "GB",
    }
    page = signed_in.post("/me/identity/documents/passport/", given)
    assert page.status_code in (200, 422) and "/me/pin/" in page.content.decode()


def test_naming_documents_is_no_way_to_guess_a_pin(customer) -> None:
    with clock.stopped(clock.now()):
        for number in range(5):
            people.declare_identity(customer, replace(PASSPORT, number=f"92566541{number}"))
        with pytest.raises(TooManyAttempts):
            people.declare_identity(customer, PASSPORT)
