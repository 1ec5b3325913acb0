"""The simulated bank without its process: its storage, its two folders, and a clock that a test moves."""

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from guitai.base.clock import stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.rails.rules.pain001 import pain001
from guitai.rails.statements import Entry, read_all
from guitai.rails.statements.pain002 import read_payout_status
from guitai.rails.statements.shape import Statement
from guitai.rails.types import PayeeBank, Payout, PayoutBatch, PayoutDebtor, PayoutStatus
from guitai.sandbox.bank import books, clerk, night, outcomes, payments
from guitai.sandbox.courier import Courier
from guitai.sandbox.keys import own_key
from guitai.sandbox.settings import Settings
from guitai.sandbox.store import Store
from guitai.sandbox.world import World

# A Monday at noon in Shanghai.
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@dataclass
class Bank:
    """One bank with a home of its own."""

    home: Path
    moment: datetime = NOON
    world: World = field(init=False)

    def __post_init__(self) -> None:
        for name in ("in", "out"):
            (self.home / name).mkdir(exist_ok=True)
        settings = Settings(
            self.home, "127.0.0.1", 1, "http://wallet.example",
            payouts_folder=self.home / "in", statements_folder=self.home / "out",
        )  # fmt: skip
        store, key = Store(settings.database), own_key(settings.keys, "bank")
        with stopped(self.moment):
            self.world = World(settings, store, key, Courier(store, key))
            clerk.routes(self.world)

    def turn(self, **later: int) -> None:
        """Time goes on, and the bank looks at everything."""
        self.moment += timedelta(**later)
        with stopped(self.moment):
            night.turn(self.world)

    def close(self) -> None:
        with stopped(self.moment):
            night.close(self.world)
            night.turn(self.world)

    def give(self, content: bytes, name: str = "file.xml") -> None:
        """The wallet leaves a file, and the bank does what follows."""
        (self.home / "in" / name).write_bytes(content)
        self.turn()
        self.turn(seconds=2)

    def fault(self, kind: str, **fields: Any) -> None:
        with stopped(self.moment):
            outcomes.arrange(self.world, {"kind": kind, **fields})

    def receive(self, minor: int, reference: str = "", *, lost: bool = False) -> None:
        """Somebody pays in."""
        payment = payments.Payment(Money(minor, "CNY"), reference, lost=lost)
        with stopped(self.moment):
            payments.pay(self.world, payment, order_reference=None, notify_url="http://wallet.example/x")
            night.turn(self.world)

    def files(self, kind: str) -> list[bytes]:
        """What lies in the wallet's folder, in the order of its names."""
        return [path.read_bytes() for path in sorted((self.home / "out").glob(f"*{kind}*"))]

    def statuses(self) -> list[PayoutStatus]:
        return [one for file in self.files("pain002") for one in read_payout_status(io.BytesIO(file))]

    def told(self, end_to_end: str) -> list[tuple[str, str | None]]:
        """What was said of one payment: (status, reason)."""
        return [(one.status, one.reason) for one in self.statuses() if one.end_to_end_id == end_to_end]

    def statements(self, kind: str = "camt053") -> list[Statement]:
        return [statement for file in self.files(kind) for statement in read_all(io.BytesIO(file))]

    def lines(self, kind: str = "camt053") -> list[Entry]:
        return [line for statement in self.statements(kind) for line in statement.entries]

    @property
    def balance(self) -> int:
        return books.balance(self.world, books.CLIENT_ACCOUNT, "CNY")


def payout(name: str, account: str = "6222000011112222", minor: int = 10_000, **more: Any) -> Payout:
    return Payout(name, Money(minor, "CNY"), "林月", account, remittance="withdrawal", **more)


def order(*payouts: Payout, version: Literal["03", "09"] = "09", message: str = "", **more: Any) -> bytes:
    """A pain.001 as the wallet writes it."""
    debtor = PayoutDebtor("Guitai", books.CLIENT_ACCOUNT, PayeeBank(bic=books.BIC))
    return pain001(PayoutBatch(**{
        "message_id": message or f"G{new_id().hex[:30].upper()}", "made_at": NOON, "execution_on": TODAY,
        "currency": "CNY", "debtor": debtor, "payouts": payouts, "version": version, **more,
    }))  # fmt: skip
