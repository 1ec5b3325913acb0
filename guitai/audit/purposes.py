"""Which purposes hold: the room that owns a kind of purpose says whether one is real."""

from collections.abc import Callable

from guitai.audit.errors import PurposeMissing, PurposeNotReal
from guitai.audit.types import Purpose
from guitai.base.actor import Actor

Checker = Callable[[Actor, Purpose], bool]
_checkers: dict[str, Checker] = {}


def set_checker(kind: str, checker: Checker) -> None:
    _checkers[kind] = checker


def check(actor: Actor, purpose: Purpose | None) -> None:
    """Staff need a purpose that is real; a kind that no room answers for never is."""
    if actor.kind != "staff":
        return
    if purpose is None:
        raise PurposeMissing()
    checker = _checkers.get(purpose.kind)
    if checker is None or not checker(actor, purpose):
        raise PurposeNotReal()
