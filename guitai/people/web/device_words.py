"""Devices and sign-ins in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from guitai.people.device_reads import SessionView


def device_title(device: Any) -> str:
    """What a person calls a device, or what it calls itself."""
    return (device and (device.name or device.label)) or _("Unknown device")


def sign_in_steps(sign_ins: Iterable[SessionView]) -> list[dict[str, object]]:
    """Sign-ins in the shape of the timeline."""
    return [
        {
            "at": one.at,
            "title": device_title(one.device),
            "detail": " · ".join(part for part in (one.place, _ways(one.methods)) if part),
            "state": "failed" if one.denied else "done",
        }
        for one in sign_ins
    ]


def _ways(methods: Iterable[str]) -> str:
    words = {
        "password": _("password"),
        "code": _("SMS code"),
        "sms": _("SMS code"),
        "email": _("e-mail code"),
        "webauthn": _("passkey"),
        "totp": _("authenticator app"),
        "recovery_codes": _("recovery code"),
    }
    return " + ".join(dict.fromkeys(words[method] for method in methods if method in words))
