"""Withdrawals by a rail that is asked online, the sandbox's gateway behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.people import api as people
from guitai.people.types import IdentityClaim
from guitai.rails import api as rails
from guitai.rails.flows.errands import run_errands
from guitai.rails.rail_reads import WORKS
from guitai.wallet import api as wallet
from guitai.wallet.types import CloseView, OperationDetail
from tests.rails.gateways import WAYS, Gateway
from tests.sandbox.listener import listening
from tests.sandbox.process import sandbox
from tests.wallet.conftest import PIN, new_phone, register, settle_topics
from tests.wallet.withdrawing import document_number

NAME = "林月"
PAID_IN, OUT = 20_000, 5_000


@contextmanager
def gateway_of(rail: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A gateway that is set up; an account is good at once, and a receipt of ours credited without a person."""
    usual = rails.acknowledgement(rail).body
    with sandbox(home) as process, listening([], usual=usual) as listener:
        policies.publish("bindings", {"wait_hours": 0}, SYSTEM)
        policies.publish("reconciliation", {"automatic_up_to": {"CNY": 100_000}}, SYSTEM)
        yield Gateway(WAYS[rail], process, listener).sign(monkeypatch)


def somebody() -> UUID:
    """Who has said who they are."""
    owner = register(new_phone(), NAME)
    people.declare_identity(owner, IdentityClaim("national_id", "CN", document_number(), NAME))
    return owner


def payer(gateway: Gateway) -> UUID:
    """Somebody who has paid in by a gateway, so that there is something to pay out from."""
    owner = somebody()
    gateway.pay(gateway.begin(owner))
    assert gateway.tell() == [("settled", None)]
    return owner


def withdraw(owner: UUID, account: UUID, minor: int = OUT, **given: str) -> wallet.Outcome:
    wish = {"pin": PIN, "key": str(new_id()), **given}
    outcome = wallet.start_withdrawal(owner, account=account, amount=Money(minor, "CNY"), **wish)
    settle_topics()
    return outcome


def turn(rail: str, seconds: int = 0) -> None:
    """So much later, whatever is due with a rail is asked for or about."""
    with stopped(now() + timedelta(seconds=seconds)):
        run_errands(rail, WORKS)
        settle_topics()


def look(owner: UUID, outcome: wallet.Outcome) -> OperationDetail:
    return wallet.operation(owner, outcome.reference)


def closed(gateway: Gateway) -> CloseView:
    """The gateway's day, closed once its bill has come: it agrees to the last unit."""
    _, day = gateway.bill()
    with stopped(now() + timedelta(days=2)):
        [found] = [each for each in wallet.close_of_day(day) if each.rail == gateway.rail]
    assert (found.has_statement, found.unexplained.minor, found.agrees) == (True, 0, True), found.items
    assert wallet.verify() == []
    return found
