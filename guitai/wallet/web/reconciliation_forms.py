"""What is typed into reconciliation's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guitai.base.clock import now
from guitai.wallet.web.forms import AmountForm
from guitai.wallet.web.reconciliation_words import ACTIONS


class ProposalForm(forms.Form):
    """What is to be done with a line, with what, and why."""

    action = forms.ChoiceField(label=_("What should be done"))
    target = forms.CharField(label=_("Reference or phone number"), max_length=60, required=False)
    reason = forms.CharField(label=_("Reason, recorded"), max_length=500)

    def __init__(self, *arguments: Any, actions: tuple[str, ...], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["action"] = forms.ChoiceField(
            label=_("What should be done"), choices=[(name, ACTIONS[name]) for name in actions]
        )


class NoteForm(forms.Form):
    """Words to a day's close."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class NotArrivedForm(AmountForm):
    """What a payer knows of a payment: how much, from where, when."""

    paid_from = forms.CharField(
        label=_("Last digits of the account you paid from, or the payer's name"),
        max_length=60,
        error_messages={"required": _("Enter at least the last four digits.")},
    )
    paid_on = forms.DateField(
        label=_("Day on which you paid"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Enter the day."), "invalid": _("Enter the day.")},
    )
    slip = forms.CharField(label=_("Number on the bank's slip"), max_length=64, required=False)
    picture = forms.FileField(
        label=_("Picture of the slip"),
        required=False,
        help_text=_("A photo, a screenshot or a PDF. Our staff see it, should they have to look for it."),
    )

    def clean_paid_on(self) -> Any:
        """A payment of tomorrow is none; one of long ago is for a person."""
        day = self.cleaned_data["paid_on"]
        if (day - now().date()).days > 1 or (now().date() - day).days > 400:
            raise forms.ValidationError(_("Enter a day of the past year."), code="paid_on")
        return day
