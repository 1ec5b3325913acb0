"""What may become of a payout, and when payouts leave."""

from typing import Final

from guitai.rails.types import PayoutState

# A bank tells things late, twice and in any order: a payout only ever goes forward.
_FOLLOWS: Final[dict[PayoutState, frozenset[PayoutState]]] = {
    "queued": frozenset({"filed", "cancelled"}),
    "filed": frozenset({"sent", "accepted", "settled", "rejected", "returned"}),
    "sent": frozenset({"accepted", "settled", "rejected", "returned"}),
    "accepted": frozenset({"settled", "rejected", "returned"}),
    # Money that went out may come back days later; it cannot be rejected any more.
    "settled": frozenset({"returned"}),
    "rejected": frozenset(),
    "returned": frozenset(),
    "cancelled": frozenset(),
}
# ISO 20022 external payment status codes. PART and the like say nothing about one payment.
_OF_STATUS: Final[dict[str, PayoutState]] = {
    "ACTC": "accepted",
    "ACCP": "accepted",
    "ACSP": "accepted",
    "ACWC": "accepted",
    "ACWP": "accepted",
    "ACFC": "accepted",
    "PDNG": "accepted",
    "RCVD": "accepted",
    "PATC": "accepted",
    "ACSC": "settled",
    "ACCC": "settled",
    "RJCT": "rejected",
    "CANC": "rejected",
    "BLCK": "rejected",
}


def may_follow(state: PayoutState, told: PayoutState) -> bool:
    """Whether a payout in one state may come into another."""
    return told in _FOLLOWS[state]


def contradicts(state: PayoutState, told: PayoutState) -> bool:
    """Whether what was told cannot be true beside what we know: for a person to look at."""
    return (state, told) in {
        ("settled", "rejected"),
        ("rejected", "settled"),
        ("rejected", "returned"),
        ("cancelled", "settled"),
        ("cancelled", "accepted"),
        ("queued", "settled"),
        ("queued", "accepted"),
        ("queued", "rejected"),
    }


def state_of_status(status: str) -> PayoutState | None:
    """What an ISO 20022 status means for one payment; None for one that says nothing about it."""
    return _OF_STATUS.get(status)
