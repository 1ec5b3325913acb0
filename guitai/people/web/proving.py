"""A form for one of several proofs: digits, a password or PIN, or what a passkey answered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guitai.people.rules.sign_in import Way
from guitai.people.web.fields import CodeField, PasswordField, PinField

_LABELS = {
    "totp": _("Code from your authenticator app"),
    "recovery": _("One of your recovery codes"),
    "sms": _("Code from the SMS"),
    "email": _("Code from the e-mail"),
}
WAY_TITLES = {
    "passkey": _("Passkey"),
    "totp": _("Authenticator app"),
    "recovery": _("Recovery code"),
    "sms": _("Code by SMS"),
    "email": _("Code by e-mail"),
    "password": _("Password"),
    "pin": _("Payment PIN"),
    "identity": _("Number of your document"),
}
WAY_ICONS = {
    "passkey": "fingerprint-pattern",
    "totp": "smartphone",
    "recovery": "life-buoy",
    "sms": "message-square",
    "email": "mail",
    "password": "key-round",
    "pin": "grid-3x3",
    "identity": "id-card",
}
_CREDENTIAL_MAX, _NUMBER_MAX = 20_000, 40


class ProofForm(forms.Form):
    """The field that fits the way; `given` is what was proved with."""

    def __init__(self, *arguments: Any, way: Way, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.way = way
        if way == "password":
            self.fields["password"] = PasswordField(label=_("Your password"))
        elif way == "pin":
            self.fields["pin"] = PinField(label=_("Your payment PIN"))
        elif way == "identity":
            self.fields["number"] = forms.CharField(
                label=_("The whole number of your document"),
                max_length=_NUMBER_MAX,
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
            )
        elif way == "passkey":
            self.fields["credential"] = forms.CharField(widget=forms.HiddenInput, max_length=_CREDENTIAL_MAX)
        else:
            self.fields["code"] = CodeField(label=_LABELS[way])

    @property
    def given(self) -> str:
        return str(next(iter(self.cleaned_data.values())))


def way_rows(ways: Sequence[Way], now: Way) -> list[dict[str, object]]:
    """The other ways, as links."""
    return [{"way": way, "title": WAY_TITLES[way], "icon": WAY_ICONS[way]} for way in ways if way != now]


def chosen_way(wanted: str | None, ways: Sequence[Way]) -> Way | None:
    """The way a person chose, or the best there is."""
    return next((way for way in ways if way == wanted), ways[0] if ways else None)
