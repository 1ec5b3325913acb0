"""Orders that nobody tells us about are asked about, and an answer is worth what a notice is worth."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import transaction

from guitai.base.clock import stopped
from guitai.rails import api
from guitai.rails.errors import RailUnavailable, ReturnAddressNotOurs
from guitai.rails.flows.query_orders import run_queries
from guitai.rails.models import InboxMessage, Order, RailState
from guitai.rails.rules.retries import next_query
from guitai.rails.types import RailAnswer
from tests.rails.conftest import topics
from tests.rails.scripted import (
    AMOUNT,
    CODE,
    DOWN,
    MERCHANT,
    NOON,
    REFERENCE,
    ScriptedRail,
    declined,
    notice,
    queried,
)
from tests.threads import at_once

pytestmark = pytest.mark.django_db
MakeOrder = Callable[..., Order]
UNPAID = RailAnswer(REFERENCE, "unpaid", ())


@pytest.fixture
def waiting(scripted: ScriptedRail, order: MakeOrder) -> ScriptedRail:
    """An order that was given at noon, ends a quarter of an hour later, and that nobody has paid."""
    order(
        rail=CODE, payee_account=MERCHANT, expires_at=NOON + timedelta(minutes=15),
        next_query_at=NOON + timedelta(seconds=30),
    )  # fmt: skip
    return scripted


def turn(after_s: float) -> int:
    with stopped(NOON + timedelta(seconds=after_s)):
        return run_queries(CODE)


def judge() -> list[tuple[str, str | None]]:
    for inbox_id in InboxMessage.objects.filter(state="received").order_by("id").values_list("id", flat=True):
        api.settle(inbox_id)
    return list(InboxMessage.objects.order_by("id").values_list("state", "code"))


def told(**changes: Any) -> None:
    """The rail's own notice."""
    api.receive_notice(CODE, {"X-Signature": "right"}, msgspec.json.encode(notice(**changes)))


def names() -> list[str]:
    return [name for name, _ in topics()]


def test_an_order_is_asked_about_at_growing_intervals_and_for_a_day_after_its_end(
    waiting: ScriptedRail,
) -> None:
    asked_at: list[float] = []
    while (due := Order.objects.get().next_query_at) is not None:
        asked_at.append((due - NOON).total_seconds())
        assert turn(asked_at[-1] - 1) == 0, "not before its time"
        assert turn(asked_at[-1]) == 1
    waits = [later - earlier for earlier, later in itertools.pairwise(asked_at)]
    assert asked_at[:5] == [30, 90, 210, 510, 900], "and just when it ends"
    assert waits[5:] == sorted(waits[5:])
    assert asked_at[-1] <= 900 + 86_400 and len(asked_at) < 15
    assert Order.objects.get().next_query_at is None


def test_a_rail_that_owes_an_answer_is_asked_until_it_gives_one(waiting: ScriptedRail) -> None:
    """The rail works on a payment for days: somebody waits for its end, and no notice may come."""
    waiting.will("query", *[RailAnswer(REFERENCE, "processing", ())] * 20)
    with transaction.atomic(), stopped(NOON + timedelta(minutes=15)):
        api.close_order(REFERENCE, rail=CODE)
    while waiting.script["query"]:
        due = Order.objects.get().next_query_at
        assert due is not None, "nobody asks any more"
        assert turn((due - NOON).total_seconds()) == 1
    assert due is not None and timedelta(days=2) < due - NOON < timedelta(days=5)
    last = Order.objects.get().next_query_at
    assert last == due + timedelta(hours=6)
    turn((last - NOON).total_seconds())
    assert Order.objects.get().state == "closed" and waiting.asked("cancel") == [REFERENCE]
    turn((last - NOON).total_seconds() + 6 * 3_600)
    assert Order.objects.get().next_query_at is None


