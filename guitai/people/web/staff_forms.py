"""Forms of the staff's pages about safety."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from guitai.base.refusal import Refusal
from guitai.kit.explain import explain
from guitai.people import reads
from guitai.people.standing_policy import OnCall

ON_CALL_MAX = 8


class ReasonForm(forms.Form):
    """Why staff do something; it is recorded."""

    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("For the record, with your name and the time.")
    )


class OnCallForm(forms.Form):
    """One person who is told; a line without an address is none."""

    channel = forms.ChoiceField(label=_("How"), choices=[("sms", _("SMS")), ("email", _("E-mail"))])
    address = forms.CharField(label=_("Number or address"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        address = str(cleaned.get("address") or "").strip()
        if not address:
            return cleaned
        try:
            if cleaned.get("channel") == "sms":
                cleaned["address"] = reads.normal_phone(address)
            else:
                cleaned["address"] = forms.EmailField().clean(address)
        except Refusal as refusal:
            said = explain(refusal.code, refusal.facts)
            self.add_error("address", f"{said.reason} {said.remedy}")
        except forms.ValidationError as error:
            self.add_error("address", error)
        return cleaned


OnCallForms: type[BaseFormSet] = formset_factory(
    OnCallForm, extra=1, max_num=ON_CALL_MAX, absolute_max=ON_CALL_MAX
)


def reached(lines: BaseFormSet) -> list[OnCall]:
    """Whom the lines name."""
    given = [form.cleaned_data for form in lines.forms]
    return [
        OnCall(line["channel"], line["address"], line["language"]) for line in given if line.get("address")
    ]
