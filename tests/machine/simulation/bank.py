"""The bank at the other end: it takes orders, it is paid, and its notices are lost, late, doubled, reordered or wrong.

It signs as the wire format asks for. What it tells is under the simulation's chance; what it was paid it never forgets.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guitai.base import clock
from guitai.base.signatures import sign_request
from guitai.kit.keys import own_key
from guitai.rails import api as rails
from guitai.rails.adapters import RAILS
from guitai.rails.adapters.bank import BankRail, notice_path
from guitai.sandbox.signatures import answer_headers, check_request

ACCOUNT = "6228 4800 1000 2026 018"
FITS = "fits"
# A payment that is genuine and is not as ordered.
_WRONG = ("wrong_amount", "wrong_currency", "wrong_payee", "unknown_reference", "conflicting")
_FORGED = ("unsigned", "tampered", "stale", "garbage", "stranger")


@dataclass(eq=False, slots=True)
class Order:
    reference: str
    amount: int
    currency: str


@dataclass(eq=False, slots=True)
class Payment:
    """Money that somebody has really paid, and what the bank says about it."""

    number: int
    order: Order
    what: str
    body: bytes
    heard: bool = False


@dataclass(eq=False, slots=True)
class Copy:
    """One notice on its way."""

    payment: Payment
    body: bytes
    due: datetime
    forged: str = ""


@dataclass(slots=True)
class Bank:
    home: Path
    key: Ed25519PrivateKey
    stranger: Ed25519PrivateKey
    chance: Random = field(default_factory=Random)
    orders: dict[str, Order] = field(default_factory=dict)
    payments: dict[str, list[Payment]] = field(default_factory=dict)
    count: int = 0
    copies: list[Copy] = field(default_factory=list)
    reachable: bool = True

    @classmethod
    def open(cls, home: Path, chance: Random) -> "Bank":
        """A bank whose key the wallet knows."""
        bank = cls(home, *(Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)) for _ in range(2)))
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
        """Somebody pays; a notice sets out, in one copy or in several, some of them much later."""
        payment = self._payment(order, what)
        self.payments.setdefault(order.reference, []).append(payment)
        for _ in range(self.chance.choice((1, 1, 1, 2, 3))):
            self._set_out(payment, payment.body)
        if what == "conflicting":
            self._set_out(payment, _body(payment.number, order, "conflicting_again"))
        return payment

    def forge(self, order: Order) -> None:
        """Somebody who is not the bank says that it was paid."""
        payment = self._payment(order, FITS)
        self.copies.append(Copy(payment, payment.body, clock.now(), self.chance.choice(_FORGED)))

    def tell(self, copy: Copy) -> None:
        """Bring one notice to the wallet's door."""
        body, headers = self._signed(copy)
        # From now on the wallet may know, whether or not it says so.
        copy.payment.heard = copy.payment.heard or not copy.forged
        rails.receive_notice("bank", headers, body)

    def arrived(self, copy: Copy) -> None:
        """The wallet has said that it has it."""
        self.copies.remove(copy)

    def again(self, copy: Copy) -> None:
        """No answer came: it is said again later."""
        copy.due = clock.now() + timedelta(seconds=self.chance.randint(1, 600))

    def proved(self, reference: str) -> bool:
        """Whether the bank has told the wallet of a payment that fits an order."""
        return any(p.heard and p.what in (FITS, "conflicting") for p in self.payments.get(reference, []))

    def owes(self, reference: str) -> bool:
        """Whether an order must be credited in the end."""
        said = self.payments.get(reference, [])
        return any(p.what == FITS for p in said) and not any(p.what == "conflicting" for p in said)

    def draw(self) -> str:
        """What the next payer does."""
        return FITS if self.chance.random() < 0.75 else self.chance.choice(_WRONG)

    def _payment(self, order: Order, what: str) -> Payment:
        self.count += 1
        return Payment(self.count, order, what, _body(self.count, order, what))

    def _set_out(self, payment: Payment, body: bytes) -> None:
        # Lost once in a while: the bank notices, and says it again an hour or a day later.
        late = self.chance.choice((0, 1, 5, 30, 120, 3_600, 90_000))
        self.copies.append(Copy(payment, body, clock.now() + timedelta(seconds=late)))

    def _signed(self, copy: Copy) -> tuple[bytes, dict[str, str]]:
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
        return body, headers

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if not self.reachable:
            raise httpx.ConnectError("nobody answers")
        moment = int(clock.now().timestamp())
        check_request(
            own_key().public_key(), "wallet", request.method, request.url.raw_path.decode(),
            {name.lower(): value for name, value in request.headers.items()}, request.content, moment,
        )  # fmt: skip
        content = self._order(request)
        status = 200 if "code" not in content else 404
        body = json.dumps(content).encode()
        return httpx.Response(
            status, content=body, headers=answer_headers(self.key, "bank", status, body, moment)
        )

    def _order(self, request: httpx.Request) -> dict[str, Any]:
        if request.method == "POST":
            asked = json.loads(request.content)
            reference, amount = asked["order_reference"], asked["amount"]
            order = self.orders.setdefault(reference, Order(reference, amount["amount"], amount["currency"]))
        else:
            found = self.orders.get(request.url.path.rpartition("/")[2])
            if found is None:
                return {"code": "order_unknown"}
            order = found
        payments = self.payments.get(order.reference, [])
        paid = [{"amount": p.order.amount, "currency": p.order.currency} for p in payments]
        return {
            "order_reference": order.reference,
            "amount": {"amount": order.amount, "currency": order.currency},
            "state": "paid" if paid else "unpaid",
            "payee_name": "Funds",
            "payee_account": ACCOUNT,
            "bank_name": "Bank",
            "payment_reference": order.reference,
            "expires_at": (clock.now() + timedelta(hours=24)).isoformat(),
            "payments": paid,
        }


def _body(number: int, order: Order, what: str) -> bytes:
    amount, currency = order.amount, order.currency
    if what in ("wrong_amount", "conflicting_again"):
        amount += 1
    elif what == "wrong_currency":
        currency = "USD"
    payment = {
        "bank_reference": f"B{number}",
        "payment_reference": "no such order" if what == "unknown_reference" else order.reference,
        "amount": {"amount": amount, "currency": currency},
        "payee_account": "6228 0000" if what == "wrong_payee" else ACCOUNT,
        "payer_name": "payer",
        "payer_account": "6222 1",
        "paid_at": clock.now().isoformat(),
    }
    return json.dumps({"event": "payment.received", "notice_id": f"N{number}", "payment": payment}).encode()
