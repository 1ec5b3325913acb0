"""What a rail's word about a dispute means, and the operator's rule for what is disputed."""

from typing import Literal

import msgspec

Verdict = Literal["open", "won", "lost"]
# As acquirers call the ends of a dispute; whatever else they say, it is not decided yet.
_WON = frozenset({"won", "warning_closed"})
_LOST = frozenset({"lost"})


class Chargebacks(msgspec.Struct, frozen=True):
    """Whether what is unspent of a disputed top-up is held, how long the bank's word is waited for, and who is told."""

    hold: bool = True
    # Card schemes decide within 120 days.
    days: int = 120
    opens_case: bool = True

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("a bank is given a day at least")


def verdict_of(status: str) -> Verdict:
    """How far a dispute is, by the rail's own word."""
    if status in _WON:
        return "won"
    return "lost" if status in _LOST else "open"