def test_a_lost_notice_is_made_good_by_asking(waiting: ScriptedRail) -> None:
    waiting.will("query", queried())
    turn(30)
    message = InboxMessage.objects.get()
    assert (message.origin, message.state) == ("query", "received"), "stored first, judged later"
    assert judge() == [("settled", None)]
    assert names() == ["rails.top_up_paid"]
    assert topics()[0][1]["rail"] == CODE
    assert Order.objects.get().state == "paid"
    assert turn(86_000) == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_minor": 19_999}, "wrong_amount"),
        ({"currency": "USD"}, "wrong_currency"),
        ({"payee_account": "somebody"}, "wrong_payee"),
    ],
)
def test_an_answer_is_compared_like_a_notice_and_parked_once(
    waiting: ScriptedRail, changes: dict[str, Any], code: str
) -> None:
    told(**changes)
    waiting.will("query", queried(**changes), queried(**changes))
    judge()
    turn(30)
    turn(90)
    assert judge() == [("exception", code), ("duplicate", "duplicate")]
    assert names() == ["rails.notice_parked"]


def test_a_notice_and_a_query_of_the_same_payment_settle_once(waiting: ScriptedRail) -> None:
    waiting.will("query", queried())
    turn(30)
    told()
    assert judge() == [("settled", None), ("duplicate", "duplicate")]
    assert names() == ["rails.top_up_paid"]


