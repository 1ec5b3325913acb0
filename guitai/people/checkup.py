"""The security check-up of a person: findings, and what happened lately."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from guitai.audit import api as audit
from guitai.base.clock import now
from guitai.people.flows.authenticators import recovery_codes_of
from guitai.people.models import Device, User
from guitai.people.policies import sign_in_policy
from guitai.people.reads import email_of, has_pin
from guitai.people.rules.checkup import Facts, Finding, Level, findings, overall

_Type = Authenticator.Type
_LOOKED_AT, _SHOWN = 100, 15
# What the person may read of their own record; looks by staff have a page of their own.
TOLD = frozenset({
    "person.signed_in", "person.denied_sign_in", "person.session_ended", "person.sessions_ended",
    "person.device_forgotten", "person.password_changed", "person.password_reset", "person.pin_set",
    "person.pin_changed", "person.totp_set", "person.totp_removed", "person.passkey_added", "person.passkey_removed",
    "person.recovery_codes_made", "person.second_step_on", "person.second_step_off", "person.email_set",
    "person.email_changed", "person.email_removed", "person.number_changed", "person.number_change_asked",
    "person.number_change_cancelled", "person.registered",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to how a person gets in."""

    at: datetime
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """What is strong, what is weak, what happened."""

    level: Level
    findings: tuple[Finding, ...]
    events: tuple[Event, ...]


def checkup(person: UUID) -> Checkup:
    """Look at everything that keeps a person's account safe."""
    found = findings(_facts(User.objects.get(id=person)), now())
    return Checkup(overall(found), found, _events(person))


def _facts(user: User) -> Facts:
    types = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return Facts(
        password_at=user.password_at or user.registered_at,
        totp=_Type.TOTP in types,
        passkeys=types.count(_Type.WEBAUTHN),
        codes_left=len(recovery_codes_of(user)),
        pin=has_pin(user.id),
        email=bool(email_of(user.id)),
        devices=Device.objects.filter(person=user).count(),
        renew_days=sign_in_policy().password_renew_days,
    )


def _events(person: UUID) -> tuple[Event, ...]:
    told = [
        Event(
            one.at,
            one.entry.action,
            str(one.entry.details.get("device") or one.entry.details.get("place") or ""),
        )
        for one in audit.entries_about(("person", str(person)), limit=_LOOKED_AT)
        if one.entry.action in TOLD
    ]
    return tuple(told[:_SHOWN])
