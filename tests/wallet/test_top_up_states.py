"""A top-up by any rail: its fee, its states, and what becomes of money that comes late."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.ledger import api as ledger
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.errors import RailUnsupported
from guitai.wallet import api as wallet
from guitai.wallet.errors import KeyReused
from guitai.wallet.flows import intents
from guitai.wallet.rules import chart
from guitai.wallet.till.submit import dry_run, submit
from guitai.wallet.types import Terms
from tests.wallet.conftest import available, settle_topics

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
AMOUNT = Money(20_000, "CNY")
RAILS = tuple(chart.RAILS)


def start(owner: UUID, rail: str = "alipay", key: str | None = None, **more: Any) -> wallet.Outcome:
    return submit(intents.start_top_up(owner, AMOUNT, key or str(new_id()), rail, **more))


def settle(reference: str, rail: str = "alipay", inbox: str = "i1") -> None:
    with outermost():
        wallet.settle_top_up(reference, amount=AMOUNT, bank_reference=f"B-{inbox}", inbox_id=inbox, rail=rail)


def house(code: int) -> int:
    """What stands in one of the house's accounts, as it grows."""
    found = ledger.accounts([chart.house_account(code, "CNY").id])
    return abs(found[0].debits_posted - found[0].credits_posted) if found else 0


def view_of(owner: UUID, reference: str) -> Any:
    return wallet.operation(owner, reference).view


@pytest.mark.parametrize("rail", RAILS)
def test_what_a_rail_proves_comes_from_that_rail_s_account(customer: Make, rail: str) -> None:
    one = customer()[0]
    started = start(one, rail)
    settle(started.reference, rail)
    view = view_of(one, started.reference)
    assert (view.state, view.rail, available(one), house(chart.RAILS[rail])) == (
        "succeeded",
        rail,
        20_000,
        20_000,
    )


def test_the_fee_is_known_at_the_start_and_taken_from_what_arrives(customer: Make) -> None:
    one = customer()[0]
    version = policies.publish("fees", {"top_up": {"card": {"CNY": {"basis_points": 60}}}}, SYSTEM)
    started = start(one, "card")
    # A fee that is published meanwhile is not that of an order which was shown another one.
    policies.publish("fees", {"top_up": {"card": {"CNY": {"basis_points": 900}}}}, SYSTEM)
    settle(started.reference, "card")
    detail = wallet.operation(one, started.reference)
    assert (detail.view.amount.minor, detail.view.fee.minor, available(one)) == (20_000, 120, 19_880)
    assert detail.view.facts["fee_policy"] == f"fees@{version}"
    assert [leg.kind for leg in detail.legs] == ["in", "fee"] and house(chart.FEES) == 120
    assert "198.80" in detail.diagnosis.reason


@pytest.mark.parametrize(("fee", "outcome"), [(120, "approved"), (0, "refused")])
def test_another_fee_than_the_review_showed_is_refused(customer: Make, fee: int, outcome: str) -> None:
    policies.publish("fees", {"top_up": {"card": {"CNY": {"fixed_minor": 120}}}}, SYSTEM)
    answer = start(customer()[0], "card", terms=Terms("approved", Money(fee, "CNY")))
    assert (answer.outcome, answer.code) == (outcome, None if fee else "top_up_terms_changed")


def test_a_fee_is_never_more_than_what_arrives(customer: Make) -> None:
    policies.publish("fees", {"top_up": {"card": {"CNY": {"fixed_minor": 90_000}}}}, SYSTEM)
    one = customer()[0]
    started = start(one, "card")
    settle(started.reference, "card")
    assert (view_of(one, started.reference).fee, available(one)) == (AMOUNT, 0)


@pytest.mark.parametrize(("tier", "code"), [(0, None), (1, "top_up_rail_not_offered")])
def test_a_rail_may_need_an_identity_tier(customer: Make, tier: int, code: str | None) -> None:
    policies.publish("top_up_rails", {"rails": {"card": {"tier": tier}}}, SYSTEM)
    assert start(customer()[0], "card").code == code


