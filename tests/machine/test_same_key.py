"""The same wish many times at once: it happens once, and everybody is told the same."""

import concurrent.futures

import pytest

from tests.journeys.client import Customer, cny, fresh_phone, new_key
from tests.machine.load import verified

pytestmark = pytest.mark.live
AT_ONCE = 12


def at_once(ask, count=AT_ONCE):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return [done.result() for done in [pool.submit(ask, number) for number in range(count)]]


@pytest.fixture(scope="module")
def payee(broken):
    return Customer(broken, "Payee Many").signed_up()


def test_one_key_many_times_at_once_moves_money_once(broken, payee):
    payer, key = Customer(broken, "Payer Once").rich(100_00), new_key()
    answers = at_once(lambda number: payer.transfer(payee.phone, 10_00, key=key))
    assert {a.status_code for a in answers} <= {201, 409}, [a.text[:200] for a in answers]
    done = [a for a in answers if a.status_code == 201]
    assert len({a.json()["reference"] for a in done}) == 1
    assert sum("Idempotency-Replayed" not in a.headers for a in done) == 1
    assert payer.available == 90_00
    assert len([o for o in payer.operations() if o["kind"] == "transfer"]) == 1


def test_one_key_with_two_bodies_at_once_is_refused_once(broken, payee):
    payer, key = Customer(broken, "Payer Two").rich(100_00), new_key()
    answers = at_once(lambda number: payer.transfer(payee.phone, 1_00 + number % 2, key=key))
    moved = {a.json()["reference"] for a in answers if a.status_code == 201}
    assert len(moved) == 1
    refused = [a.json()["code"] for a in answers if a.status_code != 201]
    assert refused and set(refused) <= {"idempotency_key_reused", "idempotency_key_in_flight"}
    assert payer.available in (99_00, 98_99)


def test_one_top_up_key_many_times_at_once_is_one_order(broken):
    payer, key = Customer(broken, "Payer Order").signed_up(), new_key()
    answers = at_once(lambda number: payer.call("POST", "/top-ups", {"amount": cny(5_00)}, key=key))
    assert {a.status_code for a in answers} <= {201, 409}, [a.text[:200] for a in answers]
    assert len({a.json()["reference"] for a in answers if a.status_code == 201}) == 1
    assert len(payer.operations()) == 1


def test_many_at_once_never_overdraw(broken):
    payer, phones = Customer(broken, "Payer All").rich(100_00), [fresh_phone() for _ in range(AT_ONCE)]
    answers = at_once(lambda number: payer.transfer(phones[number], 30_00))
    assert sorted(a.status_code for a in answers) == [201] * 3 + [422] * (AT_ONCE - 3)
    assert {a.json()["code"] for a in answers if a.status_code == 422} == {"insufficient_balance"}
    assert payer.available == 10_00


def test_there_and_back_at_once_does_not_tie_itself_up(broken):
    left, right = Customer(broken, "Left").rich(100_00), Customer(broken, "Right").rich(100_00)
    answers = at_once(
        lambda number: left.transfer(right.phone, 1_00) if number % 2 else right.transfer(left.phone, 2_00),
        16,
    )
    assert [a.status_code for a in answers] == [201] * 16, {a.text[:200] for a in answers}
    assert (left.available, right.available) == (100_00 - 8_00 + 16_00, 100_00 - 16_00 + 8_00)
    verified(broken)
