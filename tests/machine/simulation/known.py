"""What is known of people, wishes and operations: the words in which the model and the checks speak."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

CURRENCIES = ("CNY", "JPY")
ZONE = ZoneInfo("Asia/Shanghai")
PIN, WRONG_PIN = "271828", "314159"
PASSWORD = "counter-2026-tea"


class Disagreement(AssertionError):
    """The product and the model do not agree."""


def agree(condition: object, words: str) -> None:
    """Raise Disagreement unless the condition holds."""
    if not condition:
        raise Disagreement(words)


# The facts of an outcome that was found in the books before anybody was told it.
UNKNOWN: dict[str, Any] = {"not": "known"}


def alike(again: Any, before: Any) -> bool:
    """Whether an outcome is the one that was told before, or found."""
    facts = again.facts if before.facts == UNKNOWN else before.facts
    said = (again.operation_id, again.reference, again.outcome, again.state, again.code, again.facts)
    return said == (before.operation_id, before.reference, before.outcome, before.state, before.code, facts)


@dataclass(frozen=True, slots=True)
class Rules:
    """The operator's policies as the model reads them, by currency."""

    # By what is charged (a top-up's also by its rail) and currency: fixed, hundredths of a percent, at most.
    fees: dict[tuple[str, str], tuple[int, int, int | None]]
    # At once, a day, a month; None where there is none.
    limits: dict[tuple[str, str], tuple[int | None, int | None, int | None]]
    new_payee_above: dict[str, int]
    amount_a_day: dict[str, int]
    count_an_hour: int
    unclaimed: timedelta
    held: timedelta
    top_up: timedelta
    outcome: timedelta
    # Whether money that comes after its order has ended goes back.
    late_goes_back: bool
    # By rail: whether the operator lets money out by it, how much at least, and at most (0: no bound).
    ways: dict[str, tuple[bool, int, int]]

    def fee(self, what: str, currency: str, amount: int) -> int:
        fixed, points, most = self.fees.get((what, currency), (0, 0, None))
        fee = fixed + amount * points // 10_000
        return fee if most is None else min(fee, most)

    def withdrawal_fee(self, rail: str, currency: str, amount: int) -> int:
        own = f"withdrawal {rail}"
        return self.fee(own if (own, currency) in self.fees else "withdrawal", currency, amount)

    def top_up_fee(self, rail: str, currency: str, amount: int) -> int:
        return min(self.fee(f"top_up {rail}", currency, amount), amount)


@dataclass(eq=False, slots=True)
class Person:
    """A number, and whoever has registered it."""

    phone: str
    id: UUID | None = None
    stops: set[str] = field(default_factory=set)
    failures: int = 0
    locks: int = 0
    locked_until: datetime | None = None
    money: Counter[str] = field(default_factory=Counter)
    # In which five minutes each transfer was sent that was not refused.
    sent: list[int] = field(default_factory=list)
    # Numbers that this person has dealt with.
    dealt: set[str] = field(default_factory=set)
    # Whether they have said who they are; the accounts that they have bound, by kind.
    tier: int = 0
    accounts: dict[str, "Account"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """An account of somebody's own, at a bank or with a gateway."""

    id: UUID
    kind: str
    bound_at: datetime


Window = tuple[str, str, str, Any]


@dataclass(eq=False, slots=True)
class Wish:
    """What somebody asked for under a key, and what became of it."""

    kind: str
    owner: Person
    key: str
    currency: str
    amount: int
    phone: str = ""
    note: str = ""
    pin: str | None = PIN
    terms: tuple[str, int] | None = None
    rail: str = "bank"
    # Of a withdrawal: to which account, and by which way if one was chosen. `rail` is the way that it takes.
    account: UUID | None = None
    wanted: str = ""
    operation: "Operation | None" = None
    outcome: Any = None


@dataclass(eq=False, slots=True)
class Operation:
    id: UUID
    reference: str
    kind: str
    owner: Person
    currency: str
    amount: int
    fee: int
    state: str
    code: str | None
    created_at: datetime
    phone: str = ""
    delivered: bool = False
    deadline: datetime | None = None
    window: Window | None = None
    credited: bool = False
    # What came for it and did not fit, as (amount, currency); whether anything of it was settled by staff.
    parked: list[tuple[int, str]] = field(default_factory=list)
    # Of that, what its rail is to send back, and nothing else is to leave from.
    returning: list[tuple[int, str]] = field(default_factory=list)
    settled: bool = False
    ended_at: datetime | None = None
    was_held: bool = False
    told: bool = False
    # Its payee can be given it since they registered or were released: a topic is to do it.
    owed: bool = False
    rail: str = "bank"
    # How far a withdrawal is, and whether it was told late while it was with the bank.
    stage: str = ""
    margin: bool = False
    deadlines: frozenset[datetime] = frozenset()

    @property
    def waits(self) -> bool:
        """Whether it has been sent and has not arrived."""
        return self.kind == "transfer" and self.state == "sent" and not self.delivered

    @property
    def reserved(self) -> int:
        """What is set aside for it."""
        if self.kind == "withdrawal":
            waits = self.state in ("held", "processing", "unknown")
        else:
            waits = self.kind == "transfer" and self.state in ("held", "sent") and not self.delivered
        return self.amount + self.fee if waits else 0


@dataclass(frozen=True, slots=True)
class Expected:
    """What the till has to answer."""

    outcome: str
    state: str
    code: str | None
    fee: int = 0
    delivered: bool = False
    deadline: datetime | None = None
    # Of which it is one, where the model cannot know which.
    deadlines: frozenset[datetime] = frozenset()


@dataclass(eq=False, slots=True)
class Receipt:
    """A movement of the house's own, which a line of a statement has caused."""

    id: UUID
    rail: str
    amount: int
    currency: str
    # Suspense holds it; or it is on its way back to its payer.
    state: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A moment of an operation's timeline, as the model is told it."""

    intent: str
    event: str
    state: str
    code: str | None
    delivered: bool
    now: datetime
    # What came, or is spoken of: an amount and its currency.
    received: tuple[int, str] | None = None
    # Whether it has moved anything in the books.
    moved: bool = True


@dataclass(frozen=True, slots=True)
class Truth:
    """What the outside has, and may have told, of an operation."""

    proved: bool = False
    # Payments that may have been told, as (amount, currency).
    paid: tuple[tuple[int, str], ...] = ()
    closed: bool = False
    failed: str = ""
    under_way: bool = False
    # Of a payment out: whether the bank has it, what it has told, and how much of it came back.
    has_it: bool = False
    told: frozenset[str] = frozenset()
    came_back: int = 0
