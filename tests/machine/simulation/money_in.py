"""Top-ups by any rail, and what lines of statements move: what may become of them, and where their money is."""

from datetime import datetime

from tests.machine.simulation.ground import Ground
from tests.machine.simulation.known import Expected, Happened, Operation, Person, Receipt, Truth, Wish, agree

SETTLE, PARK, PROCESS, FAIL = "top_up.settle", "top_up.park", "top_up.process", "top_up.fail"
CLOSE, FOLLOW, ASSIGN, CREDIT = "operation.close", "top_up.follow_parked", "receipt.assign", "receipt.credit"
HOLD, RETURN, RETURN_END = "receipt.hold", "receipt.return", "receipt.return_end"
UNDO = "receipt.undo"
_OPEN, _ENDED = ("awaiting_payment", "processing", "unknown"), ("expired", "failed")
# What may be said of a top-up in which state.
_MAY = {
    SETTLE: (*_OPEN, *_ENDED),
    ASSIGN: (*_OPEN, *_ENDED),
    PARK: (*_OPEN, *_ENDED, "succeeded", "returned"),
    FOLLOW: ("unknown", "processing", "succeeded", "failed"),
    PROCESS: (*_OPEN, "expired"),
    FAIL: _OPEN,
    CLOSE: _OPEN,
    "operation.overdue": ("unknown",),
}


