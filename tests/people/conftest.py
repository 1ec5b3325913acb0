"""Customers and staff as the tests of people need them, made through the real flows."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client

from guitai.audit import purposes
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.flows import note_sign_in
from guitai.people.policies import SignInPolicy

PASSWORD, PIN = "counter-2026-tea", "271828"
PHONE, OTHER = "+8613800138000", "+8613900139000"


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    """allauth counts in the cache's table, which the test's transaction rolls back; the lock keys too."""
    cache.clear()


@pytest.fixture(autouse=True)
def careless(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most tests sign in from browser after browser; those of new devices ask for `careful`."""
    if "careful" not in request.fixturenames:
        policy = SignInPolicy(ask_on_new_device=False)
        monkeypatch.setattr(note_sign_in, "sign_in_policy", lambda: policy)


@pytest.fixture
def careful() -> None:
    """The operator's default: a new device asks for a second step."""


@pytest.fixture(autouse=True)
def real_purposes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases are care's: here every purpose of the kind `test` is real."""
    monkeypatch.setitem(purposes._checkers, "test", lambda actor, purpose: True)


@pytest.fixture
def customer() -> UUID:
    return people.register_customer(PHONE, "林月", PASSWORD, PIN, language="zh-hans")


@pytest.fixture
def signed_in(customer: UUID) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"phone": "138 0013 8000", "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.fixture
def sent_code() -> Callable[[str], str]:
    """The newest six digits that went to a number."""

    def read(phone: str) -> str:
        notify.deliver_due()
        for item in notify.outbox(phone):
            found = re.search(r"\b(\d{6})\b", item.body)
            if found:
                return found[1]
        raise AssertionError(f"no code went to {phone}")

    return read
