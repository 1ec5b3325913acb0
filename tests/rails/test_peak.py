"""A peak of payments out while the gateway dies and comes back: over real HTTP, each is paid exactly once."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.money import Money
from guitai.base.reference import new_reference
from guitai.kit import policies
from guitai.rails import api
from guitai.rails.flows.errands import run_errands
from guitai.rails.models import PayoutRow
from guitai.rails.rail_reads import WORKS
from guitai.rails.types import Payout, RailHealth
from tests.rails.conftest import topics
from tests.sandbox.process import Sandbox, sandbox
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
RAIL, PEAK = "alipay", 40
# As impatient as a test: five failures open it, and it is tried again after a second.
IMPATIENT = {"pause_s": 1, "pause_max_s": 2, "probe_s": 10}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(autouse=True)
def set_up(gateway: Sandbox) -> Iterator[None]:
    policies.publish("breaker", IMPATIENT, SYSTEM)
    contract = json.loads((gateway.home / "keys" / "sandbox" / "alipay.json").read_text())
    terms = type(api.rail_terms(RAIL))(calls_a_minute=60_000)
    api.publish_settings(RAIL, contract, SYSTEM, terms=terms)
    yield
    policies.forget()


def ask(count: int, priority: int = 0) -> list[str]:
    references = [new_reference("operation") for _ in range(count)]
    with transaction.atomic():
        for reference in references:
            payout = Payout(reference, Money(1_000, "CNY"), "林月", "lin@example.com")
            api.start_payout(payout, rail=RAIL, priority=priority)
    return references


def turns(workers: int = 2) -> None:
    at_once([lambda: run_errands(RAIL, WORKS)] * workers)


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in PayoutRow.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def paid(gateway: Sandbox) -> list[str]:
    transfers: list[dict[str, Any]] = gateway.get("/alipay/").json()["transfers"]
    return [transfer["reference"] for transfer in transfers]


def health() -> RailHealth:
    return api.health_of(RAIL)


def test_a_peak_survives_a_gateway_that_dies_and_comes_back(gateway: Sandbox) -> None:
    ask(PEAK)
    urgent = ask(1, priority=9)
    gateway.stop(9)
    turns()
    broken = health()
    assert broken.state == "down" and broken.queue_length >= PEAK - 6
    assert broken.oldest_waiting is not None and broken.expected_delay > timedelta()
    assert states().get("sent", 0) + states().get("filed", 0) <= 7, "most were never asked for"
    turns()
    assert states().get("queued", 0) >= PEAK - 8, "while it is down nothing leaves the queue"
    gateway.start()
    time.sleep(2.5)
    turns()
    assert health().state != "down" and states().get("queued", 0) == 0
    for minutes in (2, 5, 9, 20, 60):
        with stopped(now() + timedelta(minutes=minutes)):
            turns(1)
    assert states() == {"settled": PEAK + 1}
    there = paid(gateway)
    assert len(there) == len(set(there)) == PEAK + 1 and urgent[0] in there
    settled = [payload for name, payload in topics() if name == "rails.payout_settled"]
    assert len(settled) == len({payload["order_reference"] for payload in settled}) == PEAK + 1


def test_a_time_out_after_success_is_found_and_not_paid_again(gateway: Sandbox) -> None:
    before = len(paid(gateway))
    gateway.post("/alipay/arrangements", {"transfer": "timeout"})
    (reference,) = ask(1)
    turns(1)
    record = api.payout_record(reference)
    assert record is not None and record.state == "sent"
    with stopped(now() + timedelta(minutes=2)):
        turns(1)
    record = api.payout_record(reference)
    assert record is not None and record.state == "settled"
    assert len(paid(gateway)) == before + 1


def test_a_payee_of_another_name_is_told_with_our_code(gateway: Sandbox) -> None:
    gateway.post("/alipay/arrangements", {"transfer": "PAYEE_USER_INFO_ERROR"})
    (reference,) = ask(1)
    turns(1)
    record = api.payout_record(reference)
    assert record is not None and (record.state, record.code) == ("rejected", "payee_name_mismatch")
