"""A gateway's books: trades, refunds, transfers, every change of the merchant's balance, the clerk's arrangements."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.sandbox.asgi import Problem
from guitai.sandbox.faults import Faults
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, seconds

BEIJING = timezone(timedelta(hours=8))
OPENING_MINOR = 1_000_000_00
_FEE_PER_10000 = 60
SCHEMA = """
CREATE TABLE IF NOT EXISTS gateway_trade (
    rail TEXT NOT NULL, reference TEXT NOT NULL, token TEXT NOT NULL UNIQUE, number TEXT NOT NULL,
    amount INTEGER NOT NULL, subject TEXT NOT NULL, way TEXT NOT NULL, notify_url TEXT NOT NULL,
    return_url TEXT NOT NULL, state TEXT NOT NULL, expires_at INTEGER NOT NULL, created_at INTEGER NOT NULL,
    paid_at INTEGER, payer TEXT NOT NULL DEFAULT '', PRIMARY KEY (rail, reference)
) STRICT;
CREATE TABLE IF NOT EXISTS gateway_refund (
    rail TEXT NOT NULL, reference TEXT NOT NULL, trade TEXT NOT NULL, number TEXT NOT NULL, amount INTEGER NOT NULL,
    created_at INTEGER NOT NULL, PRIMARY KEY (rail, reference)
) STRICT;
CREATE TABLE IF NOT EXISTS gateway_transfer (
    rail TEXT NOT NULL, reference TEXT NOT NULL, token TEXT NOT NULL UNIQUE, number TEXT NOT NULL,
    amount INTEGER NOT NULL, payee TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL,
    created_at INTEGER NOT NULL, ended_at INTEGER, PRIMARY KEY (rail, reference)
) STRICT;
CREATE TABLE IF NOT EXISTS gateway_movement (
    serial INTEGER PRIMARY KEY, rail TEXT NOT NULL, at INTEGER NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL,
    number TEXT NOT NULL, reference TEXT NOT NULL, other TEXT NOT NULL, amount INTEGER NOT NULL,
    balance INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS gateway_movement_day ON gateway_movement (rail, day);
CREATE TABLE IF NOT EXISTS gateway_arrangement (
    rail TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (rail, name)
) STRICT;
"""
State = Literal["waiting", "paid", "closed"]


@dataclass(frozen=True, slots=True)
class Wish:
    """An order as a merchant places it."""

    reference: str
    amount: int
    subject: str
    way: str
    notify_url: str
    return_url: str
    expires_at: int


class Refused(Exception):
    """A gateway's refusal, by its own code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Book:
    """One gateway's, in the sandbox's storage."""

    def __init__(self, world: World, rail: str, announce: Callable[[Row, Faults], None]) -> None:
        """`announce` writes the notices of a paid trade down."""
        world.store.extend(SCHEMA)
        self.world, self.store, self.rail = world, world.store, rail
        self._announce = announce

    def place(self, wish: Wish) -> Row:
        """A new trade, or the same one again; another amount under the same reference is refused."""
        known = self.trade(wish.reference)
        if known and known["amount"] != wish.amount:
            raise Refused("another_amount")
        if known:
            return known
        with self.store.transaction():
            self.store.insert(
                "gateway_trade",
                {
                    "rail": self.rail,
                    "reference": wish.reference,
                    "token": new_id().hex,
                    "number": _number(),
                    "amount": wish.amount,
                    "subject": wish.subject,
                    "way": wish.way,
                    "notify_url": wish.notify_url,
                    "return_url": wish.return_url,
                    "state": "waiting",
                    "expires_at": wish.expires_at,
                    "created_at": seconds(),
                },
            )
        return self.trade(wish.reference) or {}

    def trade(self, reference: str) -> Row | None:
        """A trade by the merchant's reference; one whose time is over is closed."""
        return self._as_of_now(self._one("gateway_trade", "reference", reference))

    def trade_numbered(self, number: str) -> Row | None:
        return self._as_of_now(self._one("gateway_trade", "number", number))

    def trade_at(self, token: str) -> Row:
        """A trade by the address of its page, or a Problem."""
        found = self._as_of_now(self._one("gateway_trade", "token", token))
        if found is None:
            raise Problem(404, "not_found", "There is no such order.")
        return found

    def latest(self) -> list[Row]:
        rows = self.store.rows(
            "SELECT * FROM gateway_trade WHERE rail = ? ORDER BY rowid DESC LIMIT 100", self.rail
        )
        return [self._as_of_now(row) or row for row in rows]

    def pay(self, trade: Row, payer: str, faults: Faults, *, late: bool = False) -> None:
        """The payer has confirmed: money, books and notices in one transaction."""
        if trade["state"] == "paid":
            raise Problem(409, "already_paid", "This order has been paid.")
        if trade["state"] == "closed" and not late:
            raise Problem(410, "order_over", "The time for paying this order is over.")
        with self.store.transaction():
            moment = seconds()
            self.store.execute(
                "UPDATE gateway_trade SET state = 'paid', paid_at = ?, payer = ? WHERE token = ?",
                moment, payer, trade["token"],
            )  # fmt: skip
            self._move("pay", trade["number"], trade["reference"], payer, trade["amount"])
            fee = (trade["amount"] * _FEE_PER_10000 + 5_000) // 10_000
            if fee:
                self._move("fee", trade["number"], trade["reference"], payer, -fee)
            self._announce({**trade, "state": "paid", "paid_at": moment, "payer": payer}, faults)

    def close(self, trade: Row) -> None:
        with self.store.transaction():
            self.store.execute(
                "UPDATE gateway_trade SET state = 'closed' WHERE token = ? AND state = 'waiting'",
                trade["token"],
            )

    def refund(self, trade: Row, reference: str, amount: int) -> tuple[Row, bool]:
        """A refund and whether it is new; the same reference with another amount is refused."""
        known = self.refund_of(reference)
        if known:
            if (known["amount"], known["trade"]) != (amount, trade["reference"]):
                raise Refused("another_refund")
            return known, False
        if trade["state"] != "paid":
            raise Refused("not_paid")
        if self.refunded(trade) + amount > trade["amount"] or amount <= 0:
            raise Refused("too_much")
        if self.balance() < amount:
            raise Refused("no_funds")
        with self.store.transaction():
            row = {
                "rail": self.rail,
                "reference": reference,
                "trade": trade["reference"],
                "number": _number(),
                "amount": amount,
                "created_at": seconds(),
            }
            self.store.insert("gateway_refund", row)
            self._move("refund", trade["number"], reference, trade["payer"], -amount, own=row["number"])
        return row, True

    def refund_of(self, reference: str) -> Row | None:
        return self._one("gateway_refund", "reference", reference)

    def refunded(self, trade: Row) -> int:
        row = self.store.row(
            "SELECT coalesce(sum(amount), 0) AS total FROM gateway_refund WHERE rail = ? AND trade = ?",
            self.rail, trade["reference"],
        )  # fmt: skip
        return int(row["total"]) if row else 0

    def transfer(self, reference: str, amount: int, payee: str, name: str, *, at_once: bool) -> Row:
        """A transfer to somebody's balance; the same reference again is the same transfer."""
        known = self.transfer_of(reference)
        if known:
            if (known["amount"], known["payee"]) != (amount, payee):
                raise Refused("another_transfer")
            return known
        if self.balance() < amount:
            raise Refused("no_funds")
        row = {
            "rail": self.rail,
            "reference": reference,
            "token": new_id().hex,
            "number": _number(),
            "amount": amount,
            "payee": payee,
            "name": name,
            "state": "waiting",
            "code": "",
            "created_at": seconds(),
        }
        with self.store.transaction():
            self.store.insert("gateway_transfer", row)
            self._move("transfer", row["number"], reference, payee, -amount)
        if at_once:
            self.end_transfer({**row, "ended_at": None}, "")
        return self.transfer_of(reference) or row

    def transfer_of(self, reference: str) -> Row | None:
        return self._one("gateway_transfer", "reference", reference)

    def transfer_at(self, token: str) -> Row:
        """A transfer by the address of its page, or a Problem."""
        found = self._one("gateway_transfer", "token", token)
        if found is None:
            raise Problem(404, "not_found", "There is no such transfer.")
        return found

    def transfers(self) -> list[Row]:
        return self.store.rows(
            "SELECT * FROM gateway_transfer WHERE rail = ? ORDER BY rowid DESC LIMIT 100", self.rail
        )

    def end_transfer(self, row: Row, code: str) -> None:
        """Done, or failed with a code: then the money is the merchant's again."""
        if row["state"] != "waiting":
            return
        with self.store.transaction():
            self.store.execute(
                "UPDATE gateway_transfer SET state = ?, code = ?, ended_at = ? WHERE token = ?",
                "failed" if code else "done", code, seconds(), row["token"],
            )  # fmt: skip
            if code:
                self._move("transfer_back", row["number"], row["reference"], row["payee"], row["amount"])

    def movements(self, day: str) -> list[Row]:
        """Every change of the balance on a day of Beijing's, `YYYY-MM-DD`."""
        return self.store.rows(
            "SELECT * FROM gateway_movement WHERE rail = ? AND day = ? ORDER BY serial", self.rail, day
        )

    def balance(self) -> int:
        row = self.store.row(
            "SELECT balance FROM gateway_movement WHERE rail = ? ORDER BY serial DESC LIMIT 1", self.rail
        )
        return int(row["balance"]) if row else OPENING_MINOR

    def arranged(self, name: str) -> str:
        """What the clerk arranged for the next time."""
        row = self.store.row(
            "SELECT value FROM gateway_arrangement WHERE rail = ? AND name = ?", self.rail, name
        )
        return str(row["value"]) if row else ""

    def taken(self, name: str) -> str:
        """The same, and it is over."""
        value = self.arranged(name)
        if value:
            self.arrange(name, "")
        return value

    def arrange(self, name: str, value: str) -> None:
        with self.store.transaction():
            self.store.execute("DELETE FROM gateway_arrangement WHERE rail = ? AND name = ?", self.rail, name)
            if value:
                self.store.insert("gateway_arrangement", {"rail": self.rail, "name": name, "value": value})

    def deliveries(self, token: str) -> list[Row]:
        return self.store.rows(
            "SELECT id, state, signature, attempts, due_at, delivered_at, result FROM delivery "
            "WHERE payment_id = ? ORDER BY id",
            token,
        )

    def _move(self, kind: str, number: str, reference: str, other: str, amount: int, own: str = "") -> None:
        moment = now()
        self.store.insert(
            "gateway_movement",
            {
                "rail": self.rail,
                "at": int(moment.timestamp()),
                "day": moment.astimezone(BEIJING).date().isoformat(),
                "kind": kind,
                "number": own or number,
                "reference": reference,
                "other": other,
                "amount": amount,
                "balance": self.balance() + amount,
            },
        )

    def _as_of_now(self, trade: Row | None) -> Row | None:
        if trade and trade["state"] == "waiting" and trade["expires_at"] < seconds():
            self.close(trade)
            return {**trade, "state": "closed"}
        return trade

    def _one(self, table: str, column: str, value: str) -> Row | None:
        return self.store.row(f"SELECT * FROM {table} WHERE rail = ? AND {column} = ?", self.rail, value)


def beijing(epoch: int) -> str:
    """A moment as gateways write it."""
    return datetime.fromtimestamp(epoch, UTC).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def epoch_of(text: str) -> int:
    """`2026-11-22 19:30:00` on Beijing's clock; raises ValueError."""
    return int(datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING).timestamp())


def _number() -> str:
    """Twenty-eight figures that begin with the day, as gateways number their trades."""
    return f"{now().astimezone(BEIJING):%Y%m%d}{new_id().int % 10**20:020}"
