"""Withdrawals back to a card that its owner topped up with, the sandbox's acquirer behind them."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.types import IdentityClaim
from guitai.rails import api as rails
from guitai.rails.flows.errands import run_errands
from guitai.rails.flows.query_orders import run_queries
from guitai.rails.models import Order, PayoutRow
from guitai.rails.rail_reads import WORKS
from guitai.rails.terms import RailTerms
from guitai.wallet import api as wallet
from guitai.wallet import errors
from guitai.wallet.web import withdrawal_words
from guitai.wallet.withdrawal_types import CardPayment, Destination
from tests.rails.gateways import Gateway
from tests.sandbox.process import until
from tests.wallet.conftest import PIN, available, fund, new_phone, register, settle_topics
from tests.wallet.ways_out import NAME, PAID_IN, closed, gateway_of, look, payer, turn, withdraw
from tests.wallet.withdrawing import document_number

pytestmark = pytest.mark.django_db
RAIL = "card"


@pytest.fixture
def gateway(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway_of(RAIL, tmp_path, monkeypatch) as one:
        policies.publish("withdrawals", {"new_account_hours": 0}, SYSTEM)
        yield one


@pytest.fixture
def owner(gateway: Gateway) -> UUID:
    return payer(gateway)


@pytest.fixture
def card(owner: UUID) -> UUID:
    [found] = wallet.withdrawal_destinations(owner)
    return found.id


def payment_of(owner: UUID, card: UUID) -> CardPayment:
    found = wallet.withdrawal_destination(owner, card)
    assert found is not None and found.payment is not None
    return found.payment


def left(owner: UUID, card: UUID) -> int:
    return payment_of(owner, card).left.minor


def messages(owner: UUID) -> list[str]:
    """What somebody was told, the latest first."""
    return [one.kind for one in notify.inbox(owner).items]


def refunds(gateway: Gateway) -> list[dict[str, object]]:
    """What the acquirer was asked to send back, the latest first."""
    found: list[dict[str, object]] = gateway.sandbox.get("/card/").json()["refunds"]
    return found


def told(gateway: Gateway, kind: bytes) -> list[tuple[str, str | None]]:
    """Bring what the acquirer says about refunds."""
    messages = until(lambda: [each for each in gateway.heard.heard if b'"' + kind + b'"' in each[1]])
    return gateway.bring(list(messages))


def test_a_card_that_was_paid_with_is_offered_with_nothing_to_bind(gateway: Gateway, owner: UUID) -> None:
    [unnamed] = wallet.withdrawal_destinations(owner)
    assert withdrawal_words.choice_title(unnamed) == "Back to the card you paid with"
    run_queries(RAIL)
    [found] = wallet.withdrawal_destinations(owner)
    assert (found.kind, found.bank, found.masked, found.usable) == ("card_payment", "Visa", "**** 4242", True)
    assert withdrawal_words.choice_title(found) == "Back to the card ending 4242"
    assert "up to" in withdrawal_words.choice_detail(found) and "200.00" in withdrawal_words.choice_detail(
        found
    )
    assert Order.objects.get(rail=RAIL).next_query_at is None, "it is asked for once"
    [way] = wallet.withdrawal_ways(owner, account=found.id)
    assert (way.rail, way.currency, way.maximum, way.usual) == (RAIL, "CNY", Money(PAID_IN, "CNY"), True)
    assert timedelta(days=13) < way.latest_at - now() < timedelta(days=15)
    assert wallet.most_withdrawable(owner, "CNY", RAIL, account=found.id).minor == PAID_IN
    assert wallet.most_withdrawable(owner, "USD", RAIL, account=found.id).minor == 0


def test_it_goes_back_to_the_card_and_the_days_list_agrees(gateway: Gateway, owner: UUID, card: UUID) -> None:
    run_queries(RAIL)
    policies.publish("fees", {"withdrawal_by_rail": {RAIL: {"CNY": {"fixed_minor": 200}}}}, SYSTEM)
    quote = wallet.quote_withdrawal(owner, account=card, amount=Money(5_000, "CNY"))
    assert (quote.outcome, quote.rail, quote.fee.minor, quote.total.minor) == ("approved", RAIL, 200, 5_200)
    outcome = withdraw(owner, card)
    assert (outcome.state, available(owner), left(owner, card)) == (
        "processing",
        PAID_IN - 5_200,
        PAID_IN - 5_000,
    )
    assert look(owner, outcome).withdrawal.can_cancel
    turn(RAIL)
    found = look(owner, outcome)
    assert found.diagnosis.rule == "withdrawal_to_card_succeeded" and "Visa" in found.diagnosis.reason
    assert messages(owner)[0] == "wallet.withdrawal_to_card"
    assert (found.view.state, found.view.counterparty) == ("succeeded", "Visa **** 4242")
    [refund] = refunds(gateway)
    assert (refund["amount"], refund["metadata"]) == (5_000, {"payout_reference": outcome.reference})
    assert available(owner) == PAID_IN - 5_200
    with pytest.raises(errors.WithdrawalNotCancellable):
        wallet.cancel_withdrawal(owner, outcome.reference)
    closed(gateway)
    assert [match.rule for match in wallet.matches_of(found.view.id)] == ["end_to_end"]


def test_the_same_wish_twice_is_one(gateway: Gateway, owner: UUID, card: UUID) -> None:
    key = str(new_id())
    first, again = withdraw(owner, card, key=key), withdraw(owner, card, key=key)
    assert (first.reference, again.replayed, left(owner, card)) == (again.reference, True, PAID_IN - 5_000)
    turn(RAIL)
    turn(RAIL, 60)
    assert len(refunds(gateway)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_no_more_than_was_paid(gateway: Gateway, owner: UUID, card: UUID) -> None:
    fund(owner, 100_000)
    outcomes: list[wallet.Outcome] = []

    def ask() -> None:
        try:
            given = {"pin": PIN, "key": str(new_id())}
            outcomes.append(
                wallet.start_withdrawal(owner, account=card, amount=Money(12_000, "CNY"), **given)
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert sorted(each.outcome for each in outcomes) == ["approved", *["refused"] * 3]
    assert {each.code for each in outcomes} == {None, "withdrawal_over_card_payment"}
    assert left(owner, card) == 8_000
    turn(RAIL)
    assert sum(int(str(each["amount"])) for each in refunds(gateway)) == 12_000


def test_in_parts_until_nothing_is_left_and_the_refusals_say_what_is(
    gateway: Gateway, owner: UUID, card: UUID
) -> None:
    fund(owner, 100_000)
    over = withdraw(owner, card, PAID_IN + 1)
    assert (over.code, over.facts["left"]["amount"]) == ("withdrawal_over_card_payment", PAID_IN)
    assert "200.00" in look(owner, over).diagnosis.reason
    for minor in (15_000, 5_000):
        assert withdraw(owner, card, minor).outcome == "approved"
    assert withdraw(owner, card, 1_000).code == "card_payment_sent_back"
    assert wallet.withdrawal_destinations(owner) == []
    turn(RAIL)
    assert sorted(int(str(each["amount"])) for each in refunds(gateway)) == [5_000, 15_000]
    # What is with the acquirer is not counted a second time once it is done.
    assert (left(owner, card), payment_of(owner, card).withdrawn.minor) == (0, PAID_IN)


def test_it_goes_to_ones_own_payments_only(gateway: Gateway, owner: UUID, card: UUID) -> None:
    other = register(new_phone(), NAME)
    people.declare_identity(other, IdentityClaim("national_id", "CN", document_number(), NAME))
    fund(other, 50_000)
    assert wallet.withdrawal_destinations(other) == [] and wallet.withdrawal_destination(other, card) is None
    refused = withdraw(other, card)
    assert (refused.code, available(other)) == ("account_not_bound", 50_000)
    assert withdraw(owner, card, rail="bank").code == "withdrawal_way_not_for_account"


def test_it_is_taken_back_while_it_waits_and_may_go_again(gateway: Gateway, owner: UUID, card: UUID) -> None:
    outcome = withdraw(owner, card, PAID_IN)
    assert left(owner, card) == 0
    assert wallet.cancel_withdrawal(owner, outcome.reference).state == "cancelled"
    assert (available(owner), left(owner, card)) == (PAID_IN, PAID_IN)
    turn(RAIL)
    assert refunds(gateway) == []
    assert withdraw(owner, card, PAID_IN).outcome == "approved"


def test_a_freeze_takes_it_back_before_it_leaves(gateway: Gateway, owner: UUID, card: UUID) -> None:
    outcome = withdraw(owner, card)
    people.freeze(owner, SYSTEM, "by_risk")
    settle_topics()
    turn(RAIL)
    assert (look(owner, outcome).view.state, left(owner, card), refunds(gateway)) == (
        "cancelled",
        PAID_IN,
        [],
    )
    assert withdraw(owner, card).outcome == "refused"


@pytest.mark.parametrize("times", ["1", "3"])
def test_what_was_carried_out_and_not_answered_is_paid_once(
    gateway: Gateway, owner: UUID, card: UUID, times: str
) -> None:
    gateway.arrange(timeout=times)
    outcome = withdraw(owner, card)
    turn(RAIL)
    for after_s in (60, 200, 600):
        turn(RAIL, after_s)
    assert (look(owner, outcome).view.state, len(refunds(gateway))) == ("succeeded", 1)
    closed(gateway)


def test_whoever_dies_while_asking_is_followed_by_a_question(
    gateway: Gateway, owner: UUID, card: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = withdraw(owner, card)
    with monkeypatch.context() as patched:

        def die(*_: object) -> None:
            raise SystemExit

        patched.setattr("guitai.rails.adapters.card._payout_answer", die)
        with pytest.raises(SystemExit):
            run_errands(RAIL, WORKS)
    assert PayoutRow.objects.get(order_reference=outcome.reference).state == "filed"
    turn(RAIL, 60)
    assert (look(owner, outcome).view.state, len(refunds(gateway))) == ("succeeded", 1)


@pytest.mark.parametrize(
    ("arranged", "ours"),
    [
        ({"refund_status": "failed"}, "payee_card_closed"),
        ({"refund_status": "failed", "refund_failure": "lost_or_stolen_card"}, "payee_card_closed"),
        ({"refund_status": "failed", "refund_failure": "declined"}, "payee_card_declined"),
        ({"refund_status": "failed", "refund_failure": "unknown"}, "payout_not_possible"),
        ({"refund_refuse": "charge_already_refunded"}, "payout_payment_used_up"),
        ({"refund_refuse": "charge_disputed"}, "payout_payment_disputed"),
    ],
)
def test_what_is_refused_is_back_with_its_reason(
    gateway: Gateway, owner: UUID, card: UUID, arranged: dict[str, str], ours: str
) -> None:
    policies.publish("fees", {"withdrawal": {"CNY": {"fixed_minor": 100}}}, SYSTEM)
    gateway.arrange(**arranged)
    outcome = withdraw(owner, card)
    turn(RAIL)
    found = look(owner, outcome)
    assert (found.view.state, found.view.code, available(owner)) == ("failed", ours, PAID_IN)
    assert found.diagnosis.rule == ours and found.diagnosis.next_step
    assert left(owner, card) == PAID_IN
    closed(gateway)


def test_a_balance_there_that_is_too_low_is_no_refusal(gateway: Gateway, owner: UUID, card: UUID) -> None:
    gateway.arrange(refund_refuse="balance_insufficient")
    outcome = withdraw(owner, card)
    turn(RAIL)
    assert look(owner, outcome).view.state == "processing"
    for after_s in (60, 200, 600, 1_200):
        turn(RAIL, after_s)
    assert (look(owner, outcome).view.state, len(refunds(gateway))) == ("succeeded", 1)


@pytest.mark.parametrize("word", ["", "twice", "lost", "bad_signature"])
def test_what_is_pending_ends_when_the_acquirer_knows(
    gateway: Gateway, owner: UUID, card: UUID, word: str
) -> None:
    gateway.arrange(refund_status="pending", refund_notice=word)
    outcome = withdraw(owner, card)
    turn(RAIL)
    assert look(owner, outcome).withdrawal.stage == "accepted"
    [refund] = refunds(gateway)
    gateway.sandbox.post(f"/card/refunds/{refund['id']}/settlement", {}).raise_for_status()
    if word in ("", "twice"):
        assert ("noted", "payout_told") in told(gateway, b"refund.updated")
        turn(RAIL, 1)
    else:
        turn(RAIL, 60)
    assert look(owner, outcome).view.state == "succeeded"
    closed(gateway)


@pytest.mark.parametrize("first", ["pending", ""])
@pytest.mark.parametrize("heard", ["event", "list"])
def test_what_fails_days_later_is_the_customers_again(
    gateway: Gateway, owner: UUID, card: UUID, first: str, heard: str
) -> None:
    policies.publish("fees", {"withdrawal": {"CNY": {"fixed_minor": 100}}}, SYSTEM)
    gateway.arrange(refund_status=first)
    outcome = withdraw(owner, card)
    turn(RAIL)
    assert look(owner, outcome).view.state == ("processing" if first else "succeeded")
    [refund] = refunds(gateway)
    gateway.sandbox.post(f"/card/refunds/{refund['id']}/failure", {"reason": "lost_or_stolen_card"})
    if heard == "event":
        assert ("noted", "payout_told") in told(gateway, b"refund.failed")
        turn(RAIL, 1)
        found = look(owner, outcome)
        assert (found.view.state, found.view.code) == ("returned", "payee_card_closed")
        assert found.diagnosis.next_step
    closed(gateway)
    assert "wallet.withdrawal_off_card" in messages(owner)
    assert (look(owner, outcome).view.state, available(owner), left(owner, card)) == (
        "returned",
        PAID_IN,
        PAID_IN,
    )
    turn(RAIL, 3_600)
    assert len(refunds(gateway)) == 1, "what came back is not sent again by itself"


def test_a_failure_that_is_told_twice_gives_back_once(gateway: Gateway, owner: UUID, card: UUID) -> None:
    gateway.arrange(refund_notice="twice")
    outcome = withdraw(owner, card)
    turn(RAIL)
    [refund] = refunds(gateway)
    gateway.sandbox.post(f"/card/refunds/{refund['id']}/failure", {})
    for kind in (b"refund.failed", b"refund.updated", b"refund.failed"):
        told(gateway, kind)
        turn(RAIL, 1)
    assert (look(owner, outcome).view.state, available(owner)) == ("returned", PAID_IN)
    closed(gateway)


def test_a_dispute_after_a_withdrawal_is_of_what_is_left(gateway: Gateway, owner: UUID, card: UUID) -> None:
    withdraw(owner, card, 12_000)
    turn(RAIL)
    [refund] = refunds(gateway)
    gateway.sandbox.post(f"/card/payments/{refund['payment_intent']}/dispute", {}).raise_for_status()
    assert told(gateway, b"charge.dispute.created") == [("noted", "payment_disputed")]
    assert available(owner) == 0, "what is left of it is held"
    assert (left(owner, card), wallet.withdrawal_destinations(owner)) == (0, [])
    fund(owner, 10_000)
    assert withdraw(owner, card, 1_000).code == "card_payment_disputed"
    dispute = next(each for each in gateway.heard.heard if b"charge.dispute.created" in each[1])
    number = dispute[1].decode().partition('"id":"dp_')[2] or dispute[1].decode().partition('"id": "dp_')[2]
    gateway.sandbox.post(f"/card/disputes/dp_{number[:24]}/decision", {"status": "lost"}).raise_for_status()
    assert told(gateway, b"charge.dispute.closed") == [("noted", "payment_disputed")]
    assert available(owner) == 10_000
    assert wallet.verify() == []


def test_a_payment_takes_money_back_for_so_many_days(gateway: Gateway, owner: UUID, card: UUID) -> None:
    policies.publish("withdrawals", {"new_account_hours": 0, "back_to_card_days": 30}, SYSTEM)
    with stopped(now() + timedelta(days=29)):
        assert [one.id for one in wallet.withdrawal_destinations(owner)] == [card]
    with stopped(now() + timedelta(days=31)):
        assert wallet.withdrawal_destinations(owner) == []
        assert withdraw(owner, card).code == "card_payment_too_old"


def test_another_currency_does_not_go_back_to_it(gateway: Gateway, owner: UUID, card: UUID) -> None:
    operator = {"brand": {"en": "G"}, "legal_name": {"en": "G"}, "licence": "", "regions": []}
    policies.publish("operator", {**operator, "currencies": ["CNY", "USD"]}, SYSTEM)
    fund(owner, 10_000, "USD")
    outcome = wallet.start_withdrawal(
        owner, account=card, amount=Money(1_000, "USD"), pin=PIN, key=str(new_id())
    )
    assert outcome.code == "account_of_another_currency"


def test_without_the_way_nothing_is_offered(gateway: Gateway, owner: UUID, card: UUID) -> None:
    rails.publish_settings(RAIL, {}, SYSTEM, terms=RailTerms(payouts=False))
    assert wallet.withdrawal_ways(owner, account=card) == ()
    assert withdraw(owner, card).code == "payout_currency_not_taken"


def test_what_a_refund_sends_back_is_not_there_for_a_withdrawal(
    gateway: Gateway, owner: UUID, card: UUID
) -> None:
    order = Order.objects.get(rail=RAIL)
    rails.start_refund(
        order.order_reference, "9KMR3AXWH4", Money(15_000, "CNY"), bank_reference=str(order.bank_reference), rail=RAIL
    )  # fmt: skip
    assert left(owner, card) == 5_000
    assert withdraw(owner, card, 5_001).code == "withdrawal_over_card_payment"
    assert withdraw(owner, card, 5_000).outcome == "approved"


def test_a_card_nobody_names_is_told_by_its_payment(gateway: Gateway, owner: UUID, card: UUID) -> None:
    outcome = withdraw(owner, card)
    found: Destination | None = wallet.withdrawal_destination(owner, card)
    assert found is not None and found.payment is not None
    assert look(owner, outcome).view.counterparty == f"Bank card {found.masked}"
