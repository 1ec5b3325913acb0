"""What everybody must have and what every answer must be, in plain Python.

Nothing of the product is used here but the values that its policies hold. The model is told what was acknowledged,
what the outside was paid and has told, and what an operation's timeline says; it says what may have happened and what
must be there.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.machine.simulation.known import (
    PIN,
    Expected,
    Happened,
    Operation,
    Person,
    Truth,
    Wish,
    agree,
)
from tests.machine.simulation.money_in import MoneyIn
from tests.machine.simulation.money_out import MoneyOut

_SEQUELS = {
    "held": {"sent", "succeeded", "returned"},
    "sent": {"sent", "succeeded", "returned"},
}


class Model(MoneyIn, MoneyOut):
    # What must be answered

    def judge_send(self, wish: Wish, now: datetime, dealt: frozenset[str] | None = None) -> Expected:
        """The answer to a wish that is judged now; `dealt` as it was when its batch began."""
        owner, payee = wish.owner, self.persons[wish.phone]
        known = payee.id is not None and wish.phone in (owner.dealt if dealt is None else dealt)
        fee = self.rules.fee("transfer", wish.currency, wish.amount)
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
        payee, fee = self.persons[wish.phone], self.rules.fee("transfer", wish.currency, wish.amount)
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

    def _refuse_person(self, wish: Wish, payee: Person, known: bool, now: datetime) -> str | None:
        owner = wish.owner
        if "spending" in owner.stops:
            return "frozen"
        if wish.pin is not None:
            _, _, until = self.tried(owner, wish.pin == PIN, now)
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
        if (code := self.refuse_limits(wish, now)) is not None:
            return code
        if wish.amount + fee > wish.owner.money[wish.currency]:
            return "insufficient_balance"
        return None

    def _approve(self, wish: Wish, payee: Person, known: bool, fee: int, now: datetime) -> Expected:
        if (reason := self.hold_reason(wish, known, now)) is not None:
            return Expected("held", "held", reason, fee, deadline=now + self.rules.held)
        receives = payee.id is not None and "receiving" not in payee.stops
        if known:
            return Expected("approved", "succeeded", None, fee, delivered=True)
        return Expected(
            "approved", "sent", None, fee, delivered=receives, deadline=now + self.rules.unclaimed
        )

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
        if wish.kind != "top_up" and wish.pin is not None:
            owner.failures, owner.locks, owner.locked_until = self.tried(owner, wish.pin == PIN, now)
        operation = Operation(
            outcome.operation_id, outcome.reference, wish.kind, owner, wish.currency, wish.amount, expected.fee,
            expected.state, expected.code, now, wish.phone, deadline=expected.deadline,
            window=None if refused else self.window(wish, now), was_held=expected.state == "held", rail=wish.rail,
            stage={"held": "held", "processing": "queued"}.get(expected.state, ""),
            deadlines=expected.deadlines,
        )  # fmt: skip
        self.operations[operation.id] = operation
        wish.operation, wish.outcome = operation, outcome
        if refused:
            return
        self.used[self.window(wish, now)] += wish.amount
        if wish.kind != "top_up":
            owner.sent.append(self.slot(owner, now))
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

    def advance(self, operation: Operation, happened: Happened, truth: Truth) -> None:
        """The timeline says that an operation went on: may it, and what does that mean?"""
        if operation.kind == "withdrawal":
            self.advance_withdrawal(operation, happened, truth)
        elif operation.kind == "top_up":
            self.advance_top_up(operation, happened, truth)
        else:
            self._advance_transfer(operation, happened)
        operation.state, operation.code = happened.state, happened.code

    def _advance_transfer(self, operation: Operation, happened: Happened) -> None:
        state, code, delivered = happened.state, happened.code, happened.delivered
        what = f"{operation.reference} went from {operation.state} to {state} ({code})"
        agree(state in _SEQUELS.get(operation.state, ()), what)
        due = operation.deadline is not None and operation.deadline <= happened.now
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
            self.give_back(operation)
        if state == "succeeded":
            operation.owner.dealt.add(operation.phone)
        if state != "sent":
            operation.deadline = None
        elif operation.state == "held":
            operation.deadline = happened.now + self.rules.unclaimed

    def _deliver(self, operation: Operation) -> None:
        payee = self.persons[operation.phone]
        operation.delivered = True
        payee.money[operation.currency] += operation.amount
        self.fees[operation.currency] += operation.fee
        payee.dealt.add(operation.owner.phone)
