"""What everybody must have and what every answer must be, in plain Python.

Nothing of the product is used here but the values that its policies hold. The model is told what was acknowledged,
what the bank was paid, and what an operation's timeline says; it says what may have happened and what must be there.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

CURRENCIES = ("CNY", "JPY")
ZONE = ZoneInfo("Asia/Shanghai")
PIN, WRONG_PIN = "271828", "314159"
_TRIES, _LOCK_FIRST, _LOCK_MAX = 5, timedelta(minutes=30), timedelta(hours=24)
_SEQUELS = {
    "held": {"sent", "succeeded", "returned"},
    "sent": {"sent", "succeeded", "returned"},
    "awaiting_payment": {"succeeded", "expired", "unknown"},
    "expired": {"succeeded", "unknown", "processing"},
    "processing": {"unknown"},
    "unknown": {"succeeded", "unknown", "failed"},
    "failed": {"succeeded", "unknown", "processing"},
    "succeeded": {"succeeded"},
}


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

    fees: dict[str, tuple[int, int, int | None]]
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

    def fee(self, currency: str, amount: int) -> int:
        fixed, points, most = self.fees.get(currency, (0, 0, None))
        fee = fixed + amount * points // 10_000
        return fee if most is None else min(fee, most)


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
    settled: bool = False
    ended_at: datetime | None = None
    was_held: bool = False
    told: bool = False
    # Its payee can be given it since they registered or were released: a topic is to do it.
    owed: bool = False

    @property
    def waits(self) -> bool:
        """Whether it has been sent and has not arrived."""
        return self.kind == "transfer" and self.state == "sent" and not self.delivered

    @property
    def reserved(self) -> int:
        """What is set aside for it."""
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


class Model:
    def __init__(self, persons: list[Person]) -> None:
        self.persons = {person.phone: person for person in persons}
        self.operations: dict[UUID, Operation] = {}
        self.used: Counter[Window] = Counter()
        self.fees: Counter[str] = Counter()
        self.banked: Counter[str] = Counter()
        self.suspense: Counter[str] = Counter()
        self.rules: Rules = None  # type: ignore[assignment]  # read before anything happens

    # What must be answered

    def judge_send(self, wish: Wish, now: datetime, dealt: frozenset[str] | None = None) -> Expected:
        """The answer to a wish that is judged now; `dealt` as it was when its batch began."""
        owner, payee = wish.owner, self.persons[wish.phone]
        known = payee.id is not None and wish.phone in (owner.dealt if dealt is None else dealt)
        fee = self.rules.fee(wish.currency, wish.amount)
        code = (
            self._refuse_person(wish, payee, known, now)
            or self._refuse_amount(wish, fee, now)
        )  # fmt: skip
        if code is not None:
            return Expected("refused", "refused", code, fee)
        expected = self._approve(wish, payee, known, fee, now)
        if wish.pin is None:
            return Expected("refused", "refused", "pin_missing", fee)
        if wish.terms is not None and wish.terms != (expected.outcome, fee):
            return Expected("refused", "refused", "terms_changed", fee)
        return expected

    def judge_review(self, wish: Wish, now: datetime) -> Expected:
        """What a dry run shows: everything but what is only known once it is confirmed."""
        shown = replace(wish, pin=None, terms=None)
        payee, fee = self.persons[wish.phone], self.rules.fee(wish.currency, wish.amount)
        known = payee.id is not None and wish.phone in wish.owner.dealt
        code = self._refuse_person(shown, payee, known, now) or self._refuse_amount(shown, fee, now)
        return (
            Expected("refused", "refused", code, fee)
            if code
            else self._approve(shown, payee, known, fee, now)
        )

    def judge_decision(self, release: bool, operation: Operation, now: datetime) -> str | None:
        """The code that a decision about a hold is refused with."""
        due = operation.deadline is not None and operation.deadline <= now
        if operation.state != "held" or (release and due):
            return "hold_not_open"
        return "sender_frozen" if release and "spending" in operation.owner.stops else None

    def judge_top_up(self, wish: Wish, now: datetime) -> Expected:
        code = "frozen" if "receiving" in wish.owner.stops else self._refuse_limits(wish, now)
        if code is not None:
            return Expected("refused", "refused", code)
        return Expected("approved", "awaiting_payment", None, deadline=now + self.rules.top_up)

    def _refuse_person(self, wish: Wish, payee: Person, known: bool, now: datetime) -> str | None:
        owner = wish.owner
        if "spending" in owner.stops:
            return "frozen"
        if wish.pin is not None:
            _, _, until = self._tried(owner, wish.pin == PIN, now)
            if until is not None and until > now:
                return "pin_locked"
            if wish.pin != PIN:
                return "pin_wrong"
        if payee is owner:
            return "payee_is_self"
        if known and "receiving" in payee.stops:
            return "payee_cannot_receive"
        return None

    def _refuse_amount(self, wish: Wish, fee: int, now: datetime) -> str | None:
        if (code := self._refuse_limits(wish, now)) is not None:
            return code
        if wish.amount + fee > wish.owner.money[wish.currency]:
            return "insufficient_balance"
        return None

    def _refuse_limits(self, wish: Wish, now: datetime) -> str | None:
        once, day, month = self.rules.limits.get((wish.kind, wish.currency), (None, None, None))
        window = self.window(wish, now)
        if once is not None and wish.amount > once:
            return f"limit_{wish.kind}_once"
        if day is not None and self.used[window] + wish.amount > day:
            return f"limit_{wish.kind}_day"
        if month is not None and self.used_in_month(window) + wish.amount > month:
            return f"limit_{wish.kind}_month"
        return None

    def used_in_month(self, window: Window) -> int:
        *whose, day = window
        return sum(
            count for (*other, at), count in self.used.items()
            if other == whose and (at.year, at.month) == (day.year, day.month)
        )  # fmt: skip

    def _approve(self, wish: Wish, payee: Person, known: bool, fee: int, now: datetime) -> Expected:
        if (reason := self._hold(wish, known, now)) is not None:
            return Expected("held", "held", reason, fee, deadline=now + self.rules.held)
        receives = payee.id is not None and "receiving" not in payee.stops
        if known:
            return Expected("approved", "succeeded", None, fee, delivered=True)
        return Expected(
            "approved", "sent", None, fee, delivered=receives, deadline=now + self.rules.unclaimed
        )

    def _hold(self, wish: Wish, known: bool, now: datetime) -> str | None:
        if not known and wish.amount > self.rules.new_payee_above[wish.currency]:
            return "held_new_payee"
        if self.used[self.window(wish, now)] + wish.amount > self.rules.amount_a_day[wish.currency]:
            return "held_amount_a_day"
        return "held_count_an_hour" if self._pace(wish.owner, now) + 1 > self.rules.count_an_hour else None

    def _pace(self, owner: Person, now: datetime) -> int:
        """How many were sent within the hour, counted in twelve slots of five minutes."""
        slot = self._slot(owner, now)
        return sum(sent > slot - 12 for sent in owner.sent)

    def _slot(self, owner: Person, now: datetime) -> int:
        return max([int(now.timestamp()) // 300, *owner.sent[-1:]])

    def window(self, wish: Wish, now: datetime) -> Window:
        return (wish.kind, wish.owner.phone, wish.currency, now.astimezone(ZONE).date())

    def _tried(self, owner: Person, right: bool, now: datetime) -> tuple[int, int, datetime | None]:
        """Failures, locks and the end of the lock after one more try."""
        if owner.locked_until is not None and owner.locked_until > now:
            return owner.failures, owner.locks, owner.locked_until
        if right:
            return 0, 0, None
        if owner.failures + 1 < _TRIES:
            return owner.failures + 1, owner.locks, None
        return 0, min(owner.locks + 1, 16), now + min(_LOCK_FIRST * 2**owner.locks, _LOCK_MAX)

    # What has happened

    def take(self, wish: Wish, expected: Expected, outcome: Any, now: datetime) -> None:
        """A wish was judged and its outcome is in the books."""
        said = (outcome.outcome, outcome.state, outcome.code)
        agree(
            said == (expected.outcome, expected.state, expected.code),
            f"{wish.key}: the till said {said}, the model {expected}",
        )
        agree(outcome.operation_id not in self.operations, f"{wish.key}: two wishes have one operation")
        refused, owner = expected.outcome == "refused", wish.owner
        if wish.kind == "transfer" and wish.pin is not None:
            owner.failures, owner.locks, owner.locked_until = self._tried(owner, wish.pin == PIN, now)
        operation = Operation(
            outcome.operation_id, outcome.reference, wish.kind, owner, wish.currency, wish.amount, expected.fee,
            expected.state, expected.code, now, wish.phone, deadline=expected.deadline,
            window=None if refused else self.window(wish, now), was_held=expected.state == "held",
        )  # fmt: skip
        self.operations[operation.id] = operation
        wish.operation, wish.outcome = operation, outcome
        if refused:
            return
        self.used[self.window(wish, now)] += wish.amount
        if wish.kind == "transfer":
            owner.sent.append(self._slot(owner, now))
            owner.money[wish.currency] -= wish.amount + expected.fee
            if expected.delivered:
                self._deliver(operation)

    def opened(self, payee: Person, now: datetime) -> None:
        """Somebody can receive again, or for the first time: what waits for them is owed to them now."""
        for operation in self.operations.values():
            due = operation.deadline is not None and operation.deadline <= now
            if operation.waits and operation.phone == payee.phone:
                operation.owed = "spending" not in operation.owner.stops and not due

    def stopped(self, person: Person) -> None:
        """A freeze in between, and it is no longer owed: it may have been looked at meanwhile, or may not."""
        for operation in self.operations.values():
            if operation.owner is person or operation.phone == person.phone:
                operation.owed = False

    def overdue(self, now: datetime) -> list[Operation]:
        """What should have arrived, when no topic is left that could bring it."""
        return [o for o in self.operations.values() if o.waits and o.owed and o.deadline and o.deadline > now]

    def set_aside(self, operation: Operation, amount: int, currency: str) -> None:
        """Money came that does not fit, or not any more: the bank has it, and nobody can spend it."""
        operation.parked.append((amount, currency))
        self.suspense[currency] += amount
        self.banked[currency] += amount

    def credit_aside(self, named: Operation, credited: Operation) -> None:
        """Two of the staff have given it to the owner of the top-up that it named, as a top-up of its own."""
        what = (credited.amount, credited.currency)
        agree(what in named.parked, f"{credited.reference} credits {what}, and {named.parked} is set aside")
        agree(named.owner is credited.owner, f"{credited.reference} went to somebody else")
        agree("receiving" not in named.owner.stops, f"{credited.reference}: its owner cannot receive")
        named.parked.remove(what)
        named.settled = credited.told = credited.credited = True
        self.suspense[credited.currency] -= credited.amount
        named.owner.money[credited.currency] += credited.amount
        self.operations[credited.id] = credited

    def advance(
        self,
        operation: Operation,
        state: str,
        code: str | None,
        delivered: bool,
        now: datetime,
        proved: bool,
        event: str = "",
    ) -> None:
        """The timeline says that an operation went on: may it, and what does that mean?"""
        what = f"{operation.reference} went from {operation.state} to {state} ({code})"
        agree(state in _SEQUELS.get(operation.state, ()), what)
        due = operation.deadline is not None and operation.deadline <= now
        if operation.kind == "transfer":
            self._advance_transfer(operation, state, code, delivered, due, what)
        else:
            agree(due if event == "overdue" else True, f"{what}: before its deadline")
            self._advance_top_up(operation, state, due, proved, what, now)
        if state == "sent" and operation.state == "held":
            operation.deadline = now + self.rules.unclaimed
        elif state in ("unknown", "processing"):
            operation.deadline = None if event == "overdue" else now + self.rules.outcome
        elif state != "sent":
            operation.deadline = None
        operation.state, operation.code = state, code

    def _advance_transfer(
        self, operation: Operation, state: str, code: str | None, delivered: bool, due: bool, what: str
    ) -> None:
        arrives = delivered and not operation.delivered
        agree(not operation.delivered or delivered, f"{what}: what was delivered is not undone")
        if arrives:
            payee = self.persons[operation.phone]
            agree(
                payee.id is not None and "receiving" not in payee.stops, f"{what}: its payee cannot receive"
            )
            agree("spending" not in operation.owner.stops and not due, f"{what}: it was not to be delivered")
            self._deliver(operation)
        if operation.state == "held":
            agree(due if code == "hold_lapsed" else True, f"{what}: before its deadline")
            agree(state == "returned" or not due, f"{what}: after its deadline")
        elif state != "sent":
            agree(due, f"{what}: before its deadline")
            agree(operation.delivered == (state == "succeeded"), f"{what}: and it was, or was not, delivered")
        else:
            agree(arrives, f"{what}: nothing has changed")
        if state == "returned":
            operation.owner.money[operation.currency] += operation.amount + operation.fee
            self._give_back(operation)
        if state == "succeeded":
            operation.owner.dealt.add(operation.phone)

    def _advance_top_up(
        self, operation: Operation, state: str, due: bool, proved: bool, what: str, now: datetime
    ) -> None:
        late = operation.ended_at is not None and now > operation.ended_at
        goes_back = self.rules.late_goes_back and late and operation.state in ("expired", "failed")
        if state == "expired":
            agree(due, f"{what}: before its deadline")
            operation.ended_at = operation.deadline
            self._give_back(operation)
        elif state == "failed":
            agree(operation.settled and not operation.parked, f"{what}: money for it still stands aside")
            operation.ended_at = now
            self._give_back(operation)
        elif state == "processing":
            agree(proved and goes_back, f"{what}: it was to be credited")
        elif state == "succeeded" and not operation.credited:
            agree(proved, f"{what}: nobody paid for it")
            agree(not goes_back, f"{what}: it was to go back")
            operation.credited = True
            operation.owner.money[operation.currency] += operation.amount
            self.banked[operation.currency] += operation.amount

    def _deliver(self, operation: Operation) -> None:
        payee = self.persons[operation.phone]
        operation.delivered = True
        payee.money[operation.currency] += operation.amount
        self.fees[operation.currency] += operation.fee
        payee.dealt.add(operation.owner.phone)

    def _give_back(self, operation: Operation) -> None:
        if operation.window is not None:
            self.used[operation.window] -= operation.amount
            operation.window = None
