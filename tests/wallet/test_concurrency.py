"""Two at once, against a real database with real commits."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection

from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.till.pipeline import run
from guitai.wallet.till.submit import submit
from tests.wallet.conftest import PIN, available, fund, new_phone, register, send, settle_topics

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Start several pieces of work at the same moment, each on a connection of its own; gives what each gave."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def carry(position: int, work: Callable[[], object]) -> None:
        start.wait()
        try:
            results[position] = work()  # type: ignore[call-overload]
        except Refusal as refusal:
            results[position] = refusal  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=carry, args=(i, work)) for i, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def pair() -> tuple[tuple[UUID, str], tuple[UUID, str]]:
    phones = new_phone(), new_phone()
    persons = register(phones[0]), register(phones[1])
    fund(persons[0], 10_000)
    fund(persons[1], 10_000)
    return (persons[0], phones[0]), (persons[1], phones[1])


def test_two_transfers_that_together_overdraw() -> None:
    one, other = pair()
    outcomes = at_once([lambda: send(one[0], other[1], 6_000)] * 2)
    assert sorted(o.outcome for o in outcomes) == ["approved", "refused"]  # type: ignore[attr-defined]
    assert (available(one[0]), available(other[0])) == (4_000, 16_000)


def test_the_same_key_twice_at_once() -> None:
    one, other = pair()
    outcomes = at_once([lambda: send(one[0], other[1], 100, key="k1")] * 4)
    assert len({o.reference for o in outcomes}) == 1  # type: ignore[attr-defined]
    assert sorted(o.replayed for o in outcomes) == [False, True, True, True]  # type: ignore[attr-defined]
    assert available(one[0]) == 9_900


def test_people_who_pay_each_other_do_not_deadlock() -> None:
    one, other = pair()
    works: list[Callable[[], object]] = []
    for _ in range(6):
        works += [lambda: send(one[0], other[1], 10), lambda: send(other[0], one[1], 10)]
    outcomes = at_once(works)
    assert {o.outcome for o in outcomes} == {"approved"}  # type: ignore[attr-defined]
    assert (available(one[0]), available(other[0])) == (10_000, 10_000)


def test_a_freeze_and_a_transfer_at_once_are_one_after_the_other() -> None:
    one, other = pair()

    def freeze() -> object:
        with outermost():
            return people.freeze(one[0], Actor("customer", str(one[0])), "by_customer")

    outcomes = at_once([freeze, lambda: send(one[0], other[1], 100)])
    assert outcomes[1].code in (None, "frozen")  # type: ignore[attr-defined]
    assert send(one[0], other[1], 100).code == "frozen"


def test_a_top_up_settled_twice_at_once_is_credited_once() -> None:
    one, _ = pair()
    amount = Money(5_000, "CNY")
    started = submit(intents.start_top_up(one[0], amount, str(new_id())))

    def settle() -> None:
        with outermost():
            wallet.settle_top_up(started.reference, amount=amount, bank_reference="B", inbox_id="n1")

    at_once([settle, settle, settle])
    assert available(one[0]) == 15_000


def test_a_crash_before_the_commit_leaves_nothing() -> None:
    one, other = pair()
    intent = intents.send_transfer(one[0], other[1], Money(100, "CNY"), "", PIN, "crash")

    def crash() -> None:
        with outermost():
            run([intent])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert available(one[0]) == 10_000
    assert not send(one[0], other[1], 100, key="crash").replayed
    settle_topics()
