"""What becomes of a top-up when a payment that did not fit it is settled."""

from dataclasses import dataclass
from typing import Literal

from guitai.wallet.types import OperationState

# credited: given to the customer as a top-up of its own · returning: the rail was asked to send it back
# returned: the rail has sent it back · refused: the rail would not, and it still stands in suspense
# asked: its owner is asked to which account it goes back · named: they have named one
Step = Literal["credited", "returning", "returned", "refused", "asked", "named"]


@dataclass(frozen=True, slots=True)
class After:
    """An operation's state and code, whether somebody is promised an outcome, and whether its limit goes back."""

    state: OperationState
    code: str | None
    promised: bool = False
    gives_back: bool = False


_CODES = {"credited": "top_up_paid_otherwise", "returning": "top_up_returning",
          "returned": "top_up_returned", "refused": "top_up_return_refused",
          "asked": "top_up_payer_asked", "named": "top_up_payer_named"}  # fmt: skip
_STATES: dict[Step, OperationState] = {
    "credited": "failed", "returning": "processing", "returned": "returned", "refused": "unknown",
    "asked": "unknown", "named": "unknown",
}  # fmt: skip


def after(step: Step, state: OperationState, code: str | None, *, others: bool) -> After:
    """How an operation goes on.

    takes    what has just been done with one of its payments, the operation's state and code, whether other payments
             of it still stand in suspense
    gives    After: what was credited as ordered stays so, and while other money is open nothing is over
    """
    waits = step in ("returning", "refused", "asked", "named")
    if state == "succeeded":
        return After(state, _CODES[step] if waits else None)
    if others and step not in ("asked", "named"):
        return After("unknown", code, promised=True)
    return After(_STATES[step], _CODES[step], promised=waits, gives_back=not waits)
