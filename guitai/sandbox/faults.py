"""What a clerk arranges to go wrong with the notices about one payment, at any gateway."""

from collections.abc import Mapping
from dataclasses import dataclass

from guitai.sandbox.asgi import Problem

DELAY_S_MAX, COPIES_MAX = 7 * 24 * 3600, 5


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong with the notices about a payment."""

    delay_s: int = 0
    copies: int = 1
    bad_signature: bool = False
    lost: bool = False
    # Minor units; another amount than was paid is told.
    told_amount: int | None = None
    # A notice of an earlier state comes after the one that it is paid.
    reordered: bool = False


def faults_of(given: Mapping[str, str]) -> Faults:
    """As a page or a program asks for them; refuses with a Problem."""

    def whole(name: str, usual: int, most: int) -> int:
        text = given.get(name, "")
        if text and not (text.isascii() and text.isdigit() and int(text) <= most):
            raise Problem(422, f"{name}_invalid", f"{name} must be a whole number up to {most}.")
        return int(text) if text else usual

    def ticked(name: str) -> bool:
        return given.get(name, "") not in ("", "False")

    return Faults(
        delay_s=whole("delay_s", 0, DELAY_S_MAX),
        copies=2 if ticked("twice") else max(1, whole("copies", 1, COPIES_MAX)),
        bad_signature=ticked("bad_signature"),
        lost=ticked("lost"),
        told_amount=whole("told_amount", 0, 10**12) or None,
        reordered=ticked("reordered"),
    )
