"""The form of a rail's settings, made from the fields that its adapter declares."""

import json
from decimal import Decimal
from typing import Any

import msgspec
from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import inspect

from guitai.base.money import EXPONENTS
from guitai.kit.operator import operator
from guitai.rails.settings import fields_of
from guitai.rails.terms import RailTerms
from guitai.rails.types import Direction, SettingsView
from guitai.rails.web.setting_words import FIELDS, TERMS
from guitai.skin.text import calendar_day

# In PEM: several lines.
_LONG = ("certificate", "certificates", "_key")
_TERMS = "terms_"
_MONEY = frozenset({"minimum", "maximum", "fee_fixed"})
_UNITS = {"top_up_arrival_s": 60, "payout_arrival_s": 3_600}
_SWITCHES = ("top_ups", "payouts")
_WAYS: tuple[Direction, ...] = ("in", "out")


class SecretArea(forms.Textarea):
    """Takes a secret and never gives one back, not even to whoever has just typed it."""

    def format_value(self, value: Any) -> str | None:
        return None


class RailForm(forms.Form):
    """Fields of the rail, terms of use, and why they change."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label=gettext_lazy("Why it changes"), max_length=200)

    def __init__(
        self, view: SettingsView, terms: RailTerms, ways: frozenset[Direction], *arguments: Any
    ) -> None:
        super().__init__(*arguments, initial=_initial(view, terms))
        self._types = fields_of(view.rail)
        own = {name: _field(name, type_, view) for name, type_ in self._types.items()}
        currency = main_currency()
        self.fields = {**own, **_term_fields(currency), **self.fields}
        for name, way in zip(_SWITCHES, _WAYS, strict=True):
            # What a rail does not have cannot be switched, and stays as it is.
            self.fields[_TERMS + name].disabled = way not in ways

    @property
    def own_fields(self) -> list[Any]:
        """What the rail's protocol needs."""
        return [self[name] for name in self._types]

    @property
    def switches(self) -> list[Any]:
        """In and out, on and off."""
        return [self[_TERMS + name] for name in _SWITCHES]

    @property
    def term_fields(self) -> list[Any]:
        """Bounds, fee, promised arrival."""
        return [self[_TERMS + name] for name in TERMS if name not in _SWITCHES]

    def values(self) -> dict[str, Any]:
        """The rail's fields as its settings take them."""
        return {name: self._plain(name, self.cleaned_data[name]) for name in self._types}

    def terms(self) -> RailTerms:
        """The terms of use."""
        given = {name: self.cleaned_data[_TERMS + name] for name in TERMS}
        exponent = EXPONENTS[main_currency()]
        for name in _MONEY:
            given[name] = int((given[name] or Decimal(0)) * 10**exponent)
        given["minimum"] = given["minimum"] or 1
        given["fee_per_10000"] = int((given["fee_per_10000"] or Decimal(0)) * 100)
        for name, unit in _UNITS.items():
            given[name] = (given[name] or 0) * unit
        given["currencies"] = tuple(given["currencies"].replace(",", " ").upper().split())
        return RailTerms(**given)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                msgspec.convert(msgspec.to_builtins(self.terms()), RailTerms)
            except (msgspec.ValidationError, ValueError) as error:
                raise forms.ValidationError(str(error)[:200]) from error
        return cleaned

    def _plain(self, name: str, value: Any) -> Any:
        if isinstance(
            self._types[name], inspect.StrType | inspect.IntType | inspect.BoolType | inspect.LiteralType
        ):
            return value
        return json.loads(value) if value else []


def main_currency() -> str:
    """The currency in which bounds are written: the wallet's first."""
    return operator().currencies[0]


def _field(name: str, type_: inspect.Type, view: SettingsView) -> forms.Field:
    label = FIELDS.get(name, name)
    if isinstance(type_, inspect.BoolType):
        return forms.BooleanField(label=label, required=False)
    if isinstance(type_, inspect.IntType):
        return forms.IntegerField(label=label, min_value=type_.ge, max_value=type_.le)
    if isinstance(type_, inspect.LiteralType):
        return forms.ChoiceField(label=label, choices=[(value, value) for value in type_.values])
    long = name.endswith(_LONG) or not isinstance(type_, inspect.StrType)
    secret = name in view.secrets
    area = SecretArea if secret else forms.Textarea
    widget = area(attrs={"rows": 4, "spellcheck": "false"}) if long or secret else forms.TextInput()
    widget.attrs["autocomplete"] = "off"
    if secret:
        return forms.CharField(label=label, required=False, widget=widget, help_text=_secret_help(view, name))
    validate = [] if isinstance(type_, inspect.StrType) else [_is_json]
    return forms.CharField(label=label, required=False, widget=widget, validators=validate)


def _secret_help(view: SettingsView, name: str) -> str:
    set_at = view.secrets[name]
    if set_at is None:
        return _("Not set. It is kept encrypted and never shown again.")
    return _("Set on %(day)s. Leave it empty to keep it.") % {"day": calendar_day(localtime(set_at).date())}


def _is_json(text: str) -> None:
    try:
        json.loads(text)
    except ValueError as error:
        raise forms.ValidationError(_("This is not JSON.")) from error


def _term_fields(currency: str) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for name, label in TERMS.items():
        if name in _SWITCHES:
            field: forms.Field = forms.BooleanField(label=label, required=False)
        elif name == "currencies":
            help_text = _("Codes like CNY. Empty: whatever the wallet holds.")
            field = forms.CharField(label=label, required=False, help_text=help_text)
        elif name in _MONEY:
            words = f"{label} ({currency})"
            field = forms.DecimalField(
                label=words, required=False, min_value=0, decimal_places=EXPONENTS[currency], max_digits=15
            )
        elif name == "fee_per_10000":
            field = forms.DecimalField(
                label=label, required=False, min_value=0, max_value=100, decimal_places=2
            )
        else:
            field = forms.IntegerField(label=label, required=name == "calls_a_minute", min_value=0)
        fields[_TERMS + name] = field
    return fields


def _initial(view: SettingsView, terms: RailTerms) -> dict[str, Any]:
    given = msgspec.to_builtins(terms)
    exponent = EXPONENTS[main_currency()]
    for name in _MONEY:
        given[name] = Decimal(given[name]).scaleb(-exponent) if given[name] else None
    given["fee_per_10000"] = Decimal(given["fee_per_10000"]).scaleb(-2) if given["fee_per_10000"] else None
    for name, seconds in _UNITS.items():
        given[name] = given[name] // seconds or None
    given["currencies"] = ", ".join(given["currencies"])
    own = {
        name: value if isinstance(value, str | int | bool) else json.dumps(value, ensure_ascii=False)
        for name, value in view.values.items()
    }
    return {**own, **{_TERMS + name: value for name, value in given.items()}, "based_on": view.version}
