"""Form fields of people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guitai.base.refusal import Refusal
from guitai.kit.explain import explain
from guitai.people import reads

_LONGEST = 40


class PhoneField(forms.CharField):
    """A phone number in any of the ways people write it; cleaned to E.164."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Phone number"))
        options.setdefault("max_length", _LONGEST)
        options.setdefault(
            "widget", forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})
        )
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if not text:
            return ""
        try:
            return reads.normal_phone(text)
        except Refusal as refusal:
            said = explain(refusal.code, refusal.facts)
            raise ValidationError(f"{said.reason} {said.remedy}", code=refusal.code) from refusal


class CodeField(forms.CharField):
    """Six digits from an SMS or an authenticator; full-width digits and spaces are understood."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Code"))
        options.setdefault("max_length", 16)
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
        )
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        plain = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
        return "".join(text.translate(plain).split()).replace("-", "")


class PasswordField(forms.CharField):
    """A password, never stripped and never shown again."""

    def __init__(self, *, new: bool = False, **options: Any) -> None:
        options.setdefault("label", _("Password"))
        options.setdefault("strip", False)
        options.setdefault("max_length", 128)
        words = "new-password" if new else "current-password"
        options.setdefault("widget", forms.PasswordInput(attrs={"autocomplete": words}))
        super().__init__(**options)


class PinField(forms.CharField):
    """A payment PIN."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Payment PIN"))
        options.setdefault("max_length", 12)
        options.setdefault(
            "widget",
            forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}),
        )
        super().__init__(**options)
