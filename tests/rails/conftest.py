"""A wallet with keys of its own, and a bank that signs whatever a test wants it to say."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.signatures import sign_request
from guitai.kit.environment import environment
from guitai.kit.models import Topic
from guitai.rails import api
from guitai.rails.adapters import RAILS
from guitai.rails.adapters import bank as bank_adapter
from guitai.rails.models import InboxMessage, Order
from tests.rails import scripted as scripted_rail
from tests.rails.scripted import ScriptedRail

PATH = "/rails/bank/notices/"
AMOUNT = Money(20_000, "CNY")
ACCOUNT = "6228 4800 1000 2026 018"


@dataclass
class Bank:
    """The other side, as far as notices go."""

    key: Ed25519PrivateKey

    def body(self, **changes: Any) -> bytes:
        payment = {
            "bank_reference": "B1",
            "payment_reference": "7KMR3AXWH4",
            "amount": {"amount": 20_000, "currency": "CNY"},
            "payee_account": ACCOUNT,
            "payer_name": "林月",
            "payer_account": "6222 1",
            "paid_at": "2026-11-22T05:00:00+00:00",
        }
        notice_id = changes.pop("notice_id", "N1")
        return json.dumps(
            {"event": "payment.received", "notice_id": notice_id, "payment": {**payment, **changes}}
        ).encode()

    def headers(self, body: bytes, **changes: Any) -> dict[str, str]:
        how = {
            "key": self.key,
            "key_id": "bank",
            "method": "POST",
            "path": PATH,
            "body": body,
            "at": now(),
            **changes,
        }
        return sign_request(how.pop("key"), how.pop("key_id"), **how)

    def tell(self, body: bytes | None = None, **changes: Any) -> InboxMessage:
        """Send a notice and have it judged."""
        body = self.body(**changes) if body is None else body
        receipt = api.receive_notice("bank", self.headers(body), body)
        return judged(receipt.id)


def judged(inbox_id: UUID) -> InboxMessage:
    api.settle(inbox_id)
    return InboxMessage.objects.get(id=inbox_id)


def topics() -> list[tuple[str, dict[str, Any]]]:
    return list(Topic.objects.order_by("id").values_list("name", "payload"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test's own, with the bank at an address where nobody is."""
    own = replace(
        environment(), home=tmp_path, bank_url="http://127.0.0.1:9", public_url="http://localhost:8000"
    )
    monkeypatch.setattr("guitai.kit.keys.environment", lambda: own)
    monkeypatch.setattr("guitai.rails.adapters.bank.environment", lambda: own)
    monkeypatch.setattr(bank_adapter, "_PAUSES_S", ())
    return tmp_path


@pytest.fixture
def bank(home: Path) -> Bank:
    key = Ed25519PrivateKey.generate()
    (home / "keys").mkdir(exist_ok=True)
    (home / "keys" / "bank.pub").write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return Bank(key)


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> ScriptedRail:
    """A rail that says what the test wants."""
    rail = ScriptedRail()
    monkeypatch.setitem(RAILS, scripted_rail.CODE, rail)
    return rail


@pytest.fixture
def order(db: None) -> Callable[..., Order]:
    """An order that the bank has answered."""

    def make(reference: str = "7KMR3AXWH4", amount: Money = AMOUNT, **values: Any) -> Order:
        return Order.objects.create(
            order_reference=reference,
            payment_reference=reference,
            amount_minor=amount.minor,
            currency=amount.currency,
            **{"rail": "bank", "state": "awaiting_payment", "payee_account": ACCOUNT, **values},
        )

    return make
