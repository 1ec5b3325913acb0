"""What all kinds of operations stand on: limits and their windows, holds, paces, PINs, the house's own money."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from tests.machine.simulation.known import ZONE, Operation, Person, Receipt, Rules, Window, Wish

_TRIES, _LOCK_FIRST, _LOCK_MAX = 5, timedelta(minutes=30), timedelta(hours=24)


class Ground:
    def __init__(self, persons: list[Person]) -> None:
        self.persons = {person.phone: person for person in persons}
        self.operations: dict[UUID, Operation] = {}
        self.used: Counter[Window] = Counter()
        self.fees: Counter[str] = Counter()
        # What each rail has for us, by rail and currency.
        self.banked: Counter[tuple[str, str]] = Counter()
        self.suspense: Counter[str] = Counter()
        self.receipts: dict[UUID, Receipt] = {}
        # How much later than usual something leaves by a rail: as it was before and after what happens in a step.
        self.delays: dict[str, set[timedelta]] = {}
        self.rules: Rules = None  # type: ignore[assignment]  # read before anything happens

    def refuse_limits(self, wish: Wish, now: datetime) -> str | None:
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

    def hold_reason(self, wish: Wish, known: bool, now: datetime) -> str | None:
        if not known and wish.amount > self.rules.new_payee_above[wish.currency]:
            return "held_new_payee"
        if self.used[self.window(wish, now)] + wish.amount > self.rules.amount_a_day[wish.currency]:
            return "held_amount_a_day"
        return "held_count_an_hour" if self.pace(wish.owner, now) + 1 > self.rules.count_an_hour else None

    def pace(self, owner: Person, now: datetime) -> int:
        """How many were sent within the hour, counted in twelve slots of five minutes."""
        slot = self.slot(owner, now)
        return sum(sent > slot - 12 for sent in owner.sent)

    def slot(self, owner: Person, now: datetime) -> int:
        return max([int(now.timestamp()) // 300, *owner.sent[-1:]])

    def window(self, wish: Wish, now: datetime) -> Window:
        return (wish.kind, wish.owner.phone, wish.currency, now.astimezone(ZONE).date())

    def tried(self, owner: Person, right: bool, now: datetime) -> tuple[int, int, datetime | None]:
        """Failures, locks and the end of the lock after one more try."""
        if owner.locked_until is not None and owner.locked_until > now:
            return owner.failures, owner.locks, owner.locked_until
        if right:
            return 0, 0, None
        if owner.failures + 1 < _TRIES:
            return owner.failures + 1, owner.locks, None
        return 0, min(owner.locks + 1, 16), now + min(_LOCK_FIRST * 2**owner.locks, _LOCK_MAX)

    def give_back(self, operation: Operation) -> None:
        if operation.window is not None:
            self.used[operation.window] -= operation.amount
            operation.window = None
