"""Forms of getting out and of freezing: one question each."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from guitai.people.flows.freeze_word import WORD_MAX
from guitai.people.flows.release_self import Given
from guitai.people.flows.show_document import FILES_MAX
from guitai.people.models import User
from guitai.people.types import StepCode
from guitai.people.web.fields import CodeField, PasswordField, PhoneField, PinField

_NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class PasswordStep(forms.Form):
    password = PasswordField(label=_("Your password"))


class CodeStep(forms.Form):
    code = CodeField(label=_("Code from the SMS"))


class PinStep(forms.Form):
    pin = PinField(label=_("Your payment PIN"))


class RecoveryStep(forms.Form):
    recovery_code = forms.CharField(
        label=_("A recovery code"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class PasskeyStep(forms.Form):
    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)


class NewPasswordStep(forms.Form):
    new_password = PasswordField(
        new=True,
        label=_("New password"),
        help_text=_("At least 8 characters. Three or four words that do not belong together are strong."),
    )

    def __init__(self, *arguments: Any, user: User | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._user = user

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        validate_password(password, self._user)
        return password


class NewPinStep(forms.Form):
    new_pin = PinField(
        label=_("New payment PIN"), help_text=_("Six digits. Not a birthday, not part of your number.")
    )
    pin_again = PinField(label=_("The same PIN again"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new_pin") and cleaned.get("pin_again") and cleaned["new_pin"] != cleaned["pin_again"]:
            self.add_error("pin_again", _("The two are not the same. Enter both again."))
        return cleaned


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """One to three uploads in one field."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(PhotosField, self).clean(one, initial) for one in given[:FILES_MAX]]


class DocumentStep(forms.Form):
    files = PhotosField(
        label=_("Photos of your document"),
        help_text=_(
            "The side with your face, and a picture of you holding it. PNG, JPEG or WebP, up to 10 MB."
        ),
    )


FORMS: dict[StepCode, type[forms.Form]] = {
    "password": PasswordStep,
    "sms_code": CodeStep,
    "pin": PinStep,
    "recovery_code": RecoveryStep,
    "passkey": PasskeyStep,
    "new_password": NewPasswordStep,
    "new_pin": NewPinStep,
    "identity_document": DocumentStep,
}


def given_by(form: forms.Form) -> Given:
    """What a step's form holds, as the flow takes it."""
    data = form.cleaned_data
    return Given(
        password=data.get("password", ""),
        code=data.get("code", ""),
        pin=data.get("pin", ""),
        recovery_code=data.get("recovery_code", ""),
        passkey=data.get("credential", ""),
        new_password=data.get("new_password", ""),
        new_pin=data.get("new_pin", ""),
    )


class RecoveryUnlockForm(RecoveryStep):
    phone = PhoneField()
    field_order = ("phone", "recovery_code")


class FreezeByWordForm(forms.Form):
    phone = PhoneField()
    word = forms.CharField(
        label=_("Your freeze word"),
        max_length=WORD_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        help_text=_("Upper and lower case, spaces and punctuation do not count."),
    )


class FreezeWithoutPhoneForm(forms.Form):
    phone = PhoneField(label=_("The number of your wallet"))
    end = forms.CharField(
        label=_("End of your ID or card number"),
        min_length=4,
        max_length=8,
        widget=forms.TextInput(attrs={**_NUMERIC, "inputmode": "text", "autocapitalize": "characters"}),
        help_text=_(
            "The last four to eight characters of the ID document, or of a bank card, that belongs to your wallet."
        ),
    )


class FreezeWordForm(forms.Form):
    word = forms.CharField(
        label=_("Freeze word"),
        max_length=WORD_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        help_text=_(
            "Six letters or four Chinese characters at least. Something you remember even in a fright."
        ),
    )
    password = PasswordField(label=_("Your password"))


class DecisionForm(forms.Form):
    """How a member of staff decides on a document."""

    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("accepted", _("It shows the person")),
            ("unreadable", _("Not readable")),
            ("expired", _("Expired")),
            ("other_person", _("Shows somebody else")),
            ("not_a_document", _("No identity document")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why you decide so"),
        max_length=200,
        help_text=_("For the record; the customer does not read it."),
    )
