"""Whether a sign-in needs a second step, and with what it can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Why = Literal["chosen", "new_device", "unusual_place"]
Way = Literal["passkey", "totp", "recovery", "sms", "email", "password", "pin", "identity"]


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of somebody's earlier sign-ins."""

    any_sign_in: bool
    device_seen_at: datetime | None
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class Means:
    """What somebody can prove themselves with."""

    passkey: bool = False
    totp: bool = False
    recovery: bool = False
    email: bool = False
    pin: bool = False
    # A document's number is known: tier 1 at least.
    identity: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """The operator's choices."""

    new_device: bool
    unusual_place: bool
    device_known_days: int


def reasons(past: Past, place: str, asking: Asking, now: datetime, *, chosen: bool) -> tuple[Why, ...]:
    """Why a second step is asked for; nothing when it is not.

    Somebody without any sign-in behind them is not unusual anywhere: the first device is the one to compare with.
    """
    found: list[Why] = ["chosen"] if chosen else []
    if not past.any_sign_in:
        return tuple(found)
    known_since = now - timedelta(days=asking.device_known_days)
    if asking.new_device and (past.device_seen_at is None or past.device_seen_at < known_since):
        found.append("new_device")
    if asking.unusual_place and place and past.places and place not in past.places:
        found.append("unusual_place")
    return tuple(found)


def second_steps(means: Means, first: Sequence[str]) -> tuple[Way, ...]:
    """The ways of a second step after `first` (password, code): something else than what was shown already.

    A code by SMS or mail is offered only to who has no authenticator app: a stolen number must not be a way around it.
    """
    ways: list[Way] = [way for way, held in _authenticators(means) if held]
    if means.totp:
        return tuple(ways)
    if "password" not in first:
        return (*ways, "password")
    return (*ways, "sms", "email") if means.email else (*ways, "sms")


def reset_proofs(means: Means) -> tuple[Way, ...]:
    """The second proofs of a new password, besides the code by SMS. Nothing, when there is nothing yet to protect."""
    ways = [way for way, held in _authenticators(means) if held]
    if means.totp:
        return tuple(ways)
    return (*ways, *(("pin",) if means.pin else ()), *(("email",) if means.email else ()))


def pin_proofs(means: Means, first: str) -> tuple[Way, ...]:
    """The second proof of somebody who forgot the payment PIN, after `first` (password, passkey, totp, recovery).

    It is always another one than the first. What can be read off a stolen phone or a stolen document is offered only to
    who has no authenticator app.
    """
    ways: list[Way] = [way for way, held in _authenticators(means) if held and way != first]
    if first != "password":
        ways.append("password")
    if means.totp:
        return tuple(ways)
    others: tuple[tuple[Way, bool], ...] = (
        ("sms", True),
        ("email", means.email),
        ("identity", means.identity),
    )
    return (*ways, *(way for way, held in others if held))


def phone_proofs(means: Means) -> tuple[Way, ...]:
    """What replaces the old number, besides the password, in a change of number."""
    return reset_proofs(means)


def _authenticators(means: Means) -> tuple[tuple[Way, bool], ...]:
    return (("passkey", means.passkey), ("totp", means.totp), ("recovery", means.recovery))
