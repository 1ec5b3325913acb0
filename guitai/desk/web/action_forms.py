"""Forms of service actions: made from what the action declares."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.desk.actions.base import About, Field, ServiceAction
from guitai.kit.operator import operator

_REASON_MAX = 200


class ActionForm(forms.Form):
    """What the action asks for, why, and the key that makes a second press harmless."""

    reason = forms.CharField(
        label=_("Why? It is recorded, and the second person reads it."),
        max_length=_REASON_MAX,
        required=False,
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *arguments: Any, action: ServiceAction, about: About, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["key"].initial = uuid4().hex
        self.declared = [field.name for field in action.fields(about)]
        for field in action.fields(about):
            self._add(field)
        self.order_fields([*self.declared, "reason", "key"])

    def _add(self, field: Field) -> None:
        if field.kind == "choice":
            # Judged by the action itself, which knows what is possible now.
            self.fields[field.name] = forms.ChoiceField(
                label=field.label, choices=field.choices, required=False, help_text=field.help
            )
            return
        self.fields[field.name] = forms.CharField(
            label=field.label, max_length=60, required=False, help_text=field.help
        )
        if field.kind == "amount":
            self.declared.insert(self.declared.index(field.name) + 1, "currency")
            self.fields["currency"] = forms.ChoiceField(
                label=_("Currency"), choices=[(code, code) for code in operator().currencies], required=False
            )

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that the action declares, in its order."""
        return [self[name] for name in self.declared]

    def given(self) -> dict[str, str]:
        """What was typed, as it came."""
        return {name: str(self.data.get(name, "")) for name in self.declared}


class PhraseForm(forms.Form):
    words = forms.CharField(label=_("What the caller answers"), max_length=80, required=False)


class VerdictForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("desk", "Reason"), max_length=_REASON_MAX, required=False)


class GlassForm(forms.Form):
    whose = forms.CharField(label=_("Phone number, or reference of a case or operation"), max_length=40)
    reason = forms.CharField(
        label=_("What is the emergency? The customer reads it."), max_length=_REASON_MAX, required=False
    )
