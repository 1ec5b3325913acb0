"""Every verb of a withdrawal: asked twice, in the wrong order, with other figures; refusals beside their successes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.models import Topic
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.flows.standing import impose
from guitai.people.types import FreezeOrder, Proof
from guitai.rails import api as rails
from guitai.rails.errors import PayoutUnwritable
from guitai.wallet import api as wallet
from guitai.wallet import errors
from guitai.wallet.flows import verify
from guitai.wallet.kinds import payouts as kinds
from guitai.wallet.models import Operation, Withdrawal
from guitai.wallet.types import Terms
from tests.wallet.conftest import PIN, available, fund, settle_topics
from tests.wallet.withdrawing import NOON, OWN_ACCOUNT, Till, fees, opened, policy

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", str(new_id()))


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return opened(tmp_path)


def told(what: str, reference: str, minor: int = 50_000, **more: Any) -> None:
    """A rail's topic, handed on as `site.wiring` does."""
    said = {"order_reference": reference, "amount": minor, "currency": "CNY", **more}
    with outermost():
        wallet.note_payout(what, said)


REJECTED = {"code": "payee_name_mismatch", "reason": "BE01"}
RETURNED = {"code": "payee_account_closed", "reason": "AC04", "returned": 49_000}


def _limits(**limit: int) -> None:
    policies.publish("limits", {"tiers": [{"withdrawal": {"CNY": limit}}]}, SYSTEM)


def _payouts(**changes: Any) -> None:
    policies.publish("payouts", changes, SYSTEM)


SPOILED: dict[str, tuple[Callable[[Till, UUID], Any], str]] = {
    "the wrong PIN": (lambda till, owner: {"pin": "314159"}, "pin_wrong"),
    "no proof": (lambda till, owner: {"pin": None}, "pin_missing"),
    "more than there is": (lambda till, owner: {"minor": 60_001}, "insufficient_balance"),
    "more than a limit at once": (lambda till, owner: _limits(once=49_999), "limit_withdrawal_once"),
    "more than a day's limit": (lambda till, owner: _limits(day=49_999), "limit_withdrawal_day"),
    "more than a month's limit": (lambda till, owner: _limits(month=49_999), "limit_withdrawal_month"),
    "too little": (lambda till, owner: policy(minimum={"CNY": 50_001}), "withdrawal_too_small"),
    "another fee than was shown": (
        lambda till, owner: {"terms": Terms("approved", Money(1, "CNY"))}, "terms_changed"),
    "an identity that is not enough": (lambda till, owner: policy(tier=2), "withdrawal_needs_identity"),
    "an account of nobody": (lambda till, owner: {"account": new_id()}, "account_not_bound"),
    "a currency that no account pays out": (
        lambda till, owner: _payouts(accounts=[{**OWN_ACCOUNT, "currency": "USD"}]), "payout_currency_not_taken"),
    "a name that the scheme cannot write": (
        lambda till, owner: _payouts(accounts=[OWN_ACCOUNT], charset="latin"), "payout_unwritable"),
    "a frozen wallet": (lambda till, owner: people.freeze_self(owner, proof="session") and {}, "frozen"),
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILED)
def test_a_withdrawal_is_refused_with_a_code_of_its_own_and_moves_nothing(till: Till, how: str) -> None:
    owner, account = till.customer(60_000, "Γιώργος" if "cannot write" in how else "林月")
    spoil, code = SPOILED[how]
    assert till.withdraw(owner, account, 1_000).outcome == "approved"
    with till.at(NOON + timedelta(minutes=1)):
        asked = {"account": account, "minor": 50_000, **(spoil(till, owner) or {})}
        settle_topics()
    before = available(owner)
    outcome = till.withdraw(owner, **asked)
    assert (outcome.outcome, outcome.code) == ("refused", code)
    detail = wallet.operation(owner, outcome.reference)
    assert available(owner) == before and rails.payout_record(outcome.reference) is None
    assert (
        detail.diagnosis.headline != wallet.diagnose(detail.view.id, "article").rule
        and detail.diagnosis.reason
    )


def test_an_account_is_used_after_its_waiting_time(till: Till) -> None:
    policies.publish("bindings", {"wait_hours": 24}, SYSTEM)
    owner, account = till.customer(60_000)
    assert till.withdraw(owner, account, 1_000).code == "account_not_usable_yet"
    till.later(hours=25)
    assert till.withdraw(owner, account, 1_000).outcome == "approved"


def test_the_same_key_twice_is_one_withdrawal_and_another_body_is_refused(till: Till) -> None:
    owner, account = till.customer(60_000)
    first, second = (till.withdraw(owner, account, 10_000, key="k") for _ in range(2))
    assert (first.reference, second.replayed) == (second.reference, True)
    assert available(owner) == 50_000 and Withdrawal.objects.count() == 1
    with pytest.raises(errors.KeyReused):
        till.withdraw(owner, account, 10_001, key="k")
    with pytest.raises(errors.KeyMissing):
        till.withdraw(owner, account, 10_001, key=" ")


