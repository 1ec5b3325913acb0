"""Withdrawals to a bank card by UnionPay, the sandbox's gateway behind them: chosen, carried out, told of, agreed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.people import api as people
from guitai.people.types import AccountClaim, Proof
from guitai.rails import api as rails
from guitai.rails.models import PayoutRow
from guitai.rails.terms import RailTerms
from guitai.wallet import api as wallet
from guitai.wallet import errors
from guitai.wallet.kinds.withdraw import binding
from guitai.wallet.web import showing, withdrawal_words
from tests.rails.gateways import Gateway
from tests.wallet.conftest import PIN, available, fund
from tests.wallet.ways_out import NAME, PAID_IN, closed, gateway_of, look, payer, turn, withdraw
from tests.wallet.withdrawing import OWN_ACCOUNT, card_number

pytestmark = pytest.mark.django_db
RAIL = "unionpay"


@pytest.fixture
def gateway(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway_of(RAIL, tmp_path, monkeypatch) as one:
        yield one


@pytest.fixture
def owner(gateway: Gateway) -> UUID:
    return payer(gateway)


@pytest.fixture
def account(owner: UUID) -> UUID:
    claim = AccountClaim("cn_card", card_number(), NAME, bank="Sea Bank")
    return people.bind_account(owner, claim, Proof(pin=PIN)).id


def bank_pays(folder: Path) -> None:
    """The operator can pay out by bank files too."""
    policies.publish("payouts", {"folder": str(folder), "accounts": [OWN_ACCOUNT]}, SYSTEM)


def test_both_ways_are_shown_with_what_they_cost_carry_and_promise(
    gateway: Gateway, owner: UUID, account: UUID, tmp_path: Path
) -> None:
    bank_pays(tmp_path)
    dear, usual = {"CNY": {"fixed_minor": 200}}, {"CNY": {"basis_points": 10}}
    policies.publish("fees", {"withdrawal": usual, "withdrawal_by_rail": {RAIL: dear}}, SYSTEM)
    rails.publish_settings(RAIL, {}, SYSTEM, terms=RailTerms(minimum=100, maximum=1_000_000))
    bank, unionpay = wallet.withdrawal_ways(owner, account=account)
    assert [bank.funded, bank.usual, unionpay.funded, unionpay.usual] == [False, False, True, True]
    assert "cannot pay out" in withdrawal_words.way(bank) and "200.00" not in withdrawal_words.way(bank)
    fund(owner, PAID_IN)
    bank, unionpay = wallet.withdrawal_ways(owner, account=account)
    assert (bank.rail, unionpay.rail, bank.usual, unionpay.usual) == ("bank", RAIL, True, False)
    assert (bank.fee.basis_points, unionpay.fee.fixed, unionpay.fee.rail) == (10, Money(200, "CNY"), RAIL)
    assert (unionpay.minimum, unionpay.rail_maximum) == (Money(100, "CNY"), Money(1_000_000, "CNY"))
    assert bank.rail_maximum is None and bank.maximum is not None
    assert unionpay.latest_at - now() <= timedelta(days=2) < bank.latest_at - now()
    assert unionpay.cut_off_at is None
    for rail, fee in (("bank", 5), (RAIL, 200), ("", 5)):
        quote = wallet.quote_withdrawal(owner, account=account, amount=Money(5_000, "CNY"), rail=rail)
        assert (quote.rail, quote.fee.minor, quote.outcome) == (
            rail or "bank",
            fee,
            "approved" if rail == RAIL else quote.outcome,
        )
    assert wallet.most_withdrawable(owner, "CNY", RAIL).minor == available(owner) - 200
    assert "2.00" in withdrawal_words.way(unionpay) and "0.1%" in withdrawal_words.way(bank)
    withdraw(owner, account, rail=RAIL)
    assert available(owner) == 2 * PAID_IN - 5_200
    turn(RAIL)
    assert [way.usual for way in wallet.withdrawal_ways(owner, account=account)] == [False, True]


def test_it_is_taken_told_asked_about_and_agreed_with_the_days_file(
    gateway: Gateway, owner: UUID, account: UUID
) -> None:
    policies.publish("fees", {"withdrawal": {"CNY": {"fixed_minor": 100}}}, SYSTEM)
    outcome = withdraw(owner, account)
    assert (outcome.state, available(owner)) == ("processing", PAID_IN - 5_100)
    assert look(owner, outcome).withdrawal.can_cancel
    turn(RAIL)
    taken = look(owner, outcome)
    assert (taken.view.state, taken.withdrawal.stage) == ("processing", "accepted")
    with pytest.raises(errors.WithdrawalUnderWay):
        wallet.cancel_withdrawal(owner, outcome.reference)
    # Nobody believes the notice: the gateway is asked at once, long before it would have been.
    assert gateway.tell(2)[-1] == ("noted", "payout_told")
    turn(RAIL, 1)
    found = look(owner, outcome)
    assert (found.view.state, available(owner)) == ("succeeded", PAID_IN - 5_100)
    said = [step.title for step in showing.timeline(found)]
    assert said == [
        "Set aside and queued for UnionPay", "Handed over to UnionPay", "Accepted by UnionPay",
        "UnionPay has confirmed it",
    ]  # fmt: skip
    assert found.view.counterparty == f"Sea Bank {people.binding(owner, account).masked}"
    closed(gateway)
    assert [match.rule for match in wallet.matches_of(found.view.id)] == ["end_to_end"]


@pytest.mark.parametrize("lost", ["lost", "bad_signature"])
def test_without_its_notice_the_question_finds_out(
    gateway: Gateway, owner: UUID, account: UUID, lost: str
) -> None:
    gateway.arrange(payout_notice=lost)
    outcome = withdraw(owner, account)
    turn(RAIL)
    if lost == "bad_signature":
        assert gateway.tell(2)[-1] == ("refused", "bad_signature")
        turn(RAIL, 1)
        assert look(owner, outcome).view.state == "processing"
    turn(RAIL, 60)
    assert look(owner, outcome).view.state == "succeeded"
    closed(gateway)


@pytest.mark.parametrize(
    ("arranged", "ours"), [("66", "payee_name_mismatch"), ("later_61", "payee_account_wrong")]
)
def test_what_is_refused_at_once_or_later_is_back_with_its_reason(
    gateway: Gateway, owner: UUID, account: UUID, arranged: str, ours: str
) -> None:
    policies.publish("fees", {"withdrawal": {"CNY": {"fixed_minor": 100}}}, SYSTEM)
    gateway.arrange(payout=arranged)
    outcome = withdraw(owner, account)
    turn(RAIL)
    turn(RAIL, 60)
    found = look(owner, outcome)
    assert (found.view.state, found.view.code, available(owner)) == ("failed", ours, PAID_IN)
    assert found.diagnosis.rule == ours and found.diagnosis.next_step
    closed(gateway)


@pytest.mark.parametrize("arranged", ["timeout", "swallow"])
def test_what_was_not_answered_is_paid_once(
    gateway: Gateway, owner: UUID, account: UUID, arranged: str
) -> None:
    gateway.arrange(payout=arranged)
    outcome = withdraw(owner, account)
    turn(RAIL)
    found = look(owner, outcome)
    assert (found.view.state, found.withdrawal.stage) == ("processing", "sent")
    # One that never arrived is asked for again, after the gateway has said twice that it knows nothing.
    for after_s in (60, 200, 600, 1_200):
        turn(RAIL, after_s)
    assert (look(owner, outcome).view.state, available(owner)) == ("succeeded", PAID_IN - 5_000)
    closed(gateway)


@pytest.mark.parametrize("decision", ["done", "failed"])
def test_what_is_undecided_ends_when_the_gateway_knows(
    gateway: Gateway, owner: UUID, account: UUID, decision: str
) -> None:
    gateway.arrange(payout="05")
    outcome = withdraw(owner, account)
    turn(RAIL)
    turn(RAIL, 60)
    assert look(owner, outcome).view.state == "processing"
    orders = gateway.sandbox.get("/unionpay/").json()["orders"]
    [row] = [one for one in orders if one["kind"] == "12"]
    gateway.sandbox.post(f"/unionpay/pay/{row['id']}", {"decision": decision}).raise_for_status()
    if decision == "failed":
        # Whether 60 is the end, only the day's file tells: it is neither paid out again nor given back.
        turn(RAIL, 600)
        assert look(owner, outcome).view.state == "processing"
        return
    assert gateway.tell(2)[-1] == ("noted", "payout_told")
    turn(RAIL, 1)
    assert look(owner, outcome).view.state == "succeeded"
    closed(gateway)


def test_the_time_of_a_payout_is_when_it_is_asked_for_and_stays(
    gateway: Gateway, owner: UUID, account: UUID
) -> None:
    gateway.arrange(payout="timeout")
    outcome = withdraw(owner, account)
    turn(RAIL, 3_600)
    row = PayoutRow.objects.get(order_reference=outcome.reference)
    assert row.asked_at is not None and row.asked_at - row.queued_at > timedelta(minutes=59)
    turn(RAIL, 3_700)
    assert look(owner, outcome).view.state == "succeeded"


def _unsigned() -> None:
    rails.publish_settings(RAIL, {"pays_on_behalf": False}, SYSTEM)


def _off() -> None:
    rails.publish_settings(RAIL, {}, SYSTEM, terms=RailTerms(payouts=False))


@pytest.mark.parametrize("without", [_unsigned, _off])
def test_a_contract_without_it_offers_it_to_nobody(
    gateway: Gateway, owner: UUID, account: UUID, tmp_path: Path, without: object
) -> None:
    assert [way.rail for way in wallet.withdrawal_ways(owner, account=account)] == [RAIL]
    without()  # type: ignore[operator]
    assert wallet.withdrawal_ways(owner, account=account) == ()
    refused = withdraw(owner, account)
    assert (refused.code, available(owner)) == ("payout_currency_not_taken", PAID_IN)
    bank_pays(tmp_path)
    assert [way.rail for way in wallet.withdrawal_ways(owner, account=account)] == ["bank"]


@pytest.mark.parametrize(
    ("terms", "minor", "code"),
    [
        (RailTerms(minimum=5_001), 5_000, "withdrawal_too_small"),
        (RailTerms(minimum=5_000), 5_000, None),
        (RailTerms(maximum=4_999), 5_000, "withdrawal_over_way"),
        (RailTerms(maximum=5_000), 5_000, None),
    ],
)
def test_the_bounds_of_a_way_hold_and_are_told(
    gateway: Gateway, owner: UUID, account: UUID, terms: RailTerms, minor: int, code: str | None
) -> None:
    rails.publish_settings(RAIL, {}, SYSTEM, terms=terms)
    outcome = withdraw(owner, account, minor)
    assert outcome.code == code
    if code:
        found = look(owner, outcome)
        assert found.diagnosis.rule == code and found.diagnosis.next_step
        assert str(max(terms.maximum, terms.minimum) // 100) in found.diagnosis.reason
        assert rails.payout_record(outcome.reference) is None and available(owner) == PAID_IN


def test_who_does_not_choose_has_the_bank_and_unionpay_where_the_bank_pays_nothing(
    gateway: Gateway, owner: UUID, account: UUID, tmp_path: Path
) -> None:
    fund(owner, PAID_IN)
    only = withdraw(owner, account, rail="")
    assert look(owner, only).withdrawal.rail == RAIL
    bank_pays(tmp_path)
    assert look(owner, withdraw(owner, account, rail="")).withdrawal.rail == "bank"


@pytest.mark.parametrize("wanted", ["alipay", "card", "nothing"])
def test_a_way_that_is_none_of_the_account_is_refused(
    gateway: Gateway, owner: UUID, account: UUID, wanted: str
) -> None:
    refused = withdraw(owner, account, rail=wanted)
    assert (refused.outcome, refused.code) == ("refused", "withdrawal_way_not_for_account")
    assert available(owner) == PAID_IN


def test_what_the_gateway_does_not_hold_for_us_cannot_leave_by_it(
    gateway: Gateway, owner: UUID, account: UUID
) -> None:
    fund(owner, 100_000)
    assert withdraw(owner, account, PAID_IN + 1).code == "payout_float_short"
    assert withdraw(owner, account, PAID_IN - 1_000).outcome == "approved"


def test_a_passkey_approves_one_way(db: None) -> None:
    account, amount = new_id(), Money(5_000, "CNY")
    assert len({binding(account, amount, rail) for rail in ("", "bank", RAIL)}) == 3