def test_the_same_key_by_another_rail_is_another_wish(customer: Make) -> None:
    one = customer()[0]
    first = start(one, "card", "k")
    assert start(one, "card", "k").reference == first.reference
    with pytest.raises(KeyReused):
        start(one, "alipay", "k")


# state before -> what the rail says -> (state, code) after
NEWS = [
    ("awaiting_payment", "processing", "processing", None),
    ("awaiting_payment", "unclear", "unknown", None),
    ("awaiting_payment", "failed", "failed", "payment_declined"),
    ("processing", "unclear", "unknown", None),
    ("processing", "failed", "failed", "payment_declined"),
    ("unknown", "processing", "processing", None),
    ("unknown", "failed", "failed", "payment_declined"),
    ("expired", "processing", "processing", None),
    ("expired", "failed", "expired", "top_up_expired"),
    ("succeeded", "processing", "succeeded", None),
    ("succeeded", "failed", "succeeded", None),
    ("failed", "processing", "failed", "payment_declined"),
    ("parked", "processing", "unknown", "wrong_amount"),
    ("parked", "failed", "unknown", "wrong_amount"),
]


def tell(reference: str, news: str) -> None:
    with outermost():
        if news == "failed":
            wallet.note_top_up_failed(reference, rail="alipay", code="payment_declined")
        else:
            wallet.note_top_up_processing(reference, rail="alipay", known=news == "processing")


def brought_to(owner: UUID, state: str) -> str:
    reference = start(owner).reference
    if state in ("processing", "unknown", "failed"):
        tell(reference, {"unknown": "unclear"}.get(state, state))
    elif state == "expired":
        with clock.stopped(clock.now() + timedelta(hours=2)):
            wallet.close_due()
    elif state == "succeeded":
        settle(reference)
    elif state == "parked":
        park(reference)
    return reference


def park(reference: str, minor: int = 19_000, code: str = "wrong_amount", inbox: str = "p1") -> None:
    with outermost():
        wallet.park_top_up(
            reference, amount=Money(minor, "CNY"), code=code, key=f"park:{inbox}", rail="alipay",
            bank_reference=f"B-{inbox}", inbox_id=inbox,
        )  # fmt: skip


@pytest.mark.parametrize(("before", "news", "after", "code"), NEWS)
def test_what_a_rail_says_changes_only_what_is_open(
    customer: Make, before: str, news: str, after: str, code: str | None
) -> None:
    one = customer()[0]
    reference = brought_to(one, before)
    money = available(one)
    for _ in range(2):
        tell(reference, news)
    view = view_of(one, reference)
    assert (view.state, view.code, available(one)) == (after, code, money)
    assert (view.resolves_by is not None) == (after in ("awaiting_payment", "processing", "unknown"))


@pytest.mark.parametrize(
    "before", ["awaiting_payment", "processing", "unknown", "expired", "failed", "parked"]
)
def test_a_proof_credits_whatever_was_said_before(customer: Make, before: str) -> None:
    one = customer()[0]
    reference = brought_to(one, before)
    for _ in range(2):
        settle(reference)
    assert (view_of(one, reference).state, available(one)) == ("succeeded", 20_000)


def test_what_failed_gives_its_limit_back(customer: Make) -> None:
    one = customer()[0]
    day = next(v for v in wallet.limits_of(one, ("top_up",)) if v.window == "day" and v.currency == "CNY")
    reference = start(one).reference
    tell(reference, "failed")
    again = next(v for v in wallet.limits_of(one, ("top_up",)) if v.window == "day" and v.currency == "CNY")
    assert (again.used.minor, again.remaining) == (0, day.remaining)


def test_a_failure_without_words_of_its_own_is_still_explained(customer: Make) -> None:
    one = customer()[0]
    reference = start(one).reference
    with outermost():
        wallet.note_top_up_failed(reference, rail="alipay", code="a_code_of_tomorrow")
    said = wallet.operation(one, reference).diagnosis
    assert said.rule == "top_up_in_failed" and said.next_url == "/top-up/"


