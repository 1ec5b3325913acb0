"""The gateways of the running sandbox, as a wallet that signed a contract with each meets them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.money import Money
from guitai.kit import topics
from guitai.rails import api as rails
from guitai.rails.flows.fetch_statements import fetch_statements
from guitai.rails.models import InboxMessage, StatementDay
from guitai.rails.types import Instructions
from guitai.wallet import api as wallet
from tests.sandbox.listener import Listener
from tests.sandbox.process import Sandbox, until

GOOD_CARDS = {"unionpay": "6216261000000000018", "card": "4242424242424242"}


@dataclass(frozen=True, slots=True)
class Ways:
    """How a gateway differs from the others: who pays by what, and which word loses a line of its bill."""

    rail: str
    pays: Mapping[str, Any]
    missing_line: tuple[str, str]
    # Whether it tells of older states too; UnionPay tells of nothing but payments.
    reorders: bool = True
    # Whether its bill says what the account holds.
    balances: bool = True
    # The kind of message that tells of a payment, where it says more than one thing about each.
    tells: bytes = b""


WAYS = {
    "alipay": Ways("alipay", {}, ("bill", "missing_line_fits")),
    "wechat": Ways("wechat", {}, ("bill", "missing_line_fits")),
    "unionpay": Ways(
        "unionpay", {"card": GOOD_CARDS["unionpay"]}, ("file", "missing_line"), reorders=False, balances=False
    ),
    "card": Ways(
        "card",
        {"card": GOOD_CARDS["card"]},
        ("statement", "missing_line"),
        tells=b"checkout.session.completed",
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

    def sign(self) -> None:
        """Put the contract that the sandbox handed over in force."""
        told = json.loads((self.sandbox.home / "keys" / "sandbox" / f"{self.rail}.json").read_text())
        rails.publish_settings(self.rail, told, SYSTEM)
        if self.rail == "card":
            # The acquirer sends to the address in its own settings, not to one in an order.
            self.arrange(webhook_url=self.heard.url)
        self._taken = len(self.heard.heard)

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

    def bill(self, **arranged: str) -> UUID:
        """The bill of the day, fetched by itself when the day is over, read and matched; gives its file."""
        if arranged:
            self.arrange(**arranged)
        # Days end by the operator's clock, and at one gateway by UTC.
        with stopped(now() + timedelta(days=1, hours=9)):
            fetch_statements()
        day = StatementDay.objects.filter(rail=self.rail, fetched_at__isnull=False).order_by("day").first()
        assert day is not None, list(StatementDay.objects.values("rail", "day", "problem"))
        file_id = UUID(str(day.file_id))
        record = rails.import_statement(file_id)
        assert record.state == "imported", (record.code, record.facts)
        relay()
        wallet.match_statement(file_id)
        relay()
        return file_id


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


Begin = Callable[..., tuple[str, Instructions]]
AMOUNT = Money(20_000, "CNY")
