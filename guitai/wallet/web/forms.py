"""What people type into the wallet's forms, and what is wrong with it, said beside the field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guitai.base.money import Money, parse_amount
from guitai.base.refusal import Refusal
from guitai.kit.explain import sentences
from guitai.kit.operator import operator
from guitai.people.api import normal_phone

NOTE_MAX = 100
PIN_DIGITS = 6
_FULL_WIDTH_DIGITS = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
# Long enough for any amount with its commas; what is longer is told so instead of being cut.
_AMOUNT_TEXT_MAX = 60
_KEY_MAX = 64
_RAIL_MAX = 20


def said_of(refusal: Refusal) -> ValidationError:
    """A refusal as a field's error."""
    return ValidationError(sentences(refusal.code, refusal.facts), code=refusal.code)


def add_refusal(form: forms.BaseForm, refusal: Refusal) -> None:
    """Put a refusal beside the field it is about, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, said_of(refusal))


class PhoneField(forms.CharField):
    """A phone number in any of the ways people write it; cleaned to E.164."""

    def clean(self, value: Any) -> str:
        try:
            return normal_phone(str(super().clean(value)))
        except Refusal as refusal:
            raise said_of(refusal) from refusal


class PinField(forms.CharField):
    """Six digits. What cannot be a PIN at all is said at once and costs no try."""

    def clean(self, value: Any) -> str:
        digits = "".join(str(super().clean(value)).translate(_FULL_WIDTH_DIGITS).split())
        if len(digits) != PIN_DIGITS or not (digits.isascii() and digits.isdigit()):
            raise ValidationError(_("The payment PIN has six digits."), code="pin_malformed")
        return digits


class PayeeForm(forms.Form):
    """To whom."""

    phone = PhoneField(
        label=_("Phone number"),
        max_length=40,
        error_messages={"required": _("Enter the phone number of the person you want to pay.")},
    )

    def __init__(self, *arguments: Any, own_phone: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.own_phone = own_phone

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone == self.own_phone:
            raise ValidationError(sentences("payee_is_self", {}), code="payee_is_self")
        return phone


class AmountForm(forms.Form):
    """How much, in one of the operator's currencies; asked for the currency only when there is a choice."""

    amount = forms.CharField(
        label=_("Amount"), max_length=_AMOUNT_TEXT_MAX, error_messages={"required": _("Enter an amount.")}
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.currencies = operator().currencies
        if len(self.currencies) > 1:
            self.fields["currency"] = forms.ChoiceField(
                label=_("Currency"), choices=[(code, code) for code in self.currencies]
            )

    @property
    def currency_choice(self) -> forms.BoundField | None:
        """The field that asks for the currency, where there is a choice."""
        return self["currency"] if "currency" in self.fields else None

    @property
    def currency(self) -> str:
        """The currency that the amount field shows."""
        chosen = str((self.data if self.is_bound else self.initial).get("currency") or "")
        return chosen if chosen in self.currencies else self.currencies[0]

    @property
    def money(self) -> Money:
        """What was asked for; only of a valid form."""
        money = self.cleaned_data["money"]
        assert isinstance(money, Money)
        return money

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "amount" in cleaned and "currency" not in self.errors:
            try:
                cleaned["money"] = parse_amount(str(cleaned["amount"]), self.currency)
            except Refusal as refusal:
                self.add_error("amount", said_of(refusal))
        return cleaned


class TransferAmountForm(AmountForm):
    """How much, and a word to the payee."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_MAX,
        widget=forms.TextInput(),
        error_messages={
            "max_length": _("At most %(limit_value)d characters; this note has %(show_value)d."),
        },
    )

    def clean_note(self) -> str:
        return " ".join(str(self.cleaned_data["note"]).split())


class TopUpForm(AmountForm):
    """How much money in, and by which rail; the key makes a second sending of the same page harmless."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=_KEY_MAX)
    rail = forms.CharField(widget=forms.HiddenInput, max_length=_RAIL_MAX, required=False)

    @property
    def rail_name(self) -> str:
        """Which rail the form is about; the bank's when nobody said."""
        return str((self.data if self.is_bound else self.initial).get("rail") or "bank")[:_RAIL_MAX]


class PinForm(forms.Form):
    """The proof that it is the owner who pays."""

    pin = PinField(
        label=_("Payment PIN"),
        max_length=24,
        widget=forms.PasswordInput(),
        error_messages={"required": _("Enter your payment PIN.")},
    )