def test_what_is_worked_on_too_long_is_unknown_and_then_overdue(customer: Make) -> None:
    one = customer()[0]
    reference = brought_to(one, "processing")
    moment = clock.now()
    with clock.stopped(moment + timedelta(hours=25)):
        wallet.close_due()
        assert view_of(one, reference).state == "unknown"
    with clock.stopped(moment + timedelta(hours=50)):
        wallet.mark_overdue()
        assert "overdue_since" in view_of(one, reference).facts


# policy, how late in days, what stops the wallet -> whether it is credited
LATE = [
    ({}, 1, "", True),
    ({}, 400, "", True),
    ({"then": "return", "after_days": 3}, 1, "", True),
    ({"then": "return", "after_days": 3}, 4, "", False),
    ({"then": "return", "after_days": 3}, 1, "receiving", False),
    ({}, 1, "receiving", True),
]


@pytest.fixture
def refunds(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the rail was asked to send back."""
    asked: list[tuple[Any, ...]] = []

    def ask(order_reference: str, refund_reference: str, amount: Money, **more: Any) -> None:
        asked.append((order_reference, refund_reference, amount, more["bank_reference"], more["rail"]))

    monkeypatch.setattr(rails, "start_refund", ask, raising=False)
    return asked


def freeze(person: UUID, scope: str) -> None:
    with outermost():
        people.freeze(person, SYSTEM, "by_risk", scope=frozenset({scope}))


@pytest.mark.parametrize(("policy", "days", "stopped", "credited"), LATE)
def test_late_money_is_credited_or_goes_back_by_rule_and_is_never_kept(
    customer: Make, refunds: list[Any], policy: dict[str, Any], days: int, stopped: str, credited: bool
) -> None:
    one = customer()[0]
    policies.publish("late_top_ups", policy, SYSTEM)
    reference = brought_to(one, "expired")
    if stopped:
        freeze(one, stopped)
    with clock.stopped(clock.now() + timedelta(days=days, hours=2)):
        for _ in range(2):
            settle(reference)
        view = view_of(one, reference)
        if credited:
            assert (view.state, available(one), refunds) == ("succeeded", 20_000, [])
            return
        assert (view.state, view.code, available(one)) == ("processing", "top_up_returning", 0)
        assert house(chart.SUSPENSE) == 20_000
        assert [r[0] for r in refunds] == [reference] and refunds[0][2:] == (AMOUNT, "B-i1", "alipay")
        for _ in range(2):
            with outermost():
                wallet.note_refund(refunds[0][1], done=True)
        assert (view_of(one, reference).state, house(chart.SUSPENSE)) == ("returned", 0)
    settle_topics()


def test_a_refund_that_the_rail_will_not_make_leaves_the_money_in_suspense_for_staff(
    customer: Make, refunds: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = customer()[0]
    policies.publish("late_top_ups", {"then": "return", "after_days": 0}, SYSTEM)
    reference = brought_to(one, "expired")

    def refuse(*_: Any, **__: Any) -> None:
        raise RailUnsupported(rail="alipay", verb="refund")

    monkeypatch.setattr(rails, "start_refund", refuse, raising=False)
    with clock.stopped(clock.now() + timedelta(days=1)):
        settle(reference)
        view = view_of(one, reference)
        assert (view.state, view.code, house(chart.SUSPENSE)) == ("unknown", "top_up_return_refused", 20_000)
        assert view.resolves_by is not None
    parked = wallet.parked_payments().items
    assert [(p.reference, p.code, p.state, p.refused_code) for p in parked] == [
        (reference, "late_payment", "open", "rail_unsupported")
    ]


def test_a_rehearsed_top_up_by_a_rail_ends_as_the_real_one(customer: Make) -> None:
    one = customer()[0]
    policies.publish("fees", {"top_up": {"card": {"CNY": {"fixed_minor": 120}}}}, SYSTEM)
    intent = intents.start_top_up(one, AMOUNT, "k", "card")
    rehearsed = dry_run(intent)
    real = submit(intent)
    assert rehearsed.draft is not None and rehearsed.draft.fee.minor == 120
    assert (rehearsed.decision.outcome, rehearsed.decision.state) == (real.outcome, real.state)
