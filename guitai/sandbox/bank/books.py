"""The bank's own books: accounts, bookings, and the bank day that a clerk may close."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.sandbox.bank.orders import PAYEE_ACCOUNT, PAYEE_NAME
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, seconds

SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_account (
    number TEXT NOT NULL, currency TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (number, currency)
) STRICT;
CREATE TABLE IF NOT EXISTS bank_booking (
    id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, account TEXT NOT NULL, currency TEXT NOT NULL,
    day TEXT NOT NULL, amount INTEGER NOT NULL, code TEXT NOT NULL, end_to_end TEXT, instruction TEXT,
    message_id TEXT, order_id TEXT, counterparty TEXT, counterparty_account TEXT, remittance TEXT,
    reversal INTEGER NOT NULL, charges INTEGER NOT NULL, return_reason TEXT, return_text TEXT,
    parts TEXT NOT NULL, count INTEGER NOT NULL, reverses INTEGER, booked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS bank_booking_day ON bank_booking (account, currency, day, id);
"""
ZONE = ZoneInfo("Asia/Shanghai")
# The wallet's accounts here: one for its customers' money in any currency, one of the operator's own.
CLIENT_ACCOUNT = PAYEE_ACCOUNT.replace(" ", "")
OWN_ACCOUNT = "6228480010002026026"
OWN_NAME = "柜台演示合作社自有资金 Guitai Demo Own Funds"
BIC = "SANDCNBJ"
# Money may leave before other ways in have brought theirs: so far an account may go below nothing.
OVERDRAFT_MINOR = 100_000_000
CREDIT, DEBIT = "PMNT/RCDT/DMCT", "PMNT/ICDT/DMCT"
RETURNED, FEE = "PMNT/RCDT/RRTN", "ACMT/MDOP/CHRG"


@dataclass(frozen=True, slots=True)
class Part:
    """One payment of a booking that stands for several."""

    amount: int
    end_to_end: str
    counterparty: str
    counterparty_account: str
    remittance: str


@dataclass(frozen=True, slots=True)
class Booking:
    """A movement on one of the wallet's accounts; the amount is signed."""

    currency: str
    amount: int
    code: str
    account: str = CLIENT_ACCOUNT
    end_to_end: str | None = None
    instruction: str | None = None
    message_id: str | None = None
    order_id: str | None = None
    counterparty: str | None = None
    counterparty_account: str | None = None
    remittance: str | None = None
    # The number that it was sent to, where it is a virtual one of the account.
    own_account: str | None = None
    reversal: bool = False
    charges: int = 0
    return_reason: str | None = None
    return_text: str | None = None
    parts: tuple[Part, ...] = ()
    # Of a booking that stands for several: how many.
    count: int = 0
    reverses: int | None = None


def open_accounts(world: World) -> None:
    """The accounts that every installation begins with."""
    account_of(world, CLIENT_ACCOUNT, "CNY")
    account_of(world, OWN_ACCOUNT, "CNY")


def account_of(world: World, number: str, currency: str) -> Row | None:
    """An account in one currency, opened at its first use; None when the number is nobody's."""
    name = {CLIENT_ACCOUNT: PAYEE_NAME, OWN_ACCOUNT: OWN_NAME}.get(number)
    if name is None:
        return None
    world.store.execute(
        "INSERT OR IGNORE INTO bank_account (number, currency, name) VALUES (?, ?, ?)", number, currency, name
    )
    return {"number": number, "currency": currency, "name": name}


def accounts(world: World) -> list[Row]:
    """Every account with its balance."""
    return world.store.rows(
        "SELECT a.*, (SELECT coalesce(sum(amount), 0) FROM bank_booking b WHERE b.account = a.number AND "
        "b.currency = a.currency) AS balance FROM bank_account a ORDER BY number, currency"
    )


def book(world: World, booking: Booking, *, reference: str | None = None, days_later: int = 0) -> Row:
    """Write a movement down, in the caller's transaction; gives the row."""
    account_of(world, booking.account, booking.currency)
    day = bank_day(world) + timedelta(days=days_later)
    row: dict[str, Any] = {
        **asdict(booking),
        "reference": reference or new_reference(),
        "day": day.isoformat(),
        "reversal": int(booking.reversal),
        "parts": json.dumps([asdict(part) for part in booking.parts], ensure_ascii=False),
        "booked_at": seconds(),
    }
    world.store.insert("bank_booking", row)
    found = world.store.row("SELECT * FROM bank_booking WHERE reference = ?", row["reference"])
    assert found is not None
    return found


def new_reference() -> str:
    """What the bank calls a booking: never used twice, and short enough for MT940."""
    return f"B{now():%y%m%d}{new_id().hex[-9:].upper()}"


def booking(world: World, reference: str) -> Row | None:
    return world.store.row("SELECT * FROM bank_booking WHERE reference = ?", reference)


def bookings_of(world: World, account: str, currency: str, day: date) -> list[Row]:
    return world.store.rows(
        "SELECT * FROM bank_booking WHERE account = ? AND currency = ? AND day = ? ORDER BY id",
        account,
        currency,
        day.isoformat(),
    )


def latest_bookings(world: World, limit: int = 60) -> list[Row]:
    return world.store.rows("SELECT * FROM bank_booking ORDER BY id DESC LIMIT ?", limit)


def balance_before(world: World, account: str, currency: str, day: date) -> int:
    """What an account held when a day began."""
    row = world.store.row(
        "SELECT coalesce(sum(amount), 0) AS minor FROM bank_booking WHERE account = ? AND currency = ? AND day < ?",
        account,
        currency,
        day.isoformat(),
    )
    return int(row["minor"]) if row else 0


def balance(world: World, account: str, currency: str) -> int:
    return balance_before(world, account, currency, date.max)


def bank_day(world: World) -> date:
    """The day that is being booked; the first one is today's."""
    row = world.store.row("SELECT value FROM bank_arrangement WHERE name = 'bank_day'")
    if row is not None:
        return date.fromisoformat(row["value"])
    day = today()
    world.store.insert("bank_arrangement", {"name": "bank_day", "value": day.isoformat()})
    return day


def next_day(world: World) -> date:
    """Go on to the next day."""
    day = bank_day(world) + timedelta(days=1)
    world.store.execute("UPDATE bank_arrangement SET value = ? WHERE name = 'bank_day'", day.isoformat())
    return day


def today() -> date:
    return now().astimezone(ZONE).date()


def parts_of(row: Row) -> Sequence[Part]:
    return [Part(**part) for part in json.loads(row["parts"])]


def reversal_of(row: Row) -> Booking:
    """The booking that takes another one back."""
    return Booking(
        currency=row["currency"], amount=-row["amount"], code=row["code"], account=row["account"],
        end_to_end=row["end_to_end"], instruction=row["instruction"], counterparty=row["counterparty"],
        counterparty_account=row["counterparty_account"], remittance=row["remittance"], reversal=True,
        parts=tuple(replace(part, amount=-part.amount) for part in parts_of(row)), count=row["count"],
        reverses=row["id"],
    )  # fmt: skip


def moment(epoch: int) -> datetime:
    return datetime.fromtimestamp(epoch, ZONE)
