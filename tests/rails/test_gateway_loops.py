"""Each gateway from order to credit: its running sandbox, its bytes on the wire, the wallet's books.

A gateway joins by one row of `gateways.WAYS`; its days are in `test_gateway_days.py`.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.kit import policies
from guitai.ledger import api as ledger
from guitai.rails import api as rails
from guitai.rails.flows.errands import run_errands
from guitai.rails.flows.query_orders import run_queries
from guitai.rails.jobs import WORKS
from guitai.rails.models import Refund
from guitai.wallet import api as wallet
from guitai.wallet.rules import chart
from guitai.wallet.types import ParkedView
from tests.rails.gateways import WAYS, Gateway, judge_answers, relay
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
    return Gateway(WAYS[rail], running, listener).sign(monkeypatch)


@pytest.fixture
def owner(db: None) -> UUID:
    return register(new_phone())


def state(owner: UUID, gateway: Gateway) -> str:
    return wallet.operation(owner, gateway.reference).view.state


def house(code: int) -> int:
    found = ledger.accounts([chart.house_account(code, "CNY").id])
    return abs(found[0].debits_posted - found[0].credits_posted) if found else 0


def parked(gateway: Gateway) -> ParkedView:
    found = wallet.find_operation(gateway.reference)
    assert found is not None
    return wallet.parked_of(found[0])[0]


def test_a_payment_reaches_the_wallet_once_however_often_it_is_told(gateway: Gateway, owner: UUID) -> None:
    gateway.pay(gateway.begin(owner), copies=3)
    assert gateway.tell(3) == [("settled", None)] + [("duplicate", "duplicate")] * 2
    assert (state(owner, gateway), available(owner)) == ("succeeded", 20_000)
    assert house(chart.RAILS[gateway.rail]) == 20_000


def test_a_lost_notice_is_found_by_asking_and_comes_too_late(gateway: Gateway, owner: UUID) -> None:
    page = gateway.pay(gateway.begin(owner), lost=True)
    assert (state(owner, gateway), available(owner)) == ("awaiting_payment", 0)
    with stopped(now() + timedelta(seconds=40)):
        assert run_queries(gateway.rail) == 1
        assert judge_answers(gateway.rail) == [("settled", None)]
    assert (state(owner, gateway), available(owner)) == ("succeeded", 20_000)
    for delivery in gateway.sandbox.get(page).json()["deliveries"]:
        gateway.sandbox.post(f"/{gateway.rail}/notices/{delivery['id']}/again").raise_for_status()
    assert gateway.tell() == [("duplicate", "duplicate")], "what was lost is found, and changes nothing"
    assert available(owner) == 20_000


def test_an_older_word_that_comes_later_changes_nothing(gateway: Gateway, owner: UUID) -> None:
    if not gateway.ways.reorders:
        pytest.skip("it tells of nothing but payments")
    gateway.pay(gateway.begin(owner), reordered=True)
    said = gateway.bring(gateway.everything(2))
    assert said.count(("settled", None)) == 1 and set(said) <= _ONCE
    assert (state(owner, gateway), available(owner)) == ("succeeded", 20_000)


def test_a_message_that_nobody_genuine_signed_moves_nothing(gateway: Gateway, owner: UUID) -> None:
    gateway.pay(gateway.begin(owner), bad_signature=True)
    assert gateway.tell() == [("refused", "bad_signature")]
    assert (state(owner, gateway), available(owner)) == ("awaiting_payment", 0)
    assert (house(chart.SUSPENSE), house(chart.RAILS[gateway.rail])) == (0, 0)


def test_another_amount_is_set_aside_and_credited_by_two(gateway: Gateway, owner: UUID) -> None:
    gateway.pay(gateway.begin(owner), told_amount=15_000)
    assert gateway.tell() == [("exception", "wrong_amount")]
    assert (state(owner, gateway), available(owner), house(chart.SUSPENSE)) == ("unknown", 0, 15_000)
    found = parked(gateway)
    purpose = Purpose("review", str(found.operation_id), "a payment that did not fit")
    wallet.propose_parked(found.id, "credit", reason="the name agrees", actor=MAKER, purpose=purpose)
    wallet.approve_parked(found.id, "credit", actor=CHECKER, purpose=purpose)
    assert (available(owner), house(chart.SUSPENSE)) == (15_000, 0)


def test_what_comes_too_late_goes_back_by_the_way_it_came(gateway: Gateway, owner: UUID) -> None:
    policies.publish("late_top_ups", {"then": "return", "after_days": 0}, SYSTEM)
    policies.publish("waiting", {"top_up_minutes": 1}, SYSTEM)
    with stopped(now() - timedelta(minutes=2)):
        told = gateway.begin(owner)
    wallet.close_due()
    gateway.pay(told)
    assert gateway.tell() == [("settled", None)]
    assert (state(owner, gateway), available(owner), house(chart.SUSPENSE)) == ("processing", 0, 20_000)
    assert parked(gateway).state == "returning", "it leaves the books when the rail has sent it"
    _have_it_sent(gateway.rail)
    assert (parked(gateway).state, house(chart.SUSPENSE), house(chart.RAILS[gateway.rail])) == (
        "returned",
        0,
        0,
    )
    assert (state(owner, gateway), available(owner)) == ("returned", 0)


def _have_it_sent(rail: str) -> None:
    """Some gateways take a refund first and do it later: they are asked."""
    for minutes in (0, 1, 2, 5, 15, 60):
        with stopped(now() + timedelta(minutes=minutes)):
            run_errands(rail, WORKS)
            relay()
        if Refund.objects.get(rail=rail).state == "done":
            return
    raise AssertionError(Refund.objects.get(rail=rail).state)
