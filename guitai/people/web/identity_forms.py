"""Forms of identity, bank accounts and personal data."""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _

from guitai.people.identity_types import PHOTOS, Photo, Proof
from guitai.people.rules.documents import NATIONAL_IDS, WITH_EXPIRY
from guitai.people.rules.name import NAME_MAX
from guitai.people.web.fields import PasswordField, PinField
from guitai.people.web.identity_words import code_words, countries, photo_words

# Whose numbers tell the date of birth, so that nobody has to enter it.
_TELL_BIRTH = frozenset({"CN"})
_ALL = frozenset(phonenumbers.SUPPORTED_REGIONS) - {"001"}


class DocumentForm(forms.Form):
    """The number and the name, and of the rest only what this kind of document does not say by itself."""

    country = forms.ChoiceField(label=_("Issued by"))
    name = forms.CharField(label=_("Your name, as in the document"), max_length=NAME_MAX)
    number = forms.CharField(label=_("Number of the document"), max_length=40)
    birth = forms.DateField(
        label=_("Date of birth"), required=False, widget=forms.DateInput(attrs={"autocomplete": "bday"})
    )
    expires_on = forms.DateField(label=_("Valid until"), required=False, widget=forms.DateInput())

    def __init__(self, *arguments: Any, kind: str, country: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in ("birth", "expires_on"):
            self.fields[name].widget.input_type = "date"
        if country or kind not in ("passport", "national_id"):
            del self.fields["country"]
        else:
            codes = _ALL if kind == "passport" else frozenset(NATIONAL_IDS) - {"CN", "HK", "TW"}
            self.fields["country"].choices = [("", _("Choose")), *countries(codes)]
        tells = (kind == "national_id" and country in _TELL_BIRTH) or kind == "residence_permit"
        if tells:
            del self.fields["birth"]
        elif kind == "national_id" and not country:
            self.fields["birth"].help_text = _("Leave it out when the number says it.")
        else:
            self.fields["birth"].required = True
        if kind in WITH_EXPIRY:
            self.fields["expires_on"].required = True
        else:
            del self.fields["expires_on"]


class PhotosForm(forms.Form):
    """One file for each photo that is needed, or asked for again."""

    def __init__(
        self, *arguments: Any, needed: tuple[Photo, ...], kind: str, again: bool, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        for which in needed:
            label, help_text = photo_words(which, kind)
            self.fields[which] = forms.FileField(label=label, help_text=help_text, required=not again)

    def photos(self) -> dict[Photo, Any]:
        """What was sent, by which it is."""
        return {which: self.cleaned_data[which] for which in PHOTOS if self.cleaned_data.get(which)}


class ProofForm(forms.Form):
    """The payment PIN, or the password."""

    pin = PinField(label=_("Your payment PIN"))
    password = PasswordField(label=_("Your password"), help_text=_("The one you sign in with."))

    def __init__(self, *arguments: Any, by: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        del self.fields["password" if by == "pin" else "pin"]

    def proof(self) -> Proof:
        """What was given."""
        return Proof(password=self.cleaned_data.get("password", ""), pin=self.cleaned_data.get("pin", ""))


class AccountForm(ProofForm):
    """An account of one's own, and the proof that it is still them."""

    number = forms.CharField(
        label=_("Number"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    code = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    bank = forms.CharField(label=_("Name of the bank"), max_length=80, required=False)
    holder = forms.CharField(
        label=_("Account holder"),
        max_length=NAME_MAX,
        help_text=_("As the bank writes it. Only accounts of your own can be added."),
    )
    field_order = ("number", "code", "bank", "holder", "pin", "password")

    def __init__(self, *arguments: Any, kind: str, by: str, **options: Any) -> None:
        super().__init__(*arguments, by=by, **options)
        label, example = code_words(kind)
        if label:
            self.fields["code"].label, self.fields["code"].help_text = label, example
        else:
            del self.fields["code"]
        if kind == "alipay":
            self.fields["number"].label = _("Mobile number or e-mail of the Alipay account")
            self.fields["number"].widget.attrs["inputmode"] = "email"
            self.fields["holder"].help_text = _(
                "As Alipay has verified it. Only accounts of your own can be added."
            )
            del self.fields["bank"]
        elif kind == "iban":
            self.fields["number"].label = "IBAN"
            self.fields["number"].widget.attrs["inputmode"] = "text"
        elif kind == "cn_card":
            self.fields["number"].label = _("Card number")
        else:
            self.fields["number"].label = _("Account number")
