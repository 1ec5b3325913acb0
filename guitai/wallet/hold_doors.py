"""The part of the door by which staff decide about a held movement."""

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.reference import parse_reference
from guitai.wallet.errors import OperationNotFound
from guitai.wallet.flows import holds
from guitai.wallet.till.types import Outcome


def release_hold(reference: str, *, actor: Actor, purpose: Purpose) -> Outcome:
    """Let a held transfer go on.

    takes    a reference, the member of staff, the case or review it is for
    gives    Outcome
    refuses  not_found, hold_not_open, sender_frozen, purpose_not_real
    """
    return holds.decide_hold(_canonical(reference), True, actor, purpose)


def decline_hold(reference: str, *, actor: Actor, purpose: Purpose) -> Outcome:
    """Give a held transfer back to its sender; takes, gives and refuses like `release_hold`."""
    return holds.decide_hold(_canonical(reference), False, actor, purpose)


def _canonical(reference: str) -> str:
    parsed = parse_reference(reference)
    if parsed is None:
        raise OperationNotFound()
    return parsed
