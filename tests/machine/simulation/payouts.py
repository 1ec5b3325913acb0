"""Payments out as the outside has them: what a bank or a gateway has decided, and what it may have told by now."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from guitai.base import clock
from guitai.rails.types import Payout, PayoutAnswer
from tests.machine.simulation.books import Booking
from tests.machine.simulation.known import agree
from tests.machine.simulation.sides import Side, today

# What a gateway makes of a payment out. `late` and `fails` are under way for hours first.
_FATES = {"paid": 8, "late": 4, "refused": 3, "fails": 3, "returned": 4}
_REASONS = ("payee_name_mismatch", "payee_account_wrong", "payout_over_bank_limit", "payout_failed_at_bank")
_SENT_BACK, _SHORT = "payout_sent_back_by_payee", "payout_funds_short"
# So long a gateway may not know yet what it was asked for a moment ago.
_FORGETFUL = timedelta(minutes=1)
_VAGUE = 0.08


@dataclass(eq=False, slots=True)
class Paid:
    """A payment out as whoever carries it out has it."""

    reference: str
    amount: int
    currency: str
    fate: str
    reason: str
    rail: str = "bank"
    message_id: str = ""
    asked_at: datetime = field(default_factory=clock.now)
    # How far it is at a gateway: under_way, done, rejected, back.
    state: str = "under_way"
    # What the wallet may know by now: accepted, settled, rejected, returned.
    told: set[str] = field(default_factory=set)
    came_back: int = 0
    # What will be done with it, and when.
    plan: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)


def carry_on(payouts: Iterable[Paid]) -> None:
    """What was decided happens when its time has come."""
    for paid in payouts:
        due = [step for step in paid.plan if step[0] <= clock.now()]
        paid.plan = [step for step in paid.plan if step[0] > clock.now()]
        for _, step in sorted(due, key=lambda pair: pair[0]):
            step()


@dataclass(eq=False, slots=True)
class Desk:
    """Where a gateway takes payments out: each of them once, however often and however vaguely it answers."""

    side: Side
    # Whether it pays while it answers, and says of what its payee sent back that it was never paid.
    at_once: bool
    takes_back: bool
    # Whether it tells of an end by a notice, which proves nothing.
    notifies: bool
    payouts: dict[str, Paid] = field(default_factory=dict)

    def ask(self, payout: Payout) -> PayoutAnswer:
        """A wish; under a reference that it has, it is the same wish."""
        reference, hostile = payout.order_reference, self.side.hostile
        vague = self.side.chance.random() if hostile else 1.0
        if vague < _VAGUE / 2:
            return PayoutAnswer(reference, "unknown", rail_code="SYSTEM_ERROR")
        found = self.payouts.get(reference)
        if found is None:
            found = self.payouts[reference] = self._decide(payout)
        elif not self.at_once:
            return PayoutAnswer(reference, "unknown", rail_code="12")
        same = (found.amount, found.currency) == (payout.amount.minor, payout.amount.currency)
        agree(same, f"{reference} was asked for as {found.amount}, and now as {payout.amount}")
        if vague < _VAGUE:
            return PayoutAnswer(reference, "unknown", rail_code="SYSTEM_ERROR")
        return self._answer(found)

    def query(self, reference: str) -> PayoutAnswer:
        found, side = self.payouts.get(reference), self.side
        young = found is not None and clock.now() - found.asked_at < _FORGETFUL
        if found is None or (young and side.hostile and side.chance.random() < 0.3):
            return PayoutAnswer(reference, "unknown", "payout_unknown")
        return self._answer(found)

    def _answer(self, paid: Paid) -> PayoutAnswer:
        reference, number = paid.reference, f"T{paid.reference}"
        if paid.state == "under_way":
            paid.told.add("accepted")
            return PayoutAnswer(reference, "accepted", bank_reference=number)
        if paid.state == "rejected" or (paid.state == "back" and self.takes_back):
            paid.told.add("rejected")
            code = paid.reason if paid.state == "rejected" else _SENT_BACK
            return PayoutAnswer(reference, "rejected", code, "FAIL", number)
        paid.told.add("settled")
        return PayoutAnswer(reference, "done", bank_reference=number)

    def _decide(self, payout: Payout) -> Paid:
        side, amount = self.side, payout.amount
        chance = side.chance
        fate = chance.choices(list(_FATES), list(_FATES.values()))[0] if side.hostile else "paid"
        paid = Paid(
            payout.order_reference, amount.minor, amount.currency, fate, chance.choice(_REASONS), side.rail
        )
        if side.books.balance(amount.currency) < amount.minor:
            paid.fate, paid.reason = "refused", _SHORT
        later = clock.now() + timedelta(hours=chance.randint(1, 30))
        soon = clock.now() + timedelta(seconds=chance.randint(1, 300))
        if paid.fate == "refused":
            self._reject(paid)
        elif paid.fate == "fails":
            paid.plan.append((later, lambda: self._reject(paid)))
        elif paid.fate == "late" or not self.at_once:
            paid.plan.append((later if paid.fate == "late" else soon, lambda: self._pay(paid)))
        else:
            self._pay(paid)
        return paid

    def _pay(self, paid: Paid) -> None:
        paid.state = "done"
        self._book(paid, -paid.amount, "settled")
        self._notify(paid)
        if paid.fate == "returned":
            back = clock.now() + timedelta(hours=self.side.chance.randint(1, 60))
            paid.plan.append((back, lambda: self._return(paid)))

    def _reject(self, paid: Paid) -> None:
        paid.state = "rejected"
        self._notify(paid)

    def _return(self, paid: Paid) -> None:
        paid.state, paid.came_back = "back", paid.amount
        self._book(paid, paid.amount, "returned")

    def _book(self, paid: Paid, minor: int, means: str) -> None:
        side = self.side
        side.count += 1
        side.books.book(
            Booking(
                side.merchant, paid.currency, minor, today(), f"{side.rail[0].upper()}P{side.count}",
                end_to_end=paid.reference, heard=lambda: paid.told.add(means),
            )
        )  # fmt: skip

    def _notify(self, paid: Paid) -> None:
        if self.notifies:
            for _ in range(self.side.chance.choice((0, 1, 1, 2))):
                self.side.set_out(None, f'{{"payout": "{paid.reference}"}}'.encode())
