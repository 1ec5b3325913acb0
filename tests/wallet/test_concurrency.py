"""Two at once, against a real database with real commits."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.errors import KeyInFlight
from guitai.wallet.flows import deadlines, intents
from guitai.wallet.till import claims
from guitai.wallet.till.pipeline import run
from guitai.wallet.till.submit import submit
from tests.threads import at_once
from tests.wallet.conftest import PIN, available, fund, new_phone, register, send, settle_topics

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_jobs_left(transactional_db: None) -> Iterator[None]:
    """What was really committed here is flushed afterwards, but for the jobs' own tables."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


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


def _held() -> tuple[tuple[UUID, str], tuple[UUID, str], wallet.Outcome]:
    one, other = pair()
    fund(one[0], 1_990_000)
    return one, other, send(one[0], other[1], 600_000)


def test_a_hold_is_decided_once_when_everybody_decides_at_once() -> None:
    one, other, held = _held()
    staff = Actor("staff", str(new_id()))
    purpose = Purpose("review", str(held.operation_id), "review of a hold")
    works: list[Callable[[], object]] = [
        lambda: wallet.release_hold(held.reference, actor=staff, purpose=purpose),
        lambda: wallet.decline_hold(held.reference, actor=staff, purpose=purpose),
        lambda: wallet.cancel_hold(one[0], held.reference),
    ]
    results = at_once(works)
    assert sorted(type(r).__name__ for r in results) == ["HoldNotOpen", "HoldNotOpen", "Outcome"]
    assert available(one[0]) + available(other[0]) == 2_010_000
    settle_topics()


def test_a_deadline_and_a_decision_at_once_return_it_once() -> None:
    one, other, held = _held()
    with clock.stopped(clock.now() + timedelta(hours=25)):
        at_once([wallet.close_due, wallet.close_due, lambda: wallet.cancel_hold(one[0], held.reference)])
    assert (available(one[0]), available(other[0])) == (2_000_000, 10_000)
    assert wallet.operation(one[0], held.reference).view.state == "returned"
    settle_topics()


def test_a_registration_and_the_end_of_waiting_at_once_move_it_once() -> None:
    one, _ = pair()
    phone = new_phone()
    sent = send(one[0], phone, 1_000)
    with outermost():
        payee = people.register_customer(phone, "陈明", "counter-2026-tea", PIN)

    def close() -> object:
        with clock.stopped(clock.now() + timedelta(hours=25)):
            return wallet.close_due()

    at_once([settle_topics, deadlines.deliver_missed, close])
    settle_topics()
    assert available(one[0]) + available(payee) == 10_000
    assert wallet.operation(one[0], sent.reference).view.state in ("sent", "succeeded", "returned")


def test_the_same_top_up_twice_at_once_is_one_order() -> None:
    one, _ = pair()
    outcomes = at_once([lambda: wallet.start_top_up(one[0], amount=Money(100, "CNY"), key="t")] * 3)
    assert len({o.reference for o in outcomes}) == 1  # type: ignore[attr-defined]
    assert sorted(o.replayed for o in outcomes) == [False, True, True]  # type: ignore[attr-defined]


def test_a_key_in_flight_is_told_and_harms_neither_the_transaction_nor_the_twin(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(claims, "_TWIN_WAIT", "SET LOCAL lock_timeout = '100ms'")
    one, other = pair()
    wish = intents.send_transfer(one[0], other[1], Money(100, "CNY"), "", PIN, "k1")
    with outermost():
        run([wish])

        def twin() -> object:
            with outermost():
                with pytest.raises(KeyInFlight):
                    run([wish])
                with connection.cursor() as cursor:
                    cursor.execute("SHOW lock_timeout")
                    return cursor.fetchone()[0]

        assert at_once([twin]) == ["0"]
    again = submit(wish)
    assert again.replayed and available(one[0]) == 9_900
    settle_topics()


def test_a_dry_run_and_transfers_at_once_do_not_disturb_each_other() -> None:
    one, other = pair()
    works: list[Callable[[], object]] = []
    for _ in range(4):
        works += [
            lambda: send(one[0], other[1], 10),
            lambda: wallet.dry_run_transfer(other[0], phone=one[1], amount=Money(10, "CNY")),
        ]
    assert {r.outcome for r in at_once(works)} == {"approved"}  # type: ignore[attr-defined]
    settle_topics()
