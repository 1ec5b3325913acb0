"""Payments that do not fit: in suspense from the first moment, settled by two people, credited or sent back once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guitai.audit import api as audit
from guitai.audit.errors import PurposeNotReal
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.rails.errors import RailUnsupported
from guitai.wallet import api as wallet
from guitai.wallet import errors
from guitai.wallet.flows.parked import Action
from guitai.wallet.models import ParkedPayment
from guitai.wallet.rules import chart
from guitai.wallet.types import ParkedView
from tests.wallet.conftest import available, settle_topics
from tests.wallet.test_top_up_states import AMOUNT, freeze, house, park, refunds, settle, start, view_of

__all__ = ["refunds"]
pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
MAKER, CHECKER = Actor("staff", str(new_id())), Actor("staff", str(new_id()))
REASON = "the payer said so on the phone, and the name agrees"


def parked(owner: UUID, minor: int = 19_000, code: str = "wrong_amount", inbox: str = "p1") -> ParkedView:
    started = start(owner)
    park(started.reference, minor, code, inbox)
    return wallet.parked_of(started.operation_id)[0]


def purpose(one: ParkedView) -> Purpose:
    return Purpose("review", str(one.operation_id), "a payment that did not fit")


def propose(one: ParkedView, action: Action = "credit", actor: Actor = MAKER) -> None:
    wallet.propose_parked(one.id, action, reason=REASON, actor=actor, purpose=purpose(one))


def approve(one: ParkedView, action: Action = "credit", actor: Actor = CHECKER) -> str:
    return wallet.approve_parked(one.id, action, actor=actor, purpose=purpose(one))


def now_of(one: ParkedView) -> ParkedView:
    return wallet.parked_payment(one.id)


def test_what_does_not_fit_stands_in_suspense_from_the_first_moment(customer: Make) -> None:
    one = customer()[0]
    found = parked(one)
    assert (found.amount, found.expected, found.code, found.state) == (
        Money(19_000, "CNY"), AMOUNT, "wrong_amount", "open",
    )  # fmt: skip
    assert (house(chart.SUSPENSE), house(chart.ALIPAY), available(one)) == (19_000, 19_000, 0)
    assert (found.bank_reference, found.inbox_id, found.rail) == ("B-p1", "p1", "alipay")


def test_the_same_notice_twice_is_set_aside_once(customer: Make) -> None:
    started = start(customer()[0])
    for _ in range(2):
        park(started.reference)
    assert (len(wallet.parked_of(started.operation_id)), house(chart.SUSPENSE)) == (1, 19_000)


def test_a_crash_before_the_commit_sets_nothing_aside(customer: Make) -> None:
    started = start(customer()[0])

    def crash() -> None:
        with outermost():
            wallet.park_top_up(
                started.reference, amount=Money(1, "CNY"), code="wrong_amount", key="p", rail="alipay"
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert (wallet.parked_of(started.operation_id), house(chart.SUSPENSE)) == ([], 0)
    park(started.reference)
    assert house(chart.SUSPENSE) == 19_000


def test_another_currency_with_books_is_set_aside_in_it_and_one_without_is_only_told(customer: Make) -> None:
    started = start(customer()[0])
    with outermost():
        wallet.park_top_up(
            started.reference, amount=Money(500, "USD"), code="wrong_currency", key="a", rail="card"
        )
        wallet.park_top_up(started.reference, amount=None, code="wrong_currency", key="b", rail="card")
    amounts = [p.amount for p in wallet.parked_of(started.operation_id)]
    assert amounts == [Money(500, "USD"), None]
    uncounted = wallet.parked_of(started.operation_id)[1]
    with pytest.raises(errors.ParkedUncountable):
        propose(uncounted)


@pytest.mark.parametrize("minor", [19_000, 25_000])
def test_what_really_came_is_credited_as_a_top_up_of_its_own(customer: Make, minor: int) -> None:
    one = customer()[0]
    found = parked(one, minor)
    propose(found)
    assert approve(found) == "credited"
    assert (available(one), house(chart.SUSPENSE), now_of(found).state) == (minor, 0, "credited")
    named = wallet.operation(one, found.reference)
    assert (named.view.state, named.view.code) == ("failed", "top_up_paid_otherwise")
    credited = view_of(one, str(named.view.facts["credited_as"]))
    assert (credited.amount.minor, credited.state, credited.rail) == (minor, "succeeded", "alipay")
    assert credited.facts["named"] == found.reference and credited.reference in named.diagnosis.reason


def test_a_second_payment_is_credited_beside_the_first(customer: Make) -> None:
    one = customer()[0]
    started = start(one)
    settle(started.reference)
    park(started.reference, 20_000, "already_paid")
    found = wallet.parked_of(started.operation_id)[0]
    propose(found)
    approve(found)
    view = view_of(one, started.reference)
    assert (available(one), view.state, view.code) == (40_000, "succeeded", None)


@pytest.mark.parametrize("code", ["wrong_amount", "already_paid"])
def test_what_is_sent_back_leaves_the_books_only_when_the_rail_has_sent_it(
    customer: Make, refunds: list[Any], code: str
) -> None:
    one = customer()[0]
    started = start(one)
    if code == "already_paid":
        settle(started.reference)
    park(started.reference, 19_000, code)
    found = wallet.parked_of(started.operation_id)[0]
    propose(found, "return")
    assert (approve(found, "return"), house(chart.SUSPENSE)) == ("returning", 19_000)
    assert refunds[0][2:] == (Money(19_000, "CNY"), "B-p1", "alipay")
    assert refunds[0][1].isalnum() and len(refunds[0][1]) <= 32
    with pytest.raises(errors.ParkedNotOpen):
        approve(found, "return")
    for _ in range(2):
        with outermost():
            wallet.note_refund(refunds[0][1], done=True)
    assert (now_of(found).state, house(chart.SUSPENSE), len(refunds)) == ("returned", 0, 1)
    after = {"wrong_amount": ("returned", "top_up_returned"), "already_paid": ("succeeded", None)}[code]
    view = view_of(one, started.reference)
    assert (view.state, view.code) == after
    assert available(one) == (20_000 if code == "already_paid" else 0)


def test_a_refund_that_the_rail_rejects_is_decided_anew(customer: Make, refunds: list[Any]) -> None:
    one = customer()[0]
    found = parked(one)
    propose(found, "return")
    approve(found, "return")
    with outermost():
        wallet.note_refund(refunds[0][1], done=False, code="payment_refunded_before")
    again = now_of(found)
    assert (again.state, again.proposed_action, again.refused_code) == ("open", "", "payment_refunded_before")
    view = view_of(one, found.reference)
    assert (view.state, view.code, house(chart.SUSPENSE)) == ("unknown", "top_up_return_refused", 19_000)
    propose(found)
    assert approve(found) == "credited" and available(one) == 19_000


def test_a_rail_without_refunds_needs_the_account_that_paid_and_nothing_has_changed(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise RailUnsupported(rail="alipay", verb="refund")

    monkeypatch.setattr(rails, "start_refund", refuse)
    found = parked(customer()[0])
    propose(found, "return")
    with pytest.raises(errors.ParkedPayerUnknown):
        approve(found, "return")
    assert (now_of(found).state, now_of(found).proposed_action) == ("open", "return")


def test_a_refund_of_somebody_else_s_is_left_alone(customer: Make) -> None:
    with outermost():
        wallet.note_refund("R-unknown", done=True)


# what was done before, who approves what -> what it is refused with
DECISIONS: list[tuple[str, Actor, Action, type[Refusal]]] = [
    ("nothing", CHECKER, "credit", errors.ParkedNotProposed),
    ("proposed", MAKER, "credit", errors.ParkedOwnProposal),
    ("proposed", CHECKER, "return", errors.ParkedNotProposed),
    ("declined", CHECKER, "credit", errors.ParkedNotProposed),
    ("credited", CHECKER, "credit", errors.ParkedNotOpen),
]


@pytest.mark.parametrize(("before", "who", "action", "refusal"), DECISIONS)
def test_who_may_not_settle_what(
    customer: Make, before: str, who: Actor, action: Action, refusal: type[Refusal]
) -> None:
    one = customer()[0]
    found = parked(one)
    if before != "nothing":
        propose(found)
    if before == "declined":
        wallet.decline_parked(found.id, reason="wrong person", actor=CHECKER, purpose=purpose(found))
    if before == "credited":
        approve(found)
    money = available(one)
    with pytest.raises(refusal):
        approve(found, action, who)
    assert available(one) == money


def test_a_later_proposal_takes_the_place_of_an_earlier_one(customer: Make) -> None:
    found = parked(customer()[0])
    propose(found, "return")
    propose(found, "credit", CHECKER)
    assert (now_of(found).proposed_action, now_of(found).proposed_by) == ("credit", str(CHECKER))
    with pytest.raises(errors.ParkedOwnProposal):
        approve(found)
    assert approve(found, "credit", MAKER) == "credited"


def test_a_proposal_needs_a_reason_and_a_payment_that_is_open(customer: Make) -> None:
    found = parked(customer()[0])
    with pytest.raises(errors.ParkedReasonMissing):
        wallet.propose_parked(found.id, "credit", reason="  ", actor=MAKER, purpose=purpose(found))
    with pytest.raises(errors.ParkedNotFound):
        wallet.propose_parked(new_id(), "credit", reason=REASON, actor=MAKER, purpose=purpose(found))
    propose(found)
    approve(found)
    with pytest.raises(errors.ParkedNotOpen):
        propose(found)


def test_staff_settle_only_for_the_top_up_that_a_payment_named(customer: Make) -> None:
    found = parked(customer()[0])
    other = start(customer()[0])
    for subject in (str(other.operation_id), str(new_id()), "nonsense"):
        wrong = Purpose("review", subject, "curiosity")
        with pytest.raises(PurposeNotReal):
            wallet.propose_parked(found.id, "credit", reason=REASON, actor=MAKER, purpose=wrong)
    assert now_of(found).proposed_action == ""


@pytest.mark.parametrize(
    ("stopped", "state"), [("", "credited"), ("spending", "credited"), ("receiving", "open")]
)
def test_nothing_is_credited_into_a_wallet_that_may_not_receive(
    customer: Make, stopped: str, state: str
) -> None:
    one = customer()[0]
    found = parked(one)
    if stopped:
        freeze(one, stopped)
    propose(found)
    if state == "open":
        with pytest.raises(errors.ParkedOwnerStopped):
            approve(found)
    else:
        approve(found)
    assert (now_of(found).state, available(one)) == (state, 19_000 if state == "credited" else 0)


def test_with_two_payments_nothing_is_over_before_both_are_settled(
    customer: Make, refunds: list[Any]
) -> None:
    one = customer()[0]
    started = start(one)
    park(started.reference, 19_000, inbox="p1")
    park(started.reference, 500, inbox="p2")
    first, second = wallet.parked_of(started.operation_id)
    propose(first)
    approve(first)
    view = view_of(one, started.reference)
    assert (view.state, view.resolves_by is not None) == ("unknown", True)
    propose(second, "return")
    approve(second, "return")
    assert view_of(one, started.reference).state == "processing"
    with outermost():
        wallet.note_refund(refunds[0][1], done=True)
    assert (view_of(one, started.reference).state, available(one)) == ("returned", 19_000)


def test_the_right_money_after_a_wrong_one_is_credited_and_the_wrong_one_still_settled(
    customer: Make,
) -> None:
    one = customer()[0]
    found = parked(one)
    settle(found.reference)
    assert (available(one), house(chart.SUSPENSE)) == (20_000, 19_000)
    propose(found)
    approve(found)
    assert (available(one), house(chart.SUSPENSE)) == (39_000, 0)


def test_every_decision_is_audited_with_who_and_why(customer: Make) -> None:
    found = parked(customer()[0])
    propose(found)
    wallet.decline_parked(found.id, reason="look again", actor=CHECKER, purpose=purpose(found))
    propose(found)
    approve(found)
    told = {e.entry.action: e.entry for e in audit.entries_about(("operation", str(found.operation_id)))}
    assert told["top_up.parked_proposed"].details["reason"] == REASON
    assert told["top_up.parked_declined"].actor == CHECKER
    assert told["top_up.parked_approved"].details["proposed_by"] == str(MAKER)


def test_the_list_goes_on_where_it_stopped_oldest_first(customer: Make) -> None:
    moment = clock.now()
    for number in range(3):
        with clock.stopped(moment + timedelta(minutes=number)):
            parked(customer()[0], 100 + number, inbox=f"p{number}")
    first = wallet.parked_payments(limit=2)
    rest = wallet.parked_payments(first.next_cursor)
    assert [p.amount.minor for p in (*first.items, *rest.items) if p.amount] == [100, 101, 102]
    assert ParkedPayment.objects.count() == 3 and rest.next_cursor is None


def test_the_customer_is_told_when_it_is_settled(customer: Make, refunds: list[Any]) -> None:
    one = customer()[0]
    found = parked(one)
    propose(found, "return")
    approve(found, "return")
    with outermost():
        wallet.note_refund(refunds[0][1], done=True)
    settle_topics()
    said = wallet.operation(one, found.reference)
    assert [step.code for step in said.timeline] == ["awaiting_payment", "parked", "returning", "returned"]
    assert said.diagnosis.rule == "top_up_returned" and "190.00" in said.diagnosis.reason
