"""What an agent may do with a case, and what is missing where they may not."""

from typing import get_args

from guitai.care.types import OVER, CaseState
from guitai.desk.types import Action, ActionName, Need


def actions(
    *, state: CaseState, holder: str | None, staff: str, operation_held: bool, may_decide: bool
) -> dict[str, Action]:
    """Every action, offered or not, so that the screen never changes shape.

    takes    the case's state, who holds it, who asks, whether its operation waits for a decision, and whether
             the asker's role decides such things
    gives    Action by name; hold actions only when there is a hold
    """
    mine, ended = holder == staff, state in OVER
    needs: dict[ActionName, Need] = {
        "take": "case_ended" if ended else "held_by_colleague" if holder and not mine else "",
        "note": "",
    }
    for name in ("release", "reply", "resolve"):
        needs[name] = _speaking(ended, holder, mine)
    if operation_held:
        needs["release_hold"] = needs["decline_hold"] = "" if may_decide else "supervisor"
    found = {name: Action(name, allowed=not need, needs=need) for name, need in needs.items()}
    if mine or ended:
        found["take"] = Action("take", allowed=False, needs=found["take"].needs)
    return {name: found[name] for name in get_args(ActionName) if name in found}


def ring(since: float | None, until: float | None, now: float) -> int:
    """How much of a promise has been used, 0 to 100."""
    if since is None or until is None or until <= since:
        return 0
    return max(0, min(100, round(100 * (now - since) / (until - since))))


def _speaking(ended: bool, holder: str | None, mine: bool) -> Need:
    if ended:
        return "case_ended"
    if mine:
        return ""
    return "held_by_colleague" if holder else "take_first"
