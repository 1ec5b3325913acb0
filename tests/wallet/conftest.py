"""Customers with money, made through the real verbs."""

from collections.abc import Callable, Iterator
from itertools import count
from uuid import UUID

import pytest

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies, topics
from guitai.kit.transactions import outermost
from guitai.ledger import api as ledger
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import submit

PIN = "271828"
_numbers = count(10_000_000)


@pytest.fixture(autouse=True)
def books_hold(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test that touches the database: the books sum to zero and agree with the operations."""
    policies.forget()
    yield
    if request.node.get_closest_marker("django_db"):
        assert ledger.verify() + wallet.verify() == []


def new_phone() -> str:
    return f"+86138{next(_numbers)}"


def register(phone: str, name: str = "林月") -> UUID:
    with outermost():
        person = people.register_customer(phone, name, "counter-2026-tea", PIN)
    settle_topics()
    return person


def settle_topics() -> None:
    """Let the worker's work happen now."""
    while topics.relay():
        pass


def fund(owner: UUID, minor: int, currency: str = "CNY", rail: str = "bank") -> None:
    """A top-up that was paid."""
    amount = Money(minor, currency)
    started = submit(intents.start_top_up(owner, amount, str(new_id()), rail))
    assert started.outcome == "approved", started
    with outermost():
        wallet.settle_top_up(
            started.reference, amount=amount, bank_reference="B1", inbox_id=str(new_id()), rail=rail
        )
    settle_topics()


def available(owner: UUID, currency: str = "CNY") -> int:
    return next(b.available.minor for b in wallet.balances(owner) if b.currency == currency)


@pytest.fixture
def customer(db: None) -> Callable[..., tuple[UUID, str]]:
    """A registered customer with money: `customer(minor)` gives (id, phone)."""

    def make(minor: int = 0, name: str = "林月") -> tuple[UUID, str]:
        phone = new_phone()
        person = register(phone, name)
        if minor:
            fund(person, minor)
        return person, phone

    return make


def send(
    owner: UUID, phone: str, minor: int, *, pin: str = PIN, key: str | None = None, note: str = ""
) -> wallet.Outcome:
    return wallet.send_transfer(
        owner, phone=phone, amount=Money(minor, "CNY"), note=note, pin=pin, key=key or str(new_id())
    )


def acquaint(one: tuple[UUID, str], other: tuple[UUID, str]) -> None:
    """Two people who have paid each other before; both need money."""
    send(one[0], other[1], 1)
    settle_topics()
    send(other[0], one[1], 1)
    settle_topics()
