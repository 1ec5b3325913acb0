"""Each gateway from order to daily close: its running sandbox, its bytes on the wire, the wallet's books.

A gateway joins by one row of `gateways.WAYS`.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.kit import policies
from guitai.kit.environment import environment
from guitai.ledger import api as ledger
from guitai.rails import api as rails
from guitai.rails.adapters.reading import BEIJING
from guitai.rails.flows.errands import run_errands
from guitai.rails.flows.query_orders import run_queries
from guitai.rails.jobs import WORKS
from guitai.rails.models import Order, Refund
from guitai.rails.types import Instructions
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.rules import chart
from guitai.wallet.till.submit import submit
from guitai.wallet.types import CloseView, ParkedView
from tests.rails.gateways import AMOUNT, WAYS, Gateway, judge_answers, relay
from tests.sandbox.listener import Listener, listening
from tests.sandbox.process import Sandbox, sandbox
from tests.wallet.conftest import available, new_phone, register

pytestmark = pytest.mark.django_db
# What else may become of messages about a payment that is credited once.
_ONCE = {("settled", None), ("noted", "nothing_paid"), ("duplicate", "duplicate")}
MAKER, CHECKER = Actor("staff", str(new_id())), Actor("staff", str(new_id()))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("home")) as process:
        yield process


@pytest.fixture(scope="module", params=list(WAYS))
def heard(request: pytest.FixtureRequest) -> Iterator[tuple[str, Listener]]:
    """Where a gateway's notices come to, answered as it wants to hear it."""
    with listening([], usual=rails.acknowledgement(request.param).body) as found:
        yield request.param, found


@pytest.fixture
def gateway(
    running: Sandbox, heard: tuple[str, Listener], db: None, monkeypatch: pytest.MonkeyPatch
) -> Gateway:
    rail, listener = heard
    own = replace(environment(), public_url=listener.url.removesuffix("/rails/notices/"))
    for module in ("flows.start_top_up", "adapters.bank"):
        monkeypatch.setattr(f"guitai.rails.{module}.environment", lambda: own)
    found = Gateway(WAYS[rail], running, listener)
    found.sign()
    policies.publish("reconciliation", {"automatic_up_to": {"CNY": 100_000}}, SYSTEM)
    return found


@pytest.fixture
def owner(db: None) -> UUID:
    return register(new_phone())


@pytest.fixture
def begin(gateway: Gateway, owner: UUID) -> Callable[[], Instructions]:
    """A top-up that the customer has confirmed; gives what the gateway answered."""

    def start() -> Instructions:
        outcome = submit(intents.start_top_up(owner, AMOUNT, str(new_id()), gateway.rail))
        assert outcome.outcome == "approved", outcome
        relay()
        return rails.start_top_up(
            outcome.reference, AMOUNT, rail=gateway.rail, subject="充值 Top-up", payer_ip="127.0.0.1"
        )

    return start


def reference_of(rail: str) -> str:
    return Order.objects.filter(rail=rail).latest("created_at").order_reference


def state(owner: UUID, rail: str) -> str:
    return wallet.operation(owner, reference_of(rail)).view.state


def house(code: int) -> int:
    found = ledger.accounts([chart.house_account(code, "CNY").id])
    return abs(found[0].debits_posted - found[0].credits_posted) if found else 0


def parked(rail: str) -> ParkedView:
    return wallet.parked_of(operation_of(reference_of(rail)))[0]


def operation_of(reference: str) -> UUID:
    found = wallet.find_operation(reference)
    assert found is not None
    return found[0]


def test_a_payment_reaches_the_wallet_once_however_often_it_is_told(
    gateway: Gateway, owner: UUID, begin: Callable[[], Instructions]
) -> None:
    gateway.pay(begin(), copies=3)
    assert gateway.tell(3) == [("settled", None)] + [("duplicate", "duplicate")] * 2
    assert (state(owner, gateway.rail), available(owner)) == ("succeeded", 20_000)
    assert house(chart.RAILS[gateway.rail]) == 20_000
    # The rail is asked all the same, and tells of the same payment.
    rails.query(reference_of(gateway.rail), rail=gateway.rail)
    with stopped(now() + timedelta(minutes=2)):
        run_queries(gateway.rail)
    assert {outcome for outcome, _ in judge_answers(gateway.rail)} <= {"duplicate"}
    assert available(owner) == 20_000


