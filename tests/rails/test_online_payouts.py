"""Payments out that are asked for online: each once, whatever the rail says, wherever a crash falls."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from guitai.base.actor import SYSTEM
from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.rails import api
from guitai.rails.errors import OrderConflict, PayoutUnderWay, PayoutUnknown, RailUnsupported
from guitai.rails.flows import errands, leaving
from guitai.rails.flows.errands import run_errands
from guitai.rails.models import PayoutRow, RailState
from guitai.rails.rail_reads import WORKS
from guitai.rails.types import Payout
from tests.rails.conftest import topics
from tests.rails.scripted import AMOUNT, CODE, DOWN, NOON, REFERENCE, After, ScriptedRail, answer, declined
from tests.threads import at_once

pytestmark = pytest.mark.django_db
OTHERS = ("2222222F2H", "2222222H2M", "2222222222")


def ask(*references: str, at: Any = NOON, priority: int = 0, amount: Money = AMOUNT) -> None:
    with stopped(at), transaction.atomic():
        for reference in references:
            payout = Payout(reference, amount, "林月", "6222 0001")
            api.start_payout(payout, rail=CODE, priority=priority)


def turn(after_s: int = 0) -> int:
    with stopped(NOON + timedelta(seconds=after_s)):
        return run_errands(CODE, WORKS)


def state(reference: str = REFERENCE) -> str:
    found = api.payout_record(reference)
    assert found is not None
    return found.state


def names() -> list[str]:
    return [name for name, _ in topics() if name.startswith("rails.payout")]


@pytest.mark.parametrize(
    ("says", "state_after", "told"),
    [
        (answer(REFERENCE, "done"), "settled", ["rails.payout_sent", "rails.payout_settled"]),
        (answer(REFERENCE, "accepted"), "accepted", ["rails.payout_sent", "rails.payout_accepted"]),
        (answer(REFERENCE, "rejected", "payee_name_mismatch"), "rejected", ["rails.payout_rejected"]),
        (declined("payee_account_closed"), "rejected", ["rails.payout_rejected"]),
        (declined(), "rejected", ["rails.payout_rejected"]),
        (answer(REFERENCE, "unknown"), "sent", ["rails.payout_sent"]),
        (DOWN, "sent", ["rails.payout_sent"]),
        (ValueError("a library's own"), "sent", ["rails.payout_sent"]),
        # It says that it has heard this already: then it exists, and what became of it is asked.
        (declined("payout_duplicate"), "sent", ["rails.payout_sent"]),
        (answer(REFERENCE, "rejected", "payout_duplicate"), "sent", ["rails.payout_sent"]),
    ],
)
def test_each_answer_has_one_meaning(
    scripted: ScriptedRail, says: Any, state_after: str, told: list[str]
) -> None:
    ask(REFERENCE)
    scripted.will("pay_out", says)
    assert turn() == 1
    assert (state(), names()) == (state_after, told)
    assert scripted.asked("pay_out") == [REFERENCE]
    assert turn(5) == 0, "whatever it was, it is not asked for again"


def test_a_rejection_carries_our_code_and_the_rails_own(scripted: ScriptedRail) -> None:
    ask(REFERENCE)
    scripted.will(
        "pay_out", answer(REFERENCE, "rejected", "payee_name_mismatch", rail_code="PAYEE_NOT_MATCH")
    )
    turn()
    assert topics()[-1][1] == {
        "rail": CODE,
        "order_reference": REFERENCE,
        "amount": 20_000,
        "currency": "CNY",
        "code": "payee_name_mismatch",
        "reason": "PAYEE_NOT_MATCH",
    }


def test_a_time_out_after_success_is_asked_about_and_never_paid_twice(scripted: ScriptedRail) -> None:
    ask(REFERENCE)
    scripted.will("pay_out", After(DOWN))
    turn()
    assert (state(), scripted.paid_out) == ("sent", {REFERENCE: AMOUNT})
    assert turn(20) == 0, "not asked before its time"
    turn(70)
    assert (state(), scripted.asked("pay_out")) == ("settled", [REFERENCE])
    assert names() == ["rails.payout_sent", "rails.payout_settled"]


def test_a_call_that_never_arrived_is_made_again_once_the_rail_has_said_so_twice(
    scripted: ScriptedRail,
) -> None:
    ask(REFERENCE)
    scripted.will("pay_out", DOWN)
    turn()
    turn(61)
    assert scripted.asked("pay_out") == [REFERENCE], "a rail may only not know it yet"
    turn(60 + 130)
    assert scripted.asked("query_payout") == [REFERENCE] * 2
    assert scripted.asked("pay_out") == [REFERENCE] * 2
    assert (state(), scripted.paid_out) == ("settled", {REFERENCE: AMOUNT})


def test_a_crash_before_or_in_the_call_asks_before_it_repeats(scripted: ScriptedRail) -> None:
    ask(REFERENCE)
    scripted.will("pay_out", After(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        turn()
    assert (state(), names()) == ("filed", []), "the row says that the rail may know of it"
    turn(70)
    assert (state(), scripted.asked("pay_out"), scripted.asked("query_payout")) == (
        "settled",
        [REFERENCE],
        [REFERENCE],
    )


def test_a_crash_after_the_answer_asks_and_finds_it_done(
    scripted: ScriptedRail, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(REFERENCE)
    with monkeypatch.context() as dying:
        dying.setattr(errands, "_called", lambda *arguments: scripted.pay_out(_payout()) and _die())
        with pytest.raises(KeyboardInterrupt):
            turn()
    turn(70)
    assert (state(), scripted.asked("pay_out")) == ("settled", [REFERENCE])


def _payout() -> Payout:
    return Payout(REFERENCE, AMOUNT, "林月", "6222 0001")


def _die() -> None:
    raise KeyboardInterrupt


def test_an_accepted_payment_is_asked_about_until_it_is_known(scripted: ScriptedRail) -> None:
    ask(REFERENCE)
    scripted.will("pay_out", answer(REFERENCE, "accepted"))
    scripted.will("query_payout", answer(REFERENCE, "accepted"), DOWN, answer(REFERENCE, "done"))
    turn()
    for minutes in range(1, 30):
        turn(minutes * 60)
    assert state() == "settled"
    assert len(scripted.asked("query_payout")) == 3
    assert names() == ["rails.payout_sent", "rails.payout_accepted", "rails.payout_settled"]


def test_queries_grow_apart(scripted: ScriptedRail) -> None:
    ask(REFERENCE)
    scripted.will("pay_out", answer(REFERENCE, "accepted"))
    scripted.will("query_payout", *[answer(REFERENCE, "accepted")] * 50)
    turn()
    asked_at = []
    for minute in range(1, 24 * 60):
        asked_at += [minute] * turn(minute * 60)
    waits = [later - earlier for earlier, later in itertools.pairwise(asked_at)]
    assert waits == sorted(waits) and len(asked_at) < 12


def test_the_most_urgent_leaves_first(scripted: ScriptedRail) -> None:
    ask(OTHERS[0], at=NOON - timedelta(minutes=3))
    ask(OTHERS[1], at=NOON - timedelta(minutes=2), priority=5)
    ask(OTHERS[2], at=NOON - timedelta(minutes=1), priority=5)
    turn()
    assert scripted.asked("pay_out") == [OTHERS[1], OTHERS[2], OTHERS[0]]


def test_one_that_waits_may_be_cancelled_and_one_that_was_asked_for_may_not(scripted: ScriptedRail) -> None:
    ask(REFERENCE, OTHERS[0])
    with transaction.atomic():
        api.cancel_payout(OTHERS[0], SYSTEM, rail=CODE)
    scripted.will("pay_out", DOWN)
    turn()
    assert scripted.asked("pay_out") == [REFERENCE]
    with pytest.raises(PayoutUnderWay), transaction.atomic():
        api.cancel_payout(REFERENCE, SYSTEM, rail=CODE)


def test_the_same_payout_again_is_the_same_and_another_is_refused(scripted: ScriptedRail) -> None:
    ask(REFERENCE)
    ask(REFERENCE)
    assert PayoutRow.objects.count() == 1
    with pytest.raises(OrderConflict):
        ask(REFERENCE, amount=Money(1, "CNY"))


def test_a_rail_without_payouts_takes_none(scripted: ScriptedRail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guitai.rails.flows.start_payout.supports", lambda rail, verb: False)
    with pytest.raises(RailUnsupported):
        ask(REFERENCE)


@pytest.mark.parametrize(
    ("state_", "values", "fits"),
    [
        ("queued", {}, True),
        ("filed", {"asked_at": NOON}, True),
        ("filed", {}, False),
        ("queued", {"asked_at": NOON}, False),
        ("settled", {"asked_at": NOON, "file_id": "01a20304-5507-7698-8982-8e6b551f4245"}, False),
    ],
)
def test_the_database_lets_a_payout_leave_by_one_way_only(
    scripted: ScriptedRail, state_: str, values: dict[str, Any], fits: bool
) -> None:
    ask(REFERENCE)
    rows = PayoutRow.objects.filter(order_reference=REFERENCE)
    if fits:
        assert rows.update(state=state_, **values) == 1
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=state_, **values)


def test_while_the_rail_is_down_payments_wait_and_none_is_asked_for(scripted: ScriptedRail) -> None:
    ask(*OTHERS)
    RailState.objects.create(
        rail=CODE, circuit="open", opened_at=NOON, probe_at=NOON + timedelta(seconds=30), trips=1
    )
    assert turn() == 0
    assert [state(one) for one in OTHERS] == ["queued"] * 3
    assert turn(31) == 3, "the first one tries, and the others follow"
    assert list(scripted.paid_out) == list(OTHERS)


def test_a_failed_try_leaves_the_others_waiting(scripted: ScriptedRail) -> None:
    ask(*OTHERS)
    RailState.objects.create(rail=CODE, circuit="open", opened_at=NOON, probe_at=NOON, trips=1)
    scripted.will("pay_out", DOWN)
    turn()
    assert [state(one) for one in OTHERS] == ["sent", "queued", "queued"]
    assert len(scripted.asked("pay_out")) == 1


def test_a_peak_leaves_at_the_rate_that_the_rail_takes(scripted: ScriptedRail) -> None:
    ask(*OTHERS, REFERENCE)
    api_terms = api.rail_terms(CODE)
    assert api_terms.calls_a_minute == 600
    with pytest.MonkeyPatch.context() as slow:
        slow.setattr(errands, "terms_of", lambda rail: type(api_terms)(calls_a_minute=12))
        assert turn() == 2
        assert turn(4) == 0
        assert turn(11) == 2
    assert sorted(scripted.paid_out) == sorted((*OTHERS, REFERENCE))


@pytest.mark.django_db(transaction=True)
def test_two_workers_pay_each_one_once(scripted: ScriptedRail) -> None:
    ask(*OTHERS, REFERENCE)
    with stopped(NOON):
        done = at_once([lambda: run_errands(CODE, WORKS)] * 4)
    assert sum(int(str(one)) for one in done) == 4
    assert sorted(scripted.asked("pay_out")) == sorted((*OTHERS, REFERENCE))
    assert names().count("rails.payout_settled") == 4


def test_whoever_is_stopped_is_not_asked_for_and_holds_nobody_up(scripted: ScriptedRail, monkeypatch) -> None:
    monkeypatch.setattr(leaving, "_checks", [lambda references: frozenset(references) & {REFERENCE}])
    ask(REFERENCE, OTHERS[0])
    assert turn() == 1
    assert (scripted.asked("pay_out"), state(), state(OTHERS[0])) == ([OTHERS[0]], "queued", "settled")
    monkeypatch.setattr(leaving, "_checks", [])
    assert turn(5) == 1
    assert state() == "settled"


def test_what_a_rail_never_heard_of_is_not_asked_for_again_while_it_is_stopped(
    scripted: ScriptedRail, monkeypatch
) -> None:
    ask(REFERENCE)
    scripted.will("pay_out", answer(REFERENCE, "unknown"))
    turn()
    monkeypatch.setattr(leaving, "_checks", [frozenset])
    scripted.will("query_payout", *[answer(REFERENCE, "unknown", "payout_unknown")] * 20)
    for after in range(60, 60 * 60 * 24, 60 * 60):
        turn(after)
    assert scripted.asked("pay_out") == [REFERENCE]
    monkeypatch.setattr(leaving, "_checks", [])
    turn(60 * 60 * 48)
    assert scripted.asked("pay_out") == [REFERENCE, REFERENCE]


def test_a_payout_is_asked_about_at_once_when_somebody_wants_to_know(scripted: ScriptedRail) -> None:
    with pytest.raises(PayoutUnknown):
        api.query_payout(REFERENCE)
    ask(REFERENCE)
    assert api.query_payout(REFERENCE).state == "queued", "nobody was asked yet, so there is nothing to ask"
    scripted.will("pay_out", answer(REFERENCE, "unknown"))
    turn()
    with stopped(NOON + timedelta(seconds=5)):
        assert turn(5) == 0
        scripted.will("query_payout", answer(REFERENCE, "done"))
        assert api.query_payout(REFERENCE).state == "settled"
        assert api.query_payout(REFERENCE).state == "settled"
    assert scripted.asked("query_payout") == [REFERENCE]
    assert names() == ["rails.payout_sent", "rails.payout_settled"]