def test_a_quote_is_the_same_answer_and_moves_nothing(till: Till) -> None:
    owner, account = till.customer(60_000)
    fees(basis_points=100, minimum_minor=50, maximum_minor=300)
    with till.at():
        for minor, fee, code in ((1_000, 50, None), (10_000, 100, None), (50_000, 300, None),
                                 (59_900, 300, "insufficient_balance")):  # fmt: skip
            quote = wallet.quote_withdrawal(owner, account=account, amount=Money(minor, "CNY"))
            assert (quote.fee.minor, quote.code, quote.total.minor) == (fee, code, minor + fee)
        most = wallet.most_withdrawable(owner, "CNY")
    assert most == Money(59_700, "CNY") and available(owner) == 60_000
    assert (
        till.withdraw(owner, account, most.minor, terms=Terms("approved", Money(300, "CNY"))).outcome
        == "approved"
    )
    assert available(owner) == 0


def test_the_first_of_a_month_is_free_and_is_free_again_when_it_came_back(till: Till) -> None:
    owner, account = till.customer(60_000)
    fees(fixed_minor=100, free_minor_a_month=20_000)
    first = till.withdraw(owner, account, 15_000)
    second = till.withdraw(owner, account, 5_000)
    third = till.withdraw(owner, account, 1_000)
    charged = [Operation.objects.get(reference=o.reference).fee_minor for o in (first, second, third)]
    assert charged == [0, 0, 100]
    with till.at():
        wallet.cancel_withdrawal(owner, first.reference)
        assert not wallet.quote_withdrawal(owner, account=account, amount=Money(10_000, "CNY")).fee


ROADS: dict[str, tuple[list[tuple[str, dict[str, Any]]], str, int]] = {
    "once each": ([("sent", {}), ("accepted", {}), ("settled", {})], "succeeded", 9_900),
    "settled only": ([("settled", {})], "succeeded", 9_900),
    "settled first": ([("settled", {}), ("accepted", {}), ("sent", {})], "succeeded", 9_900),
    "returned before settled": ([("returned", RETURNED), ("settled", {}), ("sent", {})], "returned", 59_000),
    "returned after settled": ([("settled", {}), ("returned", RETURNED)], "returned", 59_000),
    "rejected": ([("sent", {}), ("rejected", REJECTED), ("accepted", {})], "failed", 60_000),
    "rejected after settled": ([("settled", {}), ("rejected", REJECTED)], "succeeded", 9_900),
    "settled after rejected": ([("rejected", REJECTED), ("settled", {})], "failed", 60_000),
    "returned after rejected": ([("rejected", REJECTED), ("returned", RETURNED)], "failed", 60_000),
}
CONTRADICTIONS = {"rejected after settled", "settled after rejected", "returned after rejected"}


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("road", ROADS)
def test_whatever_a_bank_says_in_whatever_order_moves_money_once(
    till: Till, road: str, twice: bool, unpaid: None
) -> None:
    fees(fixed_minor=100)
    owner, account = till.customer(60_000)
    reference = till.withdraw(owner, account, 50_000).reference
    said, state, left = ROADS[road]
    with till.at(NOON + timedelta(minutes=3)):
        for what, more in said:
            for _ in range(2 if twice else 1):
                told(what, reference, **more)
        settle_topics()
    row = Operation.objects.get(reference=reference)
    assert (row.state, available(owner)) == (state, left)
    contradicted = Topic.objects.filter(name="wallet.withdrawal_contradicted").count()
    assert contradicted == (1 if road in CONTRADICTIONS else 0)


@pytest.mark.parametrize(
    ("what", "more"),
    [("settled", {}), ("rejected", REJECTED), ("returned", RETURNED), ("returned", {**RETURNED, "returned": 50_001}),
     ("returned", {**RETURNED, "returned": 0})],
)  # fmt: skip
def test_another_amount_or_currency_than_ours_moves_nothing_and_is_told(
    till: Till, what: str, more: dict[str, Any], unpaid: None
) -> None:
    owner, account = till.customer(60_000)
    reference = till.withdraw(owner, account, 50_000).reference
    figures = [(50_000, "CNY")] if more.get("returned") in (0, 50_001) else [(49_999, "CNY"), (50_000, "USD")]
    with till.at(NOON + timedelta(minutes=3)):
        for minor, currency in figures:
            told(what, reference, minor, **{**more, "currency": currency})
    assert Operation.objects.get(reference=reference).state == "processing" and available(owner) == 10_000
    assert Topic.objects.filter(name="wallet.withdrawal_contradicted").count() == len(figures)
    told("settled", reference)
    assert Operation.objects.get(reference=reference).state == "succeeded"


