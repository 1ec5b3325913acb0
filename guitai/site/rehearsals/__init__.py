"""The ten troubles, staged in a running demonstration through the doors that people use."""

from collections.abc import Callable
from dataclasses import dataclass

from guitai.site.rehearsals import money, safety
from guitai.site.rehearsals.stage import Scene, Stage


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One trouble: what it is, in a line, and what stages it."""

    name: str
    about: str
    stage: Callable[[Stage], Scene]


REHEARSALS: dict[str, Rehearsal] = {
    one.name: one
    for one in (
        Rehearsal("locked", "a sign-in that is locked after wrong passwords", safety.locked),
        Rehearsal("refused", "a payment that was refused", money.refused),
        Rehearsal("top_up", "a top-up that has not arrived", money.top_up),
        Rehearsal("withdrawal", "a withdrawal that is slow or comes back", money.withdrawal),
        Rehearsal("wrong_person", "money sent to the wrong person", money.wrong_person),
        Rehearsal("not_me", "a bill that its owner says was somebody else's", safety.not_me),
        Rehearsal("stolen", "a stolen wallet, from the report to the police pack", safety.stolen),
        Rehearsal("change_phone", "a new phone number", safety.change_phone),
        Rehearsal("fees", "a fee that is not understood", money.fees),
        Rehearsal("held", "a payment that waits for a supervisor", money.held),
    )
}
