"""Withdrawals to one's own Alipay account, the sandbox's gateway behind them: how they end, and that days agree."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.types import AccountClaim, Proof
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet import errors
from guitai.wallet.models import OperationEvent
from guitai.wallet.small_amount_errors import SmallAmountsOff
from guitai.wallet.types import ParkedView
from guitai.wallet.web import showing
from tests.rails.gateways import Gateway
from tests.wallet.conftest import PIN, available, fund, settle_topics
from tests.wallet.ways_out import NAME, PAID_IN, closed, gateway_of, look, payer, somebody, turn, withdraw
from tests.wallet.withdrawing import card_number, fees

pytestmark = pytest.mark.django_db
RAIL, ADDRESS = "alipay", "lin.yue@example.com"


@pytest.fixture
def gateway(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway_of(RAIL, tmp_path, monkeypatch) as one:
        yield one


@pytest.fixture
def owner(gateway: Gateway) -> UUID:
    return payer(gateway)


def bind(owner: UUID, kind: str = RAIL, number: str = ADDRESS) -> UUID:
    return people.bind_account(owner, AccountClaim(kind, number, NAME), Proof(pin=PIN)).id


def test_it_arrives_at_once_and_the_gateways_day_agrees(gateway: Gateway, owner: UUID) -> None:
    fees(fixed_minor=100)
    account = bind(owner)
    quote = wallet.quote_withdrawal(owner, account=account, amount=Money(5_000, "CNY"))
    assert (quote.outcome, quote.rail, quote.cut_off_at) == ("approved", RAIL, None)
    assert quote.leaves_at - now() < timedelta(seconds=5) <= quote.latest_at - now() <= timedelta(days=2)
    outcome = withdraw(owner, account)
    assert (outcome.state, available(owner)) == ("processing", PAID_IN - 5_100)
    waiting = look(owner, outcome)
    assert waiting.view.counterparty == "Alipay l***@example.com" and waiting.withdrawal.can_cancel
    turn(RAIL)
    found = look(owner, outcome)
    assert (found.view.state, available(owner)) == ("succeeded", PAID_IN - 5_100)
    said = [step.title for step in showing.timeline(found)]
    assert said == ["Set aside and queued for Alipay", "Handed over to Alipay", "Alipay has confirmed it"]
    traced = {row.what for row in showing.trace(found.trace, found.withdrawal.rail)}
    assert "Paid out by Alipay" in traced and not any("bank" in what.lower() for what in traced)
    # What Alipay has said is nobody else's word.
    events = OperationEvent.objects.filter(operation_id=found.view.id, event__in=("sent", "succeeded"))
    assert set(events.values_list("actor", flat=True)) == {f"rail:{RAIL}"}
    closed(gateway)
    assert [match.rule for match in wallet.matches_of(found.view.id)] == ["end_to_end"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("PAYEE_USER_INFO_ERROR", "payee_name_mismatch"), ("PAYEE_NOT_EXIST", "payee_account_wrong")],
)
def test_what_alipay_refuses_is_back_with_its_reason(
    gateway: Gateway, owner: UUID, theirs: str, ours: str
) -> None:
    fees(fixed_minor=100)
    account = bind(owner, number="138 0013 8000")
    gateway.arrange(transfer=theirs)
    outcome = withdraw(owner, account)
    turn(RAIL)
    found = look(owner, outcome)
    assert (found.view.state, found.view.code, available(owner)) == ("failed", ours, PAID_IN)
    assert found.diagnosis.rule == ours and found.diagnosis.next_step
    closed(gateway)


def test_what_nobody_knows_is_asked_about_until_it_is_known_and_paid_once(
    gateway: Gateway, owner: UUID
) -> None:
    account = bind(owner)
    gateway.arrange(transfer="SYSTEM_ERROR")
    outcome = withdraw(owner, account)
    turn(RAIL)
    found = look(owner, outcome)
    assert (found.view.state, found.withdrawal.stage) == ("processing", "sent")
    with pytest.raises(errors.WithdrawalUnderWay):
        wallet.cancel_withdrawal(owner, outcome.reference)
    for after_s in (60, 300):
        turn(RAIL, after_s)
    assert (look(owner, outcome).view.state, available(owner)) == ("succeeded", PAID_IN - 5_000)
    closed(gateway)


def test_it_is_taken_back_while_it_waits_and_never_leaves(gateway: Gateway, owner: UUID) -> None:
    outcome = withdraw(owner, bind(owner))
    wallet.cancel_withdrawal(owner, outcome.reference)
    settle_topics()
    turn(RAIL)
    assert (look(owner, outcome).view.state, available(owner)) == ("cancelled", PAID_IN)
    record = rails.payout_record(outcome.reference)
    assert record is not None and (record.rail, record.state) == (RAIL, "cancelled")


def test_what_the_gateway_does_not_hold_for_us_cannot_leave_by_it(gateway: Gateway, owner: UUID) -> None:
    account = bind(owner)
    fund(owner, 100_000)
    held = withdraw(owner, account, PAID_IN + 1)
    assert (held.code, available(owner)) == ("payout_float_short", PAID_IN + 100_000)
    # What the gateway kept of the payment is not there either.
    assert withdraw(owner, account, PAID_IN - 1_000).outcome == "approved"


def paid_twice(owner: UUID) -> ParkedView:
    """The gateway has a payment that is to go back."""
    started = wallet.start_top_up(owner, amount=Money(PAID_IN, "CNY"), key=str(new_id()), rail=RAIL)
    with outermost():
        wallet.park_top_up(
            started.reference, amount=Money(PAID_IN, "CNY"), code="already_paid", key="k", rail=RAIL,
            bank_reference="B1", inbox_id="p1",
        )  # fmt: skip
    return wallet.parked_of(started.operation_id)[0]


def send_back(found: ParkedView) -> str:
    """Two of the staff have it sent back."""
    purpose = Purpose("review", str(found.operation_id), "paid twice")
    maker, checker = (Actor("staff", str(new_id())) for _ in range(2))
    wallet.propose_parked(found.id, "return", reason="twice", actor=maker, purpose=purpose)
    return wallet.approve_parked(found.id, "return", actor=checker, purpose=purpose)


@pytest.mark.parametrize("done", [True, False])
def test_what_is_to_go_back_to_a_payer_is_not_paid_out_as_well(
    gateway: Gateway, owner: UUID, monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    account, asked = bind(owner), []
    monkeypatch.setattr(rails, "start_refund", lambda order, refund, *_, **__: asked.append(refund))
    found = paid_twice(owner)
    fund(owner, 100_000)
    assert send_back(found) == "returning"
    assert withdraw(owner, account, PAID_IN + 1).code == "payout_float_short"
    with outermost():
        wallet.note_refund(asked[0], done=done, code="" if done else "payment_refunded_before")
    assert wallet.parked_payment(found.id).state == ("returned" if done else "open")
    # What the gateway would not send back is there again.
    assert withdraw(owner, account, PAID_IN + 1).code == ("payout_float_short" if done else None)
    assert wallet.verify() == []


def test_what_was_paid_out_meanwhile_is_not_promised_to_a_payer(
    gateway: Gateway, owner: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rails, "start_refund", lambda *_, **__: None)
    found = paid_twice(owner)
    fund(owner, 100_000)
    outcome = withdraw(owner, bind(owner), PAID_IN + 1)
    assert outcome.outcome == "approved"
    with pytest.raises(errors.RailAccountShort):
        send_back(found)
    assert wallet.parked_payment(found.id).state == "open"
    wallet.cancel_withdrawal(owner, outcome.reference)
    assert send_back(found) == "returning"


def test_a_rail_that_is_not_for_payouts_is_refused_plainly(gateway: Gateway, owner: UUID) -> None:
    account = bind(owner)
    rails.publish_settings(RAIL, {}, SYSTEM, terms=type(rails.rail_terms(RAIL))(payouts=False))
    outcome = withdraw(owner, account)
    assert (outcome.outcome, outcome.code) == ("refused", "payout_currency_not_taken")
    assert available(owner) == PAID_IN and rails.payout_record(outcome.reference) is None


def test_an_application_without_a_certificate_is_no_way_out(gateway: Gateway, owner: UUID) -> None:
    account = bind(owner)
    [way] = wallet.withdrawal_ways(owner, account=account)
    assert (way.rail, way.usual, way.currency) == (RAIL, True, "CNY")
    told = rails.rail_settings(RAIL).values
    key = x509.load_pem_x509_certificate(str(told["alipay_certificate"]).encode()).public_key()
    bare = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    without = dict.fromkeys(("app_certificate", "alipay_certificate", "root_certificate"), "")
    rails.publish_settings(RAIL, {**without, "alipay_public_key": bare}, SYSTEM)
    assert rails.rail_problems(RAIL) == () and wallet.withdrawal_ways(owner, account=account) == ()
    assert withdraw(owner, account).code == "payout_currency_not_taken"
    assert RAIL in [offer.rail for offer in rails.rails_for("in", "CNY")]


def test_small_amounts_are_for_banks_alone(gateway: Gateway, owner: UUID) -> None:
    with pytest.raises(SmallAmountsOff):
        wallet.send_small_amounts(owner, account=bind(owner))


def test_the_end_of_a_known_number_proves_nothing(db: None) -> None:
    policies.publish("bindings", {"wait_hours": 0}, SYSTEM)
    owner = somebody()
    bind(owner, number="13800138000")
    assert not people.card_end_matches(owner, "8000")
    card = card_number()
    bind(owner, "cn_card", card)
    assert people.card_end_matches(owner, card[-4:]) and not people.card_end_matches(owner, "8000")