@pytest.fixture
def unpaid(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests speak for the rail, whose own rows stay behind: they are compared elsewhere."""
    kept = tuple(p for p in verify.WITHDRAWAL_PROOFS if "rails_payout" not in p[1])
    monkeypatch.setattr(verify, "WITHDRAWAL_PROOFS", kept)


def test_a_payout_of_somebody_else_is_none_of_ours(till: Till) -> None:
    till.customer(60_000)
    told("settled", "2222222F2H")
    assert not Operation.objects.filter(kind="withdrawal").exists()


@pytest.mark.parametrize("where", ["start_payout", "details_of"])
def test_a_crash_in_between_leaves_neither_money_nor_payout_behind(
    till: Till, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    owner, account = till.customer(60_000)

    def die(*_: Any, **__: Any) -> None:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as dying:
        dying.setattr(kinds.rails if where == "start_payout" else kinds.destinations, where, die)
        with pytest.raises(RuntimeError):
            till.withdraw(owner, account, 50_000, key="k")
    assert available(owner) == 60_000 and not Withdrawal.objects.exists()
    again = till.withdraw(owner, account, 50_000, key="k")
    assert (again.outcome, again.replayed) == ("approved", False)
    assert rails.payout_record(again.reference).state == "queued"


def test_a_rail_that_refuses_after_all_undoes_everything(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, account = till.customer(60_000, "Γιώργος")
    _payouts(accounts=[OWN_ACCOUNT], charset="latin")
    with monkeypatch.context() as lying:
        lying.setattr(rails, "payout_name_fits", lambda name: True)
        with pytest.raises(PayoutUnwritable):
            till.withdraw(owner, account, 1_000)
    assert available(owner) == 60_000 and not Withdrawal.objects.exists()


STOPS: dict[str, Callable[[UUID], Any]] = {
    "frozen by its owner": lambda owner: people.freeze_self(owner, proof="session"),
    "frozen by risk": lambda owner: people.freeze(owner, SYSTEM, "by_risk"),
    "frozen by staff": lambda owner: people.freeze(owner, SYSTEM, "by_staff"),
}


@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_takes_back_what_has_not_left_and_lets_go_on_what_has(till: Till, stop: str) -> None:
    owner, account = till.customer(60_000)
    gone = till.withdraw(owner, account, 10_000)
    till.leave()
    waits = till.withdraw(owner, account, 20_000)
    with till.at(), outermost():
        STOPS[stop](owner)
    with till.at():
        settle_topics()
    states = {row.reference: (row.state, row.code) for row in Operation.objects.filter(kind="withdrawal")}
    assert states[waits.reference] == ("cancelled", "withdrawal_stopped")
    assert states[gone.reference] == ("processing", None) and available(owner) == 50_000
    assert rails.payout_record(waits.reference).state == "cancelled"
    till.books(gone.reference, 10_000)
    assert Operation.objects.get(reference=gone.reference).state == "succeeded"


def test_a_stop_that_nobody_may_know_of_is_not_given_away(till: Till) -> None:
    owner, account = till.customer(60_000)
    waits = till.withdraw(owner, account, 20_000)
    with till.at(), outermost():
        order = FreezeOrder("by_law", frozenset({"spending", "withdrawal"}), "silent")
        impose(owner, SYSTEM, order)
    with till.at():
        settle_topics()
        detail = wallet.operation(owner, waits.reference)
    assert (detail.view.state, detail.view.code) == ("cancelled", "withdrawal_not_possible")
    assert "frozen" not in detail.diagnosis.reason.lower()


def test_a_stop_of_signing_in_only_stops_no_withdrawal(till: Till) -> None:
    owner, account = till.customer(60_000)
    outcome = till.withdraw(owner, account, 20_000)
    with till.at(), outermost():
        wallet.stop_withdrawals(owner, ["sign_in"])
    assert Operation.objects.get(reference=outcome.reference).state == "processing"


@pytest.fixture
def held(till: Till) -> tuple[UUID, UUID, str]:
    """A large amount to an account that was just bound: staff look at it."""
    owner, account = till.customer(900_000)
    outcome = till.withdraw(owner, account, 600_000)
    assert (outcome.outcome, outcome.code) == ("held", "held_new_payee")
    return owner, account, outcome.reference


def _review(reference: str) -> Purpose:
    return Purpose("review", str(Operation.objects.get(reference=reference).id))


def test_a_large_amount_to_a_new_account_waits_for_staff(till: Till, held: tuple[UUID, UUID, str]) -> None:
    owner, account, reference = held
    assert rails.payout_record(reference) is None and available(owner) == 300_000
    with till.at():
        detail = wallet.operation(owner, reference)
        assert (
            detail.diagnosis.rule == "withdrawal_held_new_payee"
            and "threshold" not in detail.diagnosis.inputs
        )
        wallet.release_hold(reference, actor=STAFF, purpose=_review(reference))
        with pytest.raises(errors.HoldNotOpen):
            wallet.release_hold(reference, actor=STAFF, purpose=_review(reference))
        with pytest.raises(errors.HoldNotOpen):
            wallet.decline_hold(reference, actor=STAFF, purpose=_review(reference))
    assert rails.payout_record(reference).state == "queued"
    till.leave()
    till.books(reference, 600_000)
    assert Operation.objects.get(reference=reference).state == "succeeded"
    till.later(hours=25)
    assert till.withdraw(owner, account, 300_000).outcome == "approved"


@pytest.mark.parametrize("who", ["staff", "owner", "nobody"])
def test_a_hold_ends_with_the_money_back(till: Till, held: tuple[UUID, UUID, str], who: str) -> None:
    owner, _, reference = held
    code = {"staff": "withdrawal_declined", "owner": "withdrawal_cancelled", "nobody": "withdrawal_lapsed"}[
        who
    ]
    if who == "staff":
        with till.at():
            wallet.decline_hold(reference, actor=STAFF, purpose=_review(reference))
    elif who == "owner":
        with till.at():
            wallet.cancel_operation(owner, reference)
    else:
        with till.at(NOON + timedelta(hours=23)):
            wallet.watch_withdrawals()
            wallet.close_due()
            assert Operation.objects.get(reference=reference).state == "held"
        with till.at(NOON + timedelta(hours=25)):
            wallet.watch_withdrawals()
    row = Operation.objects.get(reference=reference)
    assert (row.state, row.code, available(owner)) == ("cancelled", code, 900_000)


def test_a_frozen_owners_hold_cannot_be_released(till: Till, held: tuple[UUID, UUID, str]) -> None:
    owner, _, reference = held
    with till.at():
        people.freeze_self(owner, proof="session")
        with pytest.raises(errors.SenderFrozen):
            wallet.release_hold(reference, actor=STAFF, purpose=_review(reference))
        settle_topics()
    assert Operation.objects.get(reference=reference).state == "cancelled" and available(owner) == 900_000


def test_what_empties_a_wallet_to_close_it_leaves_before_others(till: Till) -> None:
    (one, first), (other, second) = till.customer(60_000), till.customer(60_000)
    till.withdraw(one, first, 1_000)
    partly = till.withdraw(other, second, 1_000, closing=True)
    whole = till.withdraw(other, second, 59_000, closing=True)
    places = {r: Withdrawal.objects.get(operation_id=o.operation_id).priority for r, o in
              (("partly", partly), ("whole", whole))}  # fmt: skip
    assert places["whole"] > places["partly"] == 0
    assert wallet.withdrawal(whole.operation_id).ahead == 0
    # Of equals, whoever has waited longest.
    later = till.withdraw(one, first, 1_000)
    assert [wallet.withdrawal(o.operation_id).ahead for o in (partly, whole)] == [1, 0]
    with till.at(NOON + timedelta(minutes=1)):
        last = till.withdraw(one, first, 1_000)
    assert wallet.withdrawal(last.operation_id).ahead == 4 and later.outcome == "approved"


def test_an_account_that_was_removed_is_still_paid_and_still_named(till: Till) -> None:
    owner, account = till.customer(60_000)
    outcome = till.withdraw(owner, account, 20_000)
    with till.at():
        people.unbind(owner, account, Proof(pin=PIN))
        assert "Sea Bank" in wallet.operation(owner, outcome.reference).view.counterparty
    assert len(till.leave()) == 1
    assert till.withdraw(owner, account, 1_000).code == "account_not_bound"


def test_what_an_unknown_withdrawals_rail_knows_is_heard_without_its_topic(till: Till) -> None:
    owner, account = till.customer(60_000)
    reference = till.withdraw(owner, account, 50_000).reference
    till.leave()
    for days in range(2, 9):
        with till.at(NOON + timedelta(days=days, hours=8)):
            wallet.watch_withdrawals()
    assert Operation.objects.get(reference=reference).state == "unknown"
    till.status(reference, "ACSC")
    Topic.objects.filter(name="rails.payout_settled").delete()
    Operation.objects.filter(reference=reference).exclude(state="succeeded").update(state="unknown")
    with till.at():
        wallet.watch_withdrawals()
    assert Operation.objects.get(reference=reference).state == "succeeded"


def test_money_that_lies_elsewhere_cannot_be_paid_out_here(till: Till) -> None:
    owner, account = till.customer(60_000)
    with till.at():
        fund(owner, 30_000, rail="alipay")
    assert available(owner) == 90_000
    assert till.withdraw(owner, account, 60_001).code == "payout_float_short"
    assert till.withdraw(owner, account, 60_000).outcome == "approved"
