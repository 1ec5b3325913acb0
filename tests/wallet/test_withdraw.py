"""A withdrawal from its wish to its end, on the roads that it may take."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet import errors as wallet_errors
from tests.wallet.conftest import available
from tests.wallet.withdrawing import NOON, Till, fees, opened, policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return opened(tmp_path)


def state(till: Till, owner, reference: str) -> tuple[str, str | None]:
    with till.at():
        view = wallet.operation(owner, reference).view
    return view.state, view.code


def test_a_withdrawal_arrives(till: Till) -> None:
    owner, account = till.customer(100_000)
    fees(fixed_minor=100, basis_points=10)
    outcome = till.withdraw(owner, account, 50_000)
    assert (outcome.outcome, outcome.state) == ("approved", "processing")
    assert available(owner) == 100_000 - 50_000 - 150
    assert wallet.balances(owner)[0].reserved == Money(50_150, "CNY")
    detail = wallet.operation(owner, outcome.reference)
    assert "Sea Bank" in detail.view.counterparty and detail.withdrawal.stage == "queued"
    assert detail.withdrawal.can_cancel and detail.withdrawal.promised_at == detail.view.resolves_by
    till.leave()
    till.status(outcome.reference, "ACSP")
    till.books(outcome.reference, 50_000)
    assert state(till, owner, outcome.reference) == ("succeeded", None)
    assert available(owner) == 49_850 and wallet.balances(owner)[0].reserved == Money(0, "CNY")
    steps = [step.code for step in wallet.operation(owner, outcome.reference).timeline]
    assert steps == ["queued", "sent", "accepted", "succeeded"]
    traced = [step.what for step in wallet.operation(owner, outcome.reference).trace]
    assert {"rail.payout_queued", "rail.payout_sent", "bank.payout_settled"} <= set(traced)


@pytest.mark.parametrize(
    ("reason", "code"),
    [("BE01", "payee_name_mismatch"), ("AC04", "payee_account_closed"), ("AM14", "payout_over_bank_limit"),
     ("RC01", "payee_bank_wrong"), ("", "payout_not_possible")],
)  # fmt: skip
def test_a_rejected_withdrawal_gives_everything_back_and_says_why(till: Till, reason: str, code: str) -> None:
    owner, account = till.customer(60_000)
    fees(fixed_minor=200)
    outcome = till.withdraw(owner, account, 50_000)
    till.leave()
    till.status(outcome.reference, "RJCT", reason)
    assert state(till, owner, outcome.reference) == ("failed", code)
    assert available(owner) == 60_000
    detail = wallet.operation(owner, outcome.reference)
    assert detail.diagnosis.rule == code and detail.diagnosis.next_step
    used = [v for v in wallet.limits_of(owner, ("withdrawal",)) if v.window == "month"]
    assert used[0].used == Money(0, "CNY")
    assert till.withdraw(owner, account, 50_000).outcome == "approved"


@pytest.mark.parametrize("fee_back", [True, False])
@pytest.mark.parametrize("came", [50_000, 48_800])
def test_money_that_came_back_is_the_customers_again_less_what_the_bank_kept(
    till: Till, came: int, fee_back: bool
) -> None:
    owner, account = till.customer(60_000)
    fees(fixed_minor=200)
    policy(fee_back=fee_back)
    outcome = till.withdraw(owner, account, 50_000)
    till.leave()
    till.books(outcome.reference, 50_000)
    till.later(days=3)
    till.returns(outcome.reference, came)
    assert state(till, owner, outcome.reference) == ("returned", "payee_account_closed")
    assert available(owner) == 60_000 - 50_000 - 200 + came + (200 if fee_back else 0)
    facts = wallet.operation(owner, outcome.reference).view.facts
    assert facts.get("charge") == (Money(50_000 - came, "CNY").fact() if came < 50_000 else None)


def test_a_customer_takes_it_back_while_it_has_not_left(till: Till) -> None:
    owner, account = till.customer(60_000)
    outcome = till.withdraw(owner, account, 50_000)
    with till.at():
        assert wallet.cancel_withdrawal(owner, outcome.reference).state == "cancelled"
    assert available(owner) == 60_000 and till.leave() == []
    assert rails.payout_record(outcome.reference).state == "cancelled"
    second = till.withdraw(owner, account, 50_000)
    till.leave()
    with till.at(), pytest.raises(wallet_errors.WithdrawalUnderWay):
        wallet.cancel_withdrawal(owner, second.reference)
    till.books(second.reference, 50_000)
    with till.at(), pytest.raises(wallet_errors.WithdrawalNotCancellable):
        wallet.cancel_withdrawal(owner, second.reference)
    other, _ = till.customer()
    with till.at(), pytest.raises(wallet_errors.OperationNotFound):
        wallet.cancel_withdrawal(other, second.reference)


def test_the_promise_is_shown_before_and_kept_with_it(till: Till) -> None:
    owner, account = till.customer(60_000)
    with till.at():
        quote = wallet.quote_withdrawal(owner, account=account, amount=Money(1_000, "CNY"))
    assert quote.outcome == "approved" and quote.leaves_at == NOON
    # Two to three bank days from a Monday, by six in the evening in Shanghai.
    assert quote.earliest_at == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert quote.latest_at == datetime(2026, 11, 26, 10, tzinfo=UTC)
    assert quote.cut_off_at == datetime(2026, 11, 23, 8, tzinfo=UTC)
    outcome = till.withdraw(owner, account, 1_000)
    assert wallet.operation(owner, outcome.reference).withdrawal.promised_at == quote.latest_at


def test_what_misses_the_cut_off_leaves_on_the_next_bank_day(till: Till) -> None:
    owner, account = till.customer(60_000)
    with stopped(NOON + timedelta(days=4, hours=5)):  # Friday, 17:00
        quote = wallet.quote_withdrawal(owner, account=account, amount=Money(1_000, "CNY"))
    assert quote.cut_off_at is None and quote.leaves_at == datetime(2026, 11, 30, tzinfo=UTC)
    assert quote.latest_at == datetime(2026, 12, 3, 10, tzinfo=UTC)


def test_a_late_withdrawal_is_told_then_unknown_then_overdue_and_still_arrives(till: Till) -> None:
    owner, account = till.customer(60_000)
    outcome = till.withdraw(owner, account, 50_000)
    till.leave()
    seen = []
    for days in range(1, 12):
        with till.at(NOON + timedelta(days=days, hours=8)):
            wallet.watch_withdrawals()
            wallet.mark_overdue()
            view = wallet.operation(owner, outcome.reference).view
        seen.append((view.state, view.code))
    assert seen[1] == ("processing", None) and ("processing", "withdrawal_is_late") in seen
    assert seen[-1] == ("unknown", None) and available(owner) == 10_000
    till.books(outcome.reference, 50_000)
    assert state(till, owner, outcome.reference) == ("succeeded", None)
    steps = [step.code for step in wallet.operation(owner, outcome.reference).timeline]
    assert steps == ["queued", "sent", "late", "unknown", "overdue", "succeeded"]


def test_what_could_not_leave_is_promised_anew_and_never_unknown(till: Till) -> None:
    owner, account = till.customer(60_000)
    outcome = till.withdraw(owner, account, 50_000)
    promised = wallet.operation(owner, outcome.reference).withdrawal.promised_at
    for days in range(3, 12):
        with till.at(NOON + timedelta(days=days, hours=8)):
            wallet.watch_withdrawals()
            detail = wallet.operation(owner, outcome.reference)
            assert detail.view.state == "processing" and detail.view.resolves_by > till.moment
    assert detail.view.code == "withdrawal_is_late" and detail.withdrawal.promised_at == promised
    with till.at():
        wallet.cancel_withdrawal(owner, outcome.reference)
    assert available(owner) == 60_000
