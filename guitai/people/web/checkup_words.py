"""A check-up in words: each finding with its mend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guitai.people.checkup import Checkup, Event
from guitai.people.rules.checkup import Finding, Level
from guitai.skin.text import moment_text

_TONES: dict[Level, str] = {"strong": "ok", "fair": "info", "weak": "wait"}
_ICONS = {
    "password": "key-round", "second_step": "shield-check", "passkey": "fingerprint-pattern", "recovery": "life-buoy",
    "pin": "grid-3x3", "email": "mail", "devices": "monitor-smartphone",
}  # fmt: skip
_PAGES = {
    "password": "people:password", "second_step": "people:second_steps", "passkey": "people:passkey_add",
    "recovery": "people:recovery_codes", "pin": "people:pin", "email": "people:mail", "devices": "people:devices",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the page."""

    title: str
    detail: str
    badge: str
    tone: str
    icon: str
    href: str


@dataclass(frozen=True, slots=True)
class Told:
    """One event, in the shape of the timeline."""

    at: datetime
    title: str
    detail: str
    state: str = "done"


def lines(checkup: Checkup) -> list[Line]:
    """The findings, the weak ones first."""
    order: dict[Level, int] = {"weak": 0, "fair": 1, "strong": 2}
    return [_line(one) for one in sorted(checkup.findings, key=lambda one: order[one.level])]


def events(checkup: Checkup) -> list[Told]:
    """What happened lately."""
    return [_told(one) for one in checkup.events]


def whole(level: Level) -> tuple[str, str, str]:
    """Title, sentence and tone of the whole."""
    return {
        "strong": (_("Well protected"), _("There is nothing you need to do."), "ok"),
        "fair": (_("Protected"), _("Below is what would make it stronger."), "info"),
        "weak": (_("Something is missing"), _("Mend what stands first; each takes a minute."), "wait"),
    }[level]


def _line(found: Finding) -> Line:
    badges = {"strong": _("Strong"), "fair": _("Could be stronger"), "weak": _("Missing")}
    words: dict[str, Callable[[Finding], tuple[str, str]]] = {
        "password": _password, "second_step": _second_step, "passkey": _passkey, "recovery": _recovery, "pin": _pin,
        "email": _email, "devices": _devices,
    }  # fmt: skip
    title, detail = words[found.subject](found)
    page = "people:second_steps" if found.subject == "passkey" and found.number else _PAGES[found.subject]
    return Line(title, detail, badges[found.level], _TONES[found.level], _ICONS[found.subject], reverse(page))


def _password(found: Finding) -> tuple[str, str]:
    if found.level == "fair":
        return _("Password"), _("Chosen long ago. Choose a new one.")
    since = moment_text(found.at) if found.at else ""
    return _("Password"), _("Chosen %(at)s") % {"at": since} if since else _("Set")


def _second_step(found: Finding) -> tuple[str, str]:
    if found.level == "strong":
        return _("Second step"), _("Asked for at every sign-in")
    return _("Second step"), _("Only a code by SMS on new devices. Set up a passkey or an authenticator app.")


def _passkey(found: Finding) -> tuple[str, str]:
    if not found.number:
        return _("Passkeys"), _("Sign in and pay with your fingerprint or face")
    count = ngettext("%(number)s passkey", "%(number)s passkeys", found.number)
    return _("Passkeys"), count % {"number": found.number}


def _recovery(found: Finding) -> tuple[str, str]:
    if not found.number:
        return _("Recovery codes"), _("All used. Make new ones before you need them.")
    left = ngettext("%(number)s left", "%(number)s left", found.number)
    return _("Recovery codes"), left % {"number": found.number}


def _pin(found: Finding) -> tuple[str, str]:
    return _("Payment PIN"), _("Set") if found.level == "strong" else _("Not set yet")


def _email(found: Finding) -> tuple[str, str]:
    if found.level == "strong":
        return _("E-mail"), _("Confirmed as your second contact")
    return _("E-mail"), _("Without it we can reach you only on one phone")


def _devices(found: Finding) -> tuple[str, str]:
    count = ngettext("%(number)s device", "%(number)s devices", found.number)
    return _("Devices"), count % {"number": found.number}


def _told(event: Event) -> Told:
    titles = {
        "person.registered": _("Wallet opened"),
        "person.signed_in": _("Sign-in"),
        "person.denied_sign_in": _("You said: this wasn't me"),
        "person.session_ended": _("A session was signed out"),
        "person.sessions_ended": _("All other sessions were signed out"),
        "person.device_forgotten": _("A device was forgotten"),
        "person.password_changed": _("Password changed"),
        "person.password_reset": _("New password after it was forgotten"),
        "person.pin_set": _("Payment PIN set"),
        "person.pin_changed": _("Payment PIN changed"),
        "person.totp_set": _("Authenticator app set up"),
        "person.totp_removed": _("Authenticator app removed"),
        "person.passkey_added": _("Passkey added"),
        "person.passkey_removed": _("Passkey removed"),
        "person.recovery_codes_made": _("New recovery codes"),
        "person.second_step_on": _("Second step at every sign-in"),
        "person.second_step_off": _("Second step only when something is new"),
        "person.email_set": _("E-mail address confirmed"),
        "person.email_changed": _("E-mail address changed"),
        "person.email_removed": _("E-mail address removed"),
        "person.number_changed": _("Phone number changed"),
        "person.number_change_asked": _("Change of phone number asked for"),
        "person.number_change_cancelled": _("Change of phone number cancelled"),
    }
    return Told(event.at, titles.get(event.action, event.action), event.detail)
