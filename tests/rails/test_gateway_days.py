"""A gateway's day: its bill comes, is read and matched, and the daily close agrees to the last minor unit."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.kit import policies
from guitai.ledger import api as ledger
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet.types import CloseView
from tests.rails.gateways import WAYS, Gateway
from tests.sandbox.listener import listening
from tests.sandbox.process import sandbox
from tests.wallet.conftest import available, new_phone, register

pytestmark = pytest.mark.django_db


@pytest.fixture(params=list(WAYS))
def gateway(
    request: pytest.FixtureRequest, tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Gateway]:
    """With books of its own, so that its bill tells of this test only."""
    usual = rails.acknowledgement(request.param).body
    with sandbox(tmp_path) as process, listening([], usual=usual) as listener:
        # What gateways keep of each payment is written without asking anybody, up to an amount.
        policies.publish("reconciliation", {"automatic_up_to": {"CNY": 100_000}}, SYSTEM)
        yield Gateway(WAYS[request.param], process, listener).sign(monkeypatch)


@pytest.fixture
def owner(db: None) -> UUID:
    return register(new_phone())


def closed(gateway: Gateway, day: date) -> CloseView:
    with stopped(now() + timedelta(days=2)):
        [found] = [each for each in wallet.close_of_day(day) if each.rail == gateway.rail]
    assert sum(part.amount.minor for part in found.items) == found.difference.minor
    return found


def test_a_day_ends_in_agreement_whatever_its_bill_left_out_at_first(gateway: Gateway, owner: UUID) -> None:
    gateway.pay(gateway.begin(owner))
    assert gateway.tell() == [("settled", None)]
    gateway.pay(gateway.begin(owner), lost=True)
    lost = gateway.reference
    name, how = gateway.ways.missing_line
    file_id, day = gateway.bill(**{name: how})
    record = rails.statement_file(file_id)
    if gateway.ways.proves_itself:
        assert (record.state, record.code) == ("refused", "statement_unbalanced")
    else:
        assert record.state == "imported"
    assert available(owner) >= 20_000, "what was credited stays so"
    file_id, day = gateway.bill(**{name: ""})
    assert rails.statement_file(file_id).state == "imported"
    operation = wallet.operation(owner, lost)
    assert (operation.view.state, available(owner)) == ("succeeded", 40_000), "a lost notice is made good"
    assert [match.rule for match in wallet.matches_of(operation.view.id)] == ["reference"]
    found = closed(gateway, day)
    assert (found.has_statement, found.unexplained.minor, found.agrees) == (True, 0, True), found.items
    # What the gateway keeps is in the books too: what is there is what its bill says, less what it began with.
    assert {part.kind for part in found.items} <= {"opening"}
    assert ledger.verify() + wallet.verify() == []
