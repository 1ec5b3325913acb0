"""How safe an account is: what is strong, what is weak, and what would mend it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Level = Literal["strong", "fair", "weak"]
Subject = Literal["password", "second_step", "passkey", "recovery", "pin", "email", "devices"]
_OLD_PASSWORD = timedelta(days=730)
_FEW_CODES, _MANY_DEVICES = 3, 6


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an account."""

    password_at: datetime | None
    totp: bool
    passkeys: int
    codes_left: int
    pin: bool
    email: bool
    devices: int
    renew_days: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One subject: how it stands, and the fact that says so."""

    subject: Subject
    level: Level
    number: int = 0
    at: datetime | None = None


def findings(facts: Facts, now: datetime) -> tuple[Finding, ...]:
    """Everything that is looked at, in the order in which it is shown."""
    authenticator = facts.totp or facts.passkeys > 0
    return (
        _password(facts, now),
        Finding("second_step", "strong" if authenticator else "fair"),
        Finding("passkey", "strong" if facts.passkeys else "fair", facts.passkeys),
        *((_recovery(facts),) if authenticator else ()),
        Finding("pin", "strong" if facts.pin else "weak"),
        Finding("email", "strong" if facts.email else "weak"),
        Finding("devices", "fair" if facts.devices > _MANY_DEVICES else "strong", facts.devices),
    )


def overall(found: tuple[Finding, ...]) -> Level:
    """The whole is as strong as its weakest part, with an allowance for what is only good to have."""
    levels = [finding.level for finding in found]
    if "weak" in levels:
        return "weak"
    steps = next(finding.level for finding in found if finding.subject == "second_step")
    return "strong" if steps == "strong" and levels.count("fair") <= 1 else "fair"


def _password(facts: Facts, now: datetime) -> Finding:
    limit = timedelta(days=facts.renew_days) if facts.renew_days else _OLD_PASSWORD
    old = facts.password_at is not None and now - facts.password_at > limit
    return Finding("password", "fair" if old else "strong", at=facts.password_at)


def _recovery(facts: Facts) -> Finding:
    level: Level = "weak" if facts.codes_left == 0 else "fair" if facts.codes_left <= _FEW_CODES else "strong"
    return Finding("recovery", level, facts.codes_left)
