"""Who money in suspense may be for: every candidate with its score and what the score is made of."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from msgspec import Struct

from guitai.wallet.reconciliation.rules.likeness import day_likeness, name_likeness, reference_likeness

# What each sign weighs; together 100.
WEIGHTS = {"amount": 35, "reference": 30, "name": 25, "time": 10}
_LEAST = 40
_SHOWN = 8


class Receipt(Struct, frozen=True):
    """What is known of money that came."""

    amount: int
    currency: str
    day: date
    payer: str
    words: str


class Waiting(Struct, frozen=True):
    """A top-up that may be what the money was for."""

    operation: UUID
    reference: str
    owner: UUID
    owner_name: str
    amount: int
    day: date
    state: str


class Candidate(Struct, frozen=True):
    """A top-up with its score, and the parts of it, each 0 to 100 before it is weighed."""

    waiting: Waiting
    score: int
    parts: dict[str, int]


def rank(receipt: Receipt, waiting: Iterable[Waiting]) -> list[Candidate]:
    """The likeliest first; at most eight, and none without at least two signs that agree."""
    found = [_scored(receipt, one) for one in waiting]
    fit = [
        one for one in found if one.score >= _LEAST and sum(part >= 50 for part in one.parts.values()) >= 2
    ]
    return sorted(fit, key=lambda one: (-one.score, one.waiting.day, one.waiting.reference))[:_SHOWN]


def _scored(receipt: Receipt, one: Waiting) -> Candidate:
    parts = {
        "amount": _amounts(receipt.amount, one.amount),
        "reference": reference_likeness(one.reference, receipt.words),
        "name": name_likeness(receipt.payer, one.owner_name),
        "time": day_likeness(receipt.day, one.day),
    }
    return Candidate(one, sum(WEIGHTS[name] * part for name, part in parts.items()) // 100, parts)


def _amounts(received: int, expected: int) -> int:
    """The same amount, the same digits in another order (a typing slip), or nothing."""
    if received == expected:
        return 100
    return 50 if sorted(str(received)) == sorted(str(expected)) and len(str(received)) > 2 else 0
