"""What a day's difference between the books and the bank is made of, to the last minor unit."""

from collections.abc import Iterable
from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import Struct

# in_transit: booked here, not on a statement yet · booked_later: on a statement, booked here afterwards
# line_open: on a statement, and nobody's yet · payout_open: a gateway has taken it, and it is open whether it leaves
# amount_differs: a line and its movements are not the same amount
# opening: what the account held before the first statement that we have · statement_gap: the bank's own closing is
# not what its lines come to
Kind = Literal[
    "in_transit", "booked_later", "line_open", "payout_open", "amount_differs", "opening", "statement_gap"
]


class Part(Struct, frozen=True):
    """One part: what the books have more than the bank because of it."""

    kind: Kind
    amount: int
    transfer: UUID | None = None
    line: int | None = None
    reference: str = ""
    since: date | None = None


class Unproved(Struct, frozen=True):
    """A movement that no line up to the day has proved, signed: money in is positive."""

    transfer: UUID
    amount: int
    reference: str
    day: date


class Booked(Struct, frozen=True):
    """A line up to the day, signed, with what its movements come to: up to the day, and in all (None: it has none)."""

    line: int
    amount: int
    by_then: int
    in_all: int | None
    reference: str
    day: date | None
    # Whether it is a payment out that the gateway has taken and that may still be booked back; not for ever.
    payout_open: bool = False


def parts(unproved: Iterable[Unproved], booked: Iterable[Booked], *, opening: int, gap: int) -> list[Part]:
    """Every part of the difference; what is nothing is left out.

    takes    movements without a line, lines, what the account held at first, what the bank's closing says more than
             its lines
    gives    Part values whose amounts sum to the books' closing less the bank's
    """
    found = [
        Part("in_transit", one.amount, transfer=one.transfer, reference=one.reference, since=one.day)
        for one in unproved
    ]
    for line in booked:
        difference = line.by_then - line.amount
        if not difference:
            continue
        kind: Kind = "amount_differs"
        if line.in_all is None:
            kind = "payout_open" if line.payout_open else "line_open"
        if line.in_all is not None and line.in_all == line.amount:
            kind = "booked_later"
        found.append(Part(kind, difference, line=line.line, reference=line.reference, since=line.day))
    if opening:
        found.append(Part("opening", -opening))
    if gap:
        found.append(Part("statement_gap", -gap))
    return found


def is_explained(kind: str, since: date | None, day: date, transit_days: int) -> bool:
    """Whether a part needs nobody: it is on its way, and has not been for too long."""
    if kind in ("opening", "booked_later", "payout_open"):
        return True
    return kind == "in_transit" and since is not None and (day - since).days <= transit_days


def unexplained(found: Iterable[Part], day: date, transit_days: int) -> int:
    """How much of a difference somebody has to look at; every part counts, whichever way it goes."""
    return sum(abs(one.amount) for one in found if not is_explained(one.kind, one.since, day, transit_days))
