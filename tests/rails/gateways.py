"""The gateways of the running sandbox, as a wallet that signed a contract with each meets them."""

import io
import json
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import topics
from guitai.kit.environment import environment
from guitai.rails import api as rails
from guitai.rails.adapters import RAILS
from guitai.rails.adapters.reading import BEIJING
from guitai.rails.flows.receive_statement import receive_statement
from guitai.rails.models import InboxMessage, Order
from guitai.rails.types import Instructions
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import submit
from tests.sandbox.listener import Listener
from tests.sandbox.process import Sandbox, until

AMOUNT = Money(20_000, "CNY")
GOOD_CARDS = {"unionpay": "6216261000000000018", "card": "4242424242424242"}


@dataclass(frozen=True, slots=True)
class Ways:
    """How a gateway differs from the others: who pays by what, and which word loses a line of its bill."""

    rail: str
    pays: Mapping[str, Any]
    missing_line: tuple[str, str]
    # Whether it tells of older states too; UnionPay tells of nothing but payments.
    reorders: bool = True
    waits_for_midnight: bool = False
    # Whether its bill carries sums, so that a line which is missing shows when it is read.
    proves_itself: bool = False
    # The kind of message that tells of a payment, where it says more than one thing about each.
    tells: bytes = b""


WAYS = {
    "alipay": Ways("alipay", {}, ("bill", "missing_line"), proves_itself=True),
    "wechat": Ways("wechat", {}, ("bill", "missing_line"), proves_itself=True),
    "unionpay": Ways("unionpay", {"card": GOOD_CARDS["unionpay"]}, ("file", "missing_line"), reorders=False),
    "card": Ways(
        "card",
        {"card": GOOD_CARDS["card"]},
        ("statement", "missing_line"),
        tells=b"checkout.session.completed",
        waits_for_midnight=True,
    ),
}


@dataclass
class Gateway:
    """One gateway with the wallet's contract in force; what it says is heard and brought in by hand."""

    ways: Ways
    sandbox: Sandbox
    heard: Listener
    _taken: int = field(default=0)

    @property
    def rail(self) -> str:
        return self.ways.rail

    def sign(self, monkeypatch: pytest.MonkeyPatch) -> "Gateway":
        """Be reached where the listener is, and put the contract that the sandbox handed over in force."""
        own = replace(environment(), public_url=self.heard.url.removesuffix("/rails/notices/"))
        for module in ("flows.start_top_up", "adapters.bank"):
            monkeypatch.setattr(f"guitai.rails.{module}.environment", lambda: own)
        told = json.loads((self.sandbox.home / "keys" / "sandbox" / f"{self.rail}.json").read_text())
        rails.publish_settings(self.rail, told, SYSTEM)
        if self.rail == "card":
            # The acquirer sends to the address in its own settings, not to one in an order.
            self.arrange(webhook_url=self.heard.url)
        self._taken = len(self.heard.heard)
        return self

    def begin(self, owner: UUID) -> Instructions:
        """A top-up that the customer has confirmed; gives what the gateway answered."""
        outcome = submit(intents.start_top_up(owner, AMOUNT, str(new_id()), self.rail))
        assert outcome.outcome == "approved", outcome
        relay()
        return rails.start_top_up(
            outcome.reference, AMOUNT, rail=self.rail, subject="充值 Top-up", payer_ip="127.0.0.1"
        )

    @property
    def reference(self) -> str:
        """The latest order's."""
        return Order.objects.filter(rail=self.rail).latest("created_at").order_reference

    def arrange(self, **what: str) -> None:
        self.sandbox.post(f"/{self.rail}/arrangements", what).raise_for_status()

    def page_of(self, told: Instructions) -> str:
        """The path of the payer's page, opened as a browser opens it."""
        if told.method == "qr":
            return httpx.URL(told.qr).path
        if told.method == "form":
            origin = {"Origin": "http://localhost:8000"}
            answer = httpx.post(str(told.pay_url), data=dict(told.form), headers=origin, trust_env=False)
            assert answer.status_code == 303, answer.text
            return str(answer.headers["location"])
        return httpx.URL(str(told.pay_url)).path

    def pay(self, told: Instructions, **faults: Any) -> str:
        """The payer pays what was ordered; gives the page."""
        page = self.page_of(told)
        answer = self.sandbox.post(page, {**self.ways.pays, **faults})
        assert answer.is_success, answer.text
        return page

    def notices(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        """The next messages about payments as they came over the wire."""
        return list(until(lambda: self._told()[count - 1 :] and self._told()))

    def everything(self, count: int) -> list[tuple[dict[str, str], bytes]]:
        """The next messages about whatever it may be."""
        return list(
            until(lambda: self.heard.heard[self._taken + count - 1 :] and self.heard.heard[self._taken :])
        )

    def _told(self) -> list[tuple[dict[str, str], bytes]]:
        return [each for each in self.heard.heard[self._taken :] if self.ways.tells in each[1]]

    def bring(self, messages: list[tuple[dict[str, str], bytes]]) -> list[tuple[str, str | None]]:
        """Bring messages to the wallet's door in this order and have each judged; gives what became of them."""
        return [judged(rails.receive_notice(self.rail, headers, body).id) for headers, body in messages]

    def tell(self, count: int = 1) -> list[tuple[str, str | None]]:
        """The next messages about payments, brought as they came."""
        return self.bring(self.notices(count))

    def bill(self, **arranged: str) -> tuple[UUID, date]:
        """A day's bill: downloaded, kept, read and matched; gives its file and its day."""
        if arranged:
            self.arrange(**arranged)
        # One gateway counts days by UTC and gives a bill when the day is over, the others give today's here.
        day = now().astimezone(UTC if self.ways.waits_for_midnight else BEIJING).date()
        moment = now() + timedelta(days=1) * self.ways.waits_for_midnight
        with stopped(moment) if self.ways.waits_for_midnight else nullcontext():
            content = RAILS[self.rail].download_statement(day)
        name = f"{self.rail}-{day}.bill"
        file_id, _ = receive_statement(io.BytesIO(content), name, "download", SYSTEM, self.rail)
        record = rails.import_statement(file_id)
        relay()
        if record.state == "imported":
            wallet.match_statement(file_id)
            relay()
        return file_id, day


def judged(inbox_id: UUID) -> tuple[str, str | None]:
    """Judge a message now, and let the wallet hear of it."""
    rails.settle(inbox_id)
    relay()
    message = InboxMessage.objects.get(id=inbox_id)
    return message.state, message.code


def judge_answers(rail: str) -> list[tuple[str, str | None]]:
    """What the rail's answers to our questions have put into the inbox, judged."""
    waiting = InboxMessage.objects.filter(rail=rail, state="received").order_by("id")
    return [judged(message.id) for message in waiting]


def relay() -> None:
    while topics.relay():
        pass