@pytest.mark.django_db(transaction=True)
def test_a_notice_and_a_query_in_the_same_moment_settle_once(waiting: ScriptedRail) -> None:
    waiting.will("query", queried())
    turn(30)
    told()
    ids = list(InboxMessage.objects.values_list("id", flat=True))
    at_once([lambda inbox_id=inbox_id: api.settle(inbox_id) for inbox_id in ids * 2])
    assert sorted(InboxMessage.objects.values_list("state", flat=True)) == ["duplicate", "settled"]
    assert names() == ["rails.top_up_paid"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_about_an_order_once(waiting: ScriptedRail) -> None:
    with stopped(NOON + timedelta(seconds=31)):
        at_once([lambda: run_queries(CODE)] * 3)
    assert waiting.asked("query") == [REFERENCE]


def test_a_payment_that_failed_closes_the_order_and_is_told_once(waiting: ScriptedRail) -> None:
    waiting.will("query", RailAnswer(REFERENCE, "failed", (), code="payment_insufficient"))
    turn(30)
    turn(90)
    said = {"order_reference": REFERENCE, "rail": CODE, "code": "payment_insufficient"}
    assert topics() == [("rails.top_up_failed", said)]
    assert (Order.objects.get().state, waiting.asked("query")) == ("closed", [REFERENCE])


def test_a_payment_under_way_is_told_once(waiting: ScriptedRail) -> None:
    waiting.will("query", *[RailAnswer(REFERENCE, "processing", ())] * 2, queried())
    turn(30)
    turn(90)
    turn(210)
    judge()
    assert names() == ["rails.top_up_processing", "rails.top_up_paid"]


def test_at_its_end_an_order_is_closed_at_the_rail_and_a_late_payment_is_told_all_the_same(
    waiting: ScriptedRail,
) -> None:
    turn(30)
    turn(900)
    assert (waiting.asked("cancel"), Order.objects.get().state) == ([REFERENCE], "closed")
    told()
    assert judge() == [("settled", None)]
    assert names() == ["rails.top_up_paid"]


def test_one_that_was_paid_in_the_last_moment_is_not_closed_but_found(waiting: ScriptedRail) -> None:
    waiting.will("query", UNPAID, queried()).will("cancel", declined())
    turn(900)
    assert Order.objects.get().state == "awaiting_payment"
    turn(931)
    assert judge() == [("settled", None)]


def test_an_order_that_nobody_waits_for_is_closed_before_its_time(waiting: ScriptedRail) -> None:
    with stopped(NOON + timedelta(seconds=40)), transaction.atomic():
        api.close_order(REFERENCE, rail=CODE)
    turn(40)
    assert (waiting.asked("cancel"), Order.objects.get().state) == ([REFERENCE], "closed")


@pytest.mark.parametrize(
    ("says", "ends", "cancels"),
    [
        (RailAnswer(REFERENCE, "not_found", ()), "closed", []),
        (UNPAID, "closed", [REFERENCE]),
        (RailAnswer(REFERENCE, "failed", (), (), "payment_timed_out"), "closed", []),
        (queried(), "paid", []),
    ],
)
def test_one_that_was_cut_off_while_the_rail_was_asked_for_it_has_an_end(
    scripted: ScriptedRail, order: MakeOrder, says: Any, ends: str, cancels: list[str]
) -> None:
    """Whether the rail has it, nobody here knows: whoever asked died before the answer."""
    order(rail=CODE, payee_account=MERCHANT, state="starting", expires_at=None, next_query_at=None)
    scripted.will("query", DOWN, says)
    with stopped(NOON + timedelta(seconds=40)), transaction.atomic():
        api.close_order(REFERENCE, rail=CODE)
    turn(40)
    assert Order.objects.get().state == "starting", "the rail said nothing yet"
    while (due := Order.objects.get().next_query_at) is not None:
        turn((due - NOON).total_seconds())
        judge()
    assert (Order.objects.get().state, scripted.asked("cancel")) == (ends, cancels)


@pytest.mark.parametrize("says", [DOWN, declined(), ValueError("a library's own")])
def test_no_answer_changes_nothing(waiting: ScriptedRail, says: Any) -> None:
    waiting.will("query", says)
    try:
        turn(30)
    except ValueError:
        pass
    assert (Order.objects.get().state, topics()) == ("awaiting_payment", [])
    waiting.will("query", queried())
    turn(90)
    assert judge() == [("settled", None)]


def test_a_rail_that_is_down_is_not_asked(waiting: ScriptedRail) -> None:
    RailState.objects.create(rail=CODE, circuit="open", opened_at=NOON, probe_at=NOON + timedelta(minutes=5))
    assert (turn(60), turn(301)) == (0, 1)


def test_a_start_tells_the_rail_where_the_payer_ends_up_and_begins_to_ask(scripted: ScriptedRail) -> None:
    with stopped(NOON):
        said = api.start_top_up(
            REFERENCE, AMOUNT, rail=CODE, return_url=f"/bills/{REFERENCE}/", subject="Wallet", on_phone=True
        )
        again = api.start_top_up(REFERENCE, AMOUNT, rail=CODE)
    assert said == again and scripted.asked("start_top_up") == [REFERENCE]
    assert said.method == "form" and said.form["subject"] == "Wallet"
    assert said.form["back"].endswith(f"/rails/{CODE}/return/{REFERENCE}/")
    order = Order.objects.get()
    assert (order.return_url, order.next_query_at) == (f"/bills/{REFERENCE}/", NOON + timedelta(seconds=30))


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"]
)
def test_a_payer_is_never_sent_elsewhere(scripted: ScriptedRail, address: str) -> None:
    with pytest.raises(ReturnAddressNotOurs):
        api.start_top_up(REFERENCE, AMOUNT, rail=CODE, return_url=address)
    assert scripted.calls == [] and not Order.objects.exists()


def test_while_a_rail_is_down_a_customer_is_told_at_once(scripted: ScriptedRail) -> None:
    RailState.objects.create(rail=CODE, circuit="open", opened_at=NOON, probe_at=NOON + timedelta(minutes=5))
    with stopped(NOON), pytest.raises(RailUnavailable) as refused:
        api.start_top_up(REFERENCE, AMOUNT, rail=CODE)
    assert refused.value.facts["problem"] == "circuit_open" and scripted.calls == []
    with stopped(NOON + timedelta(minutes=5)):
        assert api.start_top_up(REFERENCE, AMOUNT, rail=CODE).pay_url


@pytest.mark.parametrize(
    ("queries", "at_s", "expected_s"),
    [(0, 0, 30), (1, 30, 90), (5, 1_000, 2_800), (9, 3_000, 3_600), (9, 3_600, 4_200), (9, 7_200, 10_800)],
)
def test_the_next_query_is_due(queries: int, at_s: int, expected_s: int) -> None:
    ends = NOON + timedelta(hours=1)
    due = next_query(queries, NOON + timedelta(seconds=at_s), ends)
    assert due == NOON + timedelta(seconds=expected_s)
