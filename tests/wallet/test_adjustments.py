"""What the house gives of its own accord: once a decision, at most a fee, and the books sum to zero."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from guitai.audit import api as audit
from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet import limit_overrides
from guitai.wallet.adjustment_types import Decided
from guitai.wallet.models import Adjustment, Operation
from tests.wallet.conftest import acquaint, available, fund, new_phone, register, send, settle_topics

pytestmark = pytest.mark.django_db(transaction=True)
Customer = Callable[..., tuple[UUID, str]]


@pytest.fixture(autouse=True)
def cases_are_real():
    """A case is care's: here every id is one."""
    audit.set_purpose_checker("case", lambda actor, purpose: True)
    limit_overrides.forget()
    yield
    limit_overrides.forget()


def decided(approval: UUID | None = None) -> Decided:
    return Decided(approval or new_id(), new_id(), "we were late", new_id(), new_id())


def give(owner: UUID, kind: str = "goodwill", minor: int = 500, by: Decided | None = None, **options: str):
    with outermost():
        return wallet.make_adjustment(owner, kind, Money(minor, "CNY"), by or decided(), **options)


def with_fee(customer: Customer, fees: int = 300) -> tuple[UUID, str]:
    """Somebody who paid a fee for a transfer that is completed."""
    one, other = customer(100_000), customer(10_000, "陈明")
    acquaint(one, other)
    policies.publish("fees", {"transfer": {"CNY": {"fixed_minor": fees}}}, SYSTEM)
    policies.forget()
    outcome = send(one[0], other[1], 1_000)
    settle_topics()
    assert outcome.state == "succeeded"
    return one[0], outcome.reference


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        ("goodwill", {}, "adjusted_goodwill"),
        ("correction", {"reason_code": "charged_twice"}, "adjusted_charged_twice"),
        ("correction", {"reason_code": "wrong_amount"}, "adjusted_wrong_amount"),
        ("correction", {"reason_code": "wrong_fee"}, "adjusted_wrong_fee"),
        ("correction", {"reason_code": "system_error"}, "adjusted_system_error"),
    ],
)
def test_stands_in_the_bills_with_its_words(customer: Customer, kind, options, code) -> None:
    owner, _ = customer(0)
    outcome = give(owner, kind, 500, **options)
    detail = wallet.operation(owner, outcome.reference)
    assert available(owner) == 500
    assert (detail.view.kind, detail.view.direction, detail.view.code) == ("adjustment", "in", code)
    assert detail.diagnosis.rule == code
    assert "5.00" in detail.diagnosis.reason
    row = Adjustment.objects.get(operation_id=outcome.operation_id)
    assert row.made_by != row.agreed_by


def test_gives_a_fee_back_once_and_at_most_the_fee(customer: Customer) -> None:
    owner, reference = with_fee(customer)
    before = available(owner)
    assert wallet.fee_paid(owner, reference).fee == Money(300, "CNY")
    with pytest.raises(Refusal) as refused:
        give(owner, "fee_waiver", 301, about=reference)
    assert refused.value.code == "fee_waiver_too_much"
    give(owner, "fee_waiver", 200, about=reference)
    assert available(owner) == before + 200
    with pytest.raises(Refusal) as refused:
        give(owner, "fee_waiver", 100, about=reference)
    assert refused.value.code == "fee_waived_before"
    assert wallet.fee_paid(owner, reference).waived


def test_refuses_the_fee_of_what_cost_nothing_or_is_anothers(customer: Customer) -> None:
    owner, reference = with_fee(customer)
    stranger, _ = customer(10_000)
    for whose, about in ((stranger, reference), (owner, "")):
        with pytest.raises(Refusal) as refused:
            give(whose, "fee_waiver", 100, about=about)
        assert refused.value.code == "fee_waiver_no_fee"


def test_refuses_a_correction_without_its_reason(customer: Customer) -> None:
    owner, _ = customer(0)
    with pytest.raises(Refusal) as refused:
        give(owner, "correction")
    assert refused.value.code == "adjustment_reason_unknown"
    assert available(owner) == 0


def test_same_decision_twice_moves_money_once(customer: Customer) -> None:
    owner, _ = customer(0)
    by = decided()
    first, second = give(owner, by=by), give(owner, by=by)
    assert (second.operation_id, second.replayed) == (first.operation_id, True)
    assert available(owner) == 500
    # The same decision in another's name is still the same decision.
    with pytest.raises(Refusal) as refused:
        give(owner, by=Decided(by.approval, by.case, by.reason, by.made_by, new_id()))
    assert refused.value.code == "adjustment_made_before"
    assert available(owner) == 500


def test_a_refusal_leaves_nothing_behind(customer: Customer) -> None:
    owner, _ = customer(0)
    person = people.standing(owner)
    assert person.state == "active"
    with pytest.raises(Refusal):
        give(owner, "fee_waiver", 100, about="")
    assert not Operation.objects.filter(kind="adjustment").exists()


def test_two_at_once_waive_a_fee_once(customer: Customer) -> None:
    owner, reference = with_fee(customer)
    before = available(owner)
    codes: list[str] = []

    def waive() -> None:
        try:
            codes.append(give(owner, "fee_waiver", 300, about=reference).outcome)
        except Refusal as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    both = [threading.Thread(target=waive) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(codes) == ["approved", "fee_waived_before"]
    assert available(owner) == before + 300


def test_a_crash_before_the_end_leaves_no_money(customer: Customer) -> None:
    owner, _ = customer(0)
    by = decided()
    with pytest.raises(ZeroDivisionError):
        _give_and_break(owner, by)
    assert available(owner) == 0
    assert give(owner, by=by).outcome == "approved"
    assert available(owner) == 500


def _give_and_break(owner: UUID, by: Decided) -> None:
    with outermost():
        wallet.make_adjustment(owner, "goodwill", Money(500, "CNY"), by)
        _ = 1 / 0


def test_one_customers_limit_differs_until_its_moment(db) -> None:
    phone, payee = new_phone(), new_phone()
    owner = register(phone)
    register(payee, "陈明")
    fund(owner, 400_000)
    normal = next(
        v for v in wallet.limits_of(owner, ("transfer",)) if (v.window, v.currency) == ("once", "CNY")
    )
    with outermost():
        wallet.change_limit(
            owner, "transfer", "once", Money(1_000, "CNY"), until=now() + timedelta(days=2), decided=decided()
        )
    assert send(owner, payee, 1_001).code == "limit_transfer_once"
    assert send(owner, payee, 1_000).outcome == "approved"
    own = next(v for v in wallet.limits_of(owner, ("transfer",)) if (v.window, v.currency) == ("once", "CNY"))
    assert own.limit == Money(1_000, "CNY")
    with stopped(now() + timedelta(days=3)):
        again = next(
            v for v in wallet.limits_of(owner, ("transfer",)) if (v.window, v.currency) == ("once", "CNY")
        )
        assert again.limit == normal.limit


@pytest.mark.parametrize("days", [0, 91])
def test_refuses_a_limit_without_a_near_end(customer: Customer, days: int) -> None:
    owner, _ = customer(0)
    with pytest.raises(Refusal) as refused, outermost():
        wallet.change_limit(
            owner, "transfer", "day", Money(5, "CNY"), until=now() + timedelta(days=days), decided=decided()
        )
    assert refused.value.code == "limit_change_time"