def test_a_lost_notice_is_found_by_asking(
    gateway: Gateway, owner: UUID, begin: Callable[[], Instructions]
) -> None:
    gateway.pay(begin(), lost=True)
    assert (state(owner, gateway.rail), available(owner)) == ("awaiting_payment", 0)
    with stopped(now() + timedelta(seconds=40)):
        assert run_queries(gateway.rail) == 1
        assert judge_answers(gateway.rail) == [("settled", None)]
    assert (state(owner, gateway.rail), available(owner)) == ("succeeded", 20_000)


def test_an_older_word_that_comes_later_changes_nothing(
    gateway: Gateway, owner: UUID, begin: Callable[[], Instructions]
) -> None:
    if not gateway.ways.reorders:
        pytest.skip("it tells of nothing but payments")
    gateway.pay(begin(), reordered=True)
    said = gateway.bring(gateway.everything(2))
    assert said.count(("settled", None)) == 1 and set(said) <= _ONCE
    assert (state(owner, gateway.rail), available(owner)) == ("succeeded", 20_000)


def test_a_message_that_nobody_genuine_signed_moves_nothing(
    gateway: Gateway, owner: UUID, begin: Callable[[], Instructions]
) -> None:
    gateway.pay(begin(), bad_signature=True)
    assert gateway.tell() == [("refused", "bad_signature")]
    assert (state(owner, gateway.rail), available(owner), house(chart.SUSPENSE)) == ("awaiting_payment", 0, 0)


def test_another_amount_is_set_aside_and_sent_back_by_two(
    gateway: Gateway, owner: UUID, begin: Callable[[], Instructions]
) -> None:
    gateway.pay(begin(), told_amount=15_000)
    assert gateway.tell() == [("exception", "wrong_amount")]
    assert (available(owner), house(chart.SUSPENSE)) == (0, 15_000)
    found = parked(gateway.rail)
    purpose = Purpose("review", str(found.operation_id), "a payment that did not fit")
    wallet.propose_parked(found.id, "return", reason="the payer asks for it", actor=MAKER, purpose=purpose)
    assert wallet.approve_parked(found.id, "return", actor=CHECKER, purpose=purpose) == "returning"
    assert house(chart.SUSPENSE) == 15_000, "it leaves the books when the rail has sent it"
    with stopped(now() + timedelta(seconds=1)):
        run_errands(gateway.rail, WORKS)
    relay()
    until_done(gateway.rail)
    assert (wallet.parked_payment(found.id).state, house(chart.SUSPENSE)) == ("returned", 0)
    assert (available(owner), house(chart.RAILS[gateway.rail])) == (0, 0)


def until_done(rail: str) -> None:
    """Some gateways take a refund first and do it later: they are asked."""
    for minutes in (1, 2, 5, 15, 60):
        if Refund.objects.get(rail=rail).state == "done":
            return
        with stopped(now() + timedelta(minutes=minutes)):
            run_errands(rail, WORKS)
        relay()
    raise AssertionError(Refund.objects.get(rail=rail).state)


def closed(rail: str) -> CloseView:
    today = now().astimezone(BEIJING).date()
    with stopped(now() + timedelta(days=2)):
        [found] = [each for each in wallet.close_of_day(today) if each.rail == rail]
    assert sum(part.amount.minor for part in found.items) == found.difference.minor
    return found


def test_the_days_bill_proves_every_movement_and_the_close_agrees(
    gateway: Gateway, owner: UUID, begin: Callable[[], Instructions]
) -> None:
    gateway.pay(begin())
    assert gateway.tell() == [("settled", None)]
    gateway.pay(begin(), lost=True)
    lost = reference_of(gateway.rail)
    file_id = gateway.bill()
    done = wallet.matching(file_id)
    assert done is not None and done.percent == 100
    assert (wallet.operation(owner, lost).view.state, available(owner)) == ("succeeded", 40_000)
    assert [match.rule for match in wallet.matches_of(operation_of(lost))] == ["reference"]
    found = closed(gateway.rail)
    assert (found.has_statement, found.unexplained.minor, found.agrees) == (True, 0, True), found.items
    assert ledger.verify() + wallet.verify() + wallet.verify_reconciliation() == []


def test_a_line_that_a_bill_misses_shows_in_the_close(
    gateway: Gateway, owner: UUID, begin: Callable[[], Instructions]
) -> None:
    gateway.pay(begin())
    gateway.tell()
    name, how = gateway.ways.missing_line
    gateway.bill(**{name: how})
    assert available(owner) == 20_000, "what was credited stays so"
    found = closed(gateway.rail)
    assert found.difference.minor != 0 and found.items, "it is named, part by part"
