"""The life of a case, as one table: (state, move) -> state."""

from typing import Literal

from guitai.care.errors import MoveRefused
from guitai.care.types import CaseState, Turn

Move = Literal[
    "triage",
    "take",
    "release",
    "ask_customer",
    "ask_third_party",
    "keep_working",
    "customer_writes",
    "resolve",
    "close",
    "reopen",
    "reopen_assigned",
    "escalate",
    "withdraw",
    "merge",
    "give_up",
]

WORKING: frozenset[CaseState] = frozenset({"in_progress", "waiting_customer", "waiting_third_party"})
QUEUED: frozenset[CaseState] = frozenset({"new", "triaged"})
OPEN: frozenset[CaseState] = WORKING | QUEUED
ENDED: frozenset[CaseState] = frozenset({"resolved", "closed"})
# Nobody waits for anything any more, and nothing was solved: a follow-up continues such a case.
LEFT: frozenset[CaseState] = frozenset({"withdrawn", "merged"})

_MOVES: dict[tuple[CaseState, Move], CaseState] = {
    ("new", "triage"): "triaged",
    ("new", "take"): "in_progress",
    ("triaged", "take"): "in_progress",
    # A released case goes back to the queue; whoever takes it next starts by reading it.
    ("in_progress", "release"): "triaged",
    ("waiting_customer", "release"): "triaged",
    ("waiting_third_party", "release"): "triaged",
    # What the customer adds never sends a case back in the queue.
    ("new", "customer_writes"): "new",
    ("triaged", "customer_writes"): "triaged",
    ("in_progress", "customer_writes"): "in_progress",
    ("waiting_customer", "customer_writes"): "in_progress",
    ("waiting_third_party", "customer_writes"): "in_progress",
    ("resolved", "close"): "closed",
    ("resolved", "reopen"): "triaged",
    ("closed", "reopen"): "triaged",
    ("resolved", "reopen_assigned"): "in_progress",
    ("closed", "reopen_assigned"): "in_progress",
    # Whoever does not accept an answer goes to somebody else, who starts by reading.
    ("resolved", "escalate"): "triaged",
    ("closed", "escalate"): "triaged",
    # The customer was asked, reminded, and did not say more.
    ("waiting_customer", "give_up"): "resolved",
}
for _state in OPEN:
    _MOVES[_state, "escalate"] = "triaged"
    _MOVES[_state, "withdraw"] = "withdrawn"
    _MOVES[_state, "merge"] = "merged"
for _state in WORKING:
    _MOVES[_state, "ask_customer"] = "waiting_customer"
    _MOVES[_state, "ask_third_party"] = "waiting_third_party"
    _MOVES[_state, "keep_working"] = "in_progress"
    _MOVES[_state, "resolve"] = "resolved"

_TURNS: dict[CaseState, Turn] = {
    "new": "us",
    "triaged": "us",
    "in_progress": "us",
    "waiting_customer": "customer",
    "waiting_third_party": "third_party",
    "resolved": "nobody",
    "closed": "nobody",
    "withdrawn": "nobody",
    "merged": "nobody",
}


def next_state(state: CaseState, move: Move) -> CaseState:
    """Where a move leads; refuses case_move_refused when the table has no such line."""
    target = _MOVES.get((state, move))
    if target is None:
        raise MoveRefused(state=state, move=move)
    return target


def turn(state: CaseState) -> Turn:
    """Whose turn it is."""
    return _TURNS[state]
