"""Forms of people: one question each."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from guitai.people.models import User
from guitai.people.rules.name import NAME_MAX
from guitai.people.web.fields import CodeField, PasswordField, PhoneField, PinField


class PhoneForm(forms.Form):
    phone = PhoneField()


class NewPasswordForm(forms.Form):
    password = PasswordField(
        new=True,
        label=_("Password"),
        help_text=_("At least 8 characters. Three or four words that do not belong together are strong."),
    )
    agreement = forms.BooleanField(
        label=_("I have read the agreement and accept it"),
        error_messages={"required": _("Please read the agreement and accept it to go on.")},
    )

    def __init__(self, *arguments: Any, phone: str = "", **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._phone = phone

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        guesser = User()
        guesser.put_phone(self._phone, b"")
        validate_password(password, guesser)
        return password


class CodeForm(forms.Form):
    code = CodeField(label=_("Six-digit code"))


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As in your ID document. Others see only its first letter."),
    )


class FirstPinForm(forms.Form):
    pin = PinField(
        label=_("New payment PIN"),
        help_text=_("Six digits to confirm payments. Not a birthday, not part of your number."),
    )
    pin_again = PinField(label=_("The same PIN again"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("pin") and cleaned.get("pin_again") and cleaned["pin"] != cleaned["pin_again"]:
            self.add_error("pin_again", _("The two are not the same. Enter both again."))
        return cleaned


class PinForm(FirstPinForm):
    password = PasswordField(label=_("Your password"), help_text=_("The one you sign in with."))
    field_order = ("password", "pin", "pin_again")


class SignInForm(forms.Form):
    phone = PhoneField()
    password = PasswordField()


class StaffSignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}), max_length=254
    )
    password = PasswordField()


class ResetForm(forms.Form):
    code = CodeField(label=_("Six-digit code"))
    password = PasswordField(
        new=True,
        label=_("New password"),
        help_text=_("At least 8 characters. Three or four words that do not belong together are strong."),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