class MoneyIn(Ground):
    def out_of_bounds(self, wish: Wish) -> str | None:
        """The code with which a top-up is turned away that its rail does not take; nothing of it is written down."""
        _, least, most = self.rules.ways[wish.rail]
        if wish.kind != "top_up" or least <= wish.amount <= (most or wish.amount):
            return None
        return "top_up_below_minimum" if wish.amount < least else "top_up_above_maximum"

    def judge_top_up(self, wish: Wish, now: datetime) -> Expected:
        agree(not self.out_of_bounds(wish), f"{wish.key} is not taken by {wish.rail}, and was written down")
        fee = self.rules.top_up_fee(wish.rail, wish.currency, wish.amount)
        code = "frozen" if "receiving" in wish.owner.stops else self.refuse_limits(wish, now)
        if code is not None:
            return Expected("refused", "refused", code, fee)
        return Expected("approved", "awaiting_payment", None, fee, deadline=now + self.rules.top_up)

    def advance_top_up(self, operation: Operation, happened: Happened, truth: Truth) -> None:
        """A rail, a statement, a deadline or two of the staff have said something of it."""
        intent, state, now = happened.intent, happened.state, happened.now
        what = f"{operation.reference} went from {operation.state} to {state} ({intent}, {happened.code})"
        agree(operation.state in _MAY.get(intent, ()), what)
        due = operation.deadline is not None and operation.deadline <= now
        if intent == SETTLE:
            self._settle(operation, happened, truth, what)
        elif intent == ASSIGN:
            self._assign(operation, what)
        elif intent == PARK:
            agree(state == ("succeeded" if operation.state == "succeeded" else "unknown"), what)
            agree(happened.received is None or happened.received in truth.paid, f"{what}: nobody paid that")
            self._set_aside(operation, happened)
        elif intent == FOLLOW:
            self._follow_parked(operation, happened, what)
        elif intent == PROCESS:
            agree(operation.rail != "bank" and state in ("processing", "unknown"), what)
        elif intent == FAIL:
            agree(truth.failed and happened.code == truth.failed, f"{what}: its rail said no such thing")
            agree(not operation.parked, f"{what}: money for it stands aside")
            self._end(operation, now)
        elif intent == CLOSE:
            self._close(operation, happened, truth, due, what)
        else:
            agree(due, f"{what}: before its deadline")
        overdue = happened.event == "overdue"
        waits = state in ("unknown", "processing") and not overdue
        operation.deadline = now + self.rules.outcome if waits else None

    def _settle(self, operation: Operation, happened: Happened, truth: Truth, what: str) -> None:
        agree(truth.proved, f"{what}: nobody paid for it")
        ended = operation.state in _ENDED
        late = operation.ended_at is not None and happened.now > operation.ended_at
        stopped = "receiving" in operation.owner.stops
        goes_back = self.rules.late_goes_back and ended and (late or stopped)
        if happened.event == "returning":
            agree(goes_back, f"{what}: it was to be credited")
            self._set_aside(operation, happened)
            operation.returning += operation.parked[-1:]
            return
        agree(happened.state == "succeeded" and not operation.credited, what)
        agree(not goes_back, f"{what}: it was to go back")
        operation.credited = True
        self.banked[operation.rail, operation.currency] += operation.amount
        self._credit(operation)

    def _assign(self, operation: Operation, what: str) -> None:
        """Two of the staff say that money out of suspense was meant for it."""
        agree("receiving" not in operation.owner.stops, f"{what}: its owner cannot receive")
        operation.credited = True
        self.suspense[operation.currency] -= operation.amount
        self._credit(operation)

    def _credit(self, operation: Operation) -> None:
        operation.owner.money[operation.currency] += operation.amount - operation.fee
        self.fees[operation.currency] += operation.fee

    def _close(self, operation: Operation, happened: Happened, truth: Truth, due: bool, what: str) -> None:
        if happened.state == "unknown":
            # Only of a rail that does not answer, or that said it was working on it.
            agree(due and operation.rail != "bank", what)
            return
        doubtful = operation.state == "unknown" and operation.code is None
        agree(happened.state == "expired" and (truth.closed if doubtful else due), what)
        self._end(operation, operation.deadline or happened.now)

    def _end(self, operation: Operation, at: datetime) -> None:
        operation.ended_at = at
        self.give_back(operation)

    def _set_aside(self, operation: Operation, happened: Happened) -> None:
        """Money came that does not fit, or not any more: its rail has it, and nobody can spend it."""
        if happened.received is None:
            return
        amount, currency = happened.received
        operation.parked.append((amount, currency))
        self.suspense[currency] += amount
        self.banked[operation.rail, currency] += amount

    def _follow_parked(self, operation: Operation, happened: Happened, what: str) -> None:
        """What becomes of a top-up when one of its payments is settled, asked back, sent back, or kept after all."""
        assert happened.received is not None
        if happened.event == "returning" and operation.rail != "bank":
            # What goes back by the bank is a payment of the house's own, and is counted as one.
            operation.returning.append(happened.received)
        elif happened.event in ("returned", "return_refused") and happened.received in operation.returning:
            operation.returning.remove(happened.received)
        if happened.event == "returned":
            agree(happened.received in operation.parked, f"{what}: {operation.parked} stood aside")
            operation.parked.remove(happened.received)
            operation.settled = True
            # Where a rail takes no refunds, the payout that carried it has moved it, as an operation of the house.
            if happened.moved:
                self.suspense[happened.received[1]] -= happened.received[0]
                self.banked[operation.rail, happened.received[1]] -= happened.received[0]
        done = happened.event in ("parked_credited", "returned")
        # What is being sent back stands aside until it has gone.
        others = len(operation.parked) > (0 if done else 1)
        if operation.state == "succeeded":
            expected = "succeeded"
        elif others:
            expected = "unknown"
        else:
            expected = {
                "parked_credited": "failed", "returning": "processing", "returned": "returned",
                "return_refused": "unknown",
            }[happened.event]  # fmt: skip
        agree(happened.state == expected, f"{what}: it was to be {expected}")
        if happened.state in ("failed", "returned"):
            self._end(operation, happened.now)

    def credit_aside(self, named: Operation, credited: Operation) -> None:
        """Two of the staff have given it to the owner of the top-up that it named, as a top-up of its own."""
        what = (credited.amount, credited.currency)
        agree(what in named.parked, f"{credited.reference} credits {what}, and {named.parked} is set aside")
        agree(named.owner is credited.owner, f"{credited.reference} went to somebody else")
        agree("receiving" not in named.owner.stops, f"{credited.reference}: its owner cannot receive")
        named.parked.remove(what)
        named.settled = True
        self._credited(credited)

    # What statements move

    def held(self, receipt: Receipt) -> None:
        """A line shows money that nobody can be given: its rail has it, suspense stands for it."""
        self.receipts[receipt.id] = receipt
        self.suspense[receipt.currency] += receipt.amount
        self.banked[receipt.rail, receipt.currency] += receipt.amount

    def undone(self, rail: str, minor: int, currency: str) -> None:
        """One of two lines by which a rail took a payment out and booked it back: suspense is where they meet."""
        self.suspense[currency] += minor
        self.banked[rail, currency] += minor

    def credit_receipt(self, credited: Operation, person: Person) -> None:
        """Two of the staff have given money out of suspense to somebody, as a top-up."""
        agree("receiving" not in person.stops, f"{credited.reference}: its owner cannot receive")
        self._credited(credited)

    def _credited(self, credited: Operation) -> None:
        credited.told = credited.credited = True
        self.suspense[credited.currency] -= credited.amount
        credited.owner.money[credited.currency] += credited.amount
        self.operations[credited.id] = credited

    def sent_back(self, receipt: Receipt, state: str) -> None:
        """Money out of suspense goes back to its payer; once the bank has it, it has left."""
        if receipt.id not in self.receipts:
            agree(state == "processing", f"a return begins as {state}")
            self.receipts[receipt.id] = receipt
            return
        kept = self.receipts[receipt.id]
        agree(kept.state == "processing" and state in ("succeeded", "failed"), f"a return became {state}")
        kept.state = state
        if state == "succeeded":
            self.suspense[kept.currency] -= kept.amount
            self.banked[kept.rail, kept.currency] -= kept.amount
