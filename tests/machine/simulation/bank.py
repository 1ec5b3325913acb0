"""The bank at the other end of the wire: it signs as the wire format asks for."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guitai.base import clock
from guitai.base.signatures import sign_request
from guitai.kit.keys import own_key
from guitai.rails.adapters import RAILS
from guitai.rails.adapters.bank import BankRail, notice_path
from guitai.sandbox.signatures import answer_headers, check_request
from tests.machine.simulation.books import Booking
from tests.machine.simulation.sides import TWICE, Copy, Order, Payment, Side, today

ACCOUNT = "6228 4800 1000 2026 018"
# Another account of ours: what is paid there is ours too, and is not what the order asked for.
OTHER_ACCOUNT = "6228 0000"
NO_ORDER = "no such order"


@dataclass(eq=False, slots=True)
class Bank(Side):
    rail: str = "bank"
    # A payment that is genuine and is not as ordered.
    wrong: tuple[str, ...] = ("wrong_amount", "wrong_currency", "wrong_payee", "unknown_reference", TWICE)
    forgeries: tuple[str, ...] = ("unsigned", "tampered", "stale", "garbage", "stranger")
    key: Ed25519PrivateKey = None  # type: ignore[assignment]  # made when it opens
    stranger: Ed25519PrivateKey = None  # type: ignore[assignment]
    reachable: bool = True

    @classmethod
    def open(cls, home: Path, chance: Random) -> "Bank":
        """A bank whose key the wallet knows."""
        keys = [Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)) for _ in range(2)]
        bank = cls(chance=chance, key=keys[0], stranger=keys[1])
        (home / "keys").mkdir(parents=True, exist_ok=True)
        public = bank.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (home / "keys" / "bank.pub").write_bytes(public)
        return bank

    @contextmanager
    def installed(self) -> Iterator[None]:
        """In the place of the network."""
        before = RAILS["bank"]
        RAILS["bank"] = BankRail(httpx.MockTransport(self._answer))
        try:
            yield
        finally:
            RAILS["bank"] = before

    def pay(self, order: Order, what: str) -> Payment:
        payment = Side.pay(self, order, what)
        if what == TWICE:
            # The same notice number again, and another story about the same money.
            self.set_out(payment, _body(payment, OTHER_ACCOUNT))
        return payment

    def payment(self, order: Order, what: str) -> Payment:
        self.count += 1
        amount = order.amount + (what == "wrong_amount")
        currency = "USD" if what == "wrong_currency" else order.currency
        payment = Payment(self.count, order, what, amount, currency, f"B{self.count}", clock.now())
        payment.body = _body(payment, _account(payment))
        return payment

    def booking(self, payment: Payment) -> Booking:
        return Booking(
            _account(payment), payment.currency, payment.amount, today(), payment.reference,
            words=_words(payment), heard=payment.hear_by_line,
        )  # fmt: skip

    def signed(self, copy: Copy) -> tuple[dict[str, str], bytes]:
        body, key, at = copy.body, self.key, clock.now()
        if copy.forged == "stranger":
            key = self.stranger
        elif copy.forged == "stale":
            at -= timedelta(minutes=10)
        elif copy.forged == "garbage":
            body = b'{"event": "payment.received", "payment": 1'
        headers = sign_request(key, "bank", method="POST", path=notice_path("bank"), body=body, at=at)
        if copy.forged == "unsigned":
            headers = {}
        elif copy.forged == "tampered":
            body = body.replace(b"payer", b"Payer")
        return headers, body

    def _answer(self, request: httpx.Request) -> httpx.Response:
        silent = self.hostile and self.chance.random() < 0.1
        if not self.reachable or self.is_down or (silent and self.chance.random() < 0.5):
            raise httpx.ConnectError("nobody answers")
        moment = int(clock.now().timestamp())
        check_request(
            own_key().public_key(), "wallet", request.method, request.url.raw_path.decode(),
            {name.lower(): value for name, value in request.headers.items()}, request.content, moment,
        )  # fmt: skip
        content = self._order(request)
        if silent:
            raise httpx.ReadTimeout("it was done, and nobody was told")
        status = 200 if "code" not in content else 404
        body = json.dumps(content).encode()
        return httpx.Response(
            status, content=body, headers=answer_headers(self.key, "bank", status, body, moment)
        )

    def _order(self, request: httpx.Request) -> dict[str, Any]:
        if request.method == "POST":
            asked, moment = json.loads(request.content), clock.now()
            reference, amount = asked["order_reference"], asked["amount"]
            order = self.orders.setdefault(
                reference,
                Order("bank", reference, amount["amount"], amount["currency"], moment, moment + timedelta(hours=24)),
            )  # fmt: skip
        else:
            found = self.orders.get(request.url.path.rpartition("/")[2])
            if found is None:
                return {"code": "order_unknown"}
            order = found
        payments = [p for p in self.payments.get(order.reference, []) if p.what != "unknown_reference"]
        for payment in payments:
            payment.hear()
        return {
            "order_reference": order.reference,
            "amount": {"amount": order.amount, "currency": order.currency},
            "state": "paid" if payments else "unpaid",
            "payee_name": "Funds",
            "payee_account": ACCOUNT,
            "bank_name": "Bank",
            "payment_reference": order.reference,
            "expires_at": order.expires_at.isoformat(),
            # An answer has the amount and its currency side by side, a notice has them as one.
            "payments": [
                {**_told(p, _account(p)), "amount": p.amount, "currency": p.currency} for p in payments
            ],
        }


def _account(payment: Payment) -> str:
    return OTHER_ACCOUNT if payment.what == "wrong_payee" else ACCOUNT


def _words(payment: Payment) -> str:
    return NO_ORDER if payment.what == "unknown_reference" else payment.order.reference


def _told(payment: Payment, account: str) -> dict[str, Any]:
    return {
        "bank_reference": payment.reference,
        "payment_reference": _words(payment),
        "amount": {"amount": payment.amount, "currency": payment.currency},
        "payee_account": account,
        "payer_name": "payer",
        "payer_account": "6222 1",
        "paid_at": payment.paid_at.isoformat(),
    }


def _body(payment: Payment, account: str) -> bytes:
    told = {
        "event": "payment.received",
        "notice_id": f"N{payment.number}",
        "payment": _told(payment, account),
    }
    return json.dumps(told).encode()
