"""Forms around signing in: passwords, PINs, contacts, names of devices."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from guitai.people.models import User
from guitai.people.rules.device import NAME_MAX
from guitai.people.web.fields import CodeField, PasswordField, PhoneField, PinField
from guitai.people.web.forms import FirstPinForm

_HINT = _("At least 8 characters. Three or four words that do not belong together are strong.")


class ChosenPasswordForm(forms.Form):
    """A new password, judged against what is known of its owner."""

    new_password = PasswordField(new=True, label=_("New password"), help_text=_HINT)

    def __init__(self, *arguments: Any, user: User, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._user = user

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        validate_password(password, self._user)
        return password


class PasswordForm(ChosenPasswordForm):
    password = PasswordField(label=_("Your present password"))
    field_order = ("password", "new_password")


class ChangePinForm(FirstPinForm):
    current = PinField(label=_("Your present PIN"))
    field_order = ("current", "pin", "pin_again")


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class NumberForm(forms.Form):
    phone = PhoneField(label=_("Your new number"))
    old = forms.ChoiceField(
        label=_("The old number"),
        choices=[("yes", _("I can still get messages on it")), ("no", _("I no longer have it"))],
        widget=forms.RadioSelect,
        initial="yes",
    )


class TwoCodesForm(forms.Form):
    new_code = CodeField(label=_("Code sent to the new number"))
    old_code = CodeField(label=_("Code sent to the old number"))


class NewCodeForm(forms.Form):
    new_code = CodeField(label=_("Code sent to the new number"))


class NameDeviceForm(forms.Form):
    name = forms.CharField(label=_("Name of this device"), max_length=NAME_MAX, required=False)


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name of this passkey"),
        max_length=NAME_MAX,
        help_text=_("Such as “My phone” or “Office computer”."),
    )
    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000, required=False)
