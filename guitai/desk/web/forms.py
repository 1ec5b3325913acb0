"""Forms of the desk."""

from datetime import datetime, timedelta
from typing import cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from guitai.base.clock import now
from guitai.care.api import WHOM
from guitai.care.types import WaitsFor

_WAITS_DAYS = (1, 2, 3, 5, 7, 14, 30)
_WORDS_MAX = 5000


class ReplyForm(forms.Form):
    """An answer to the customer, or a note that only staff read: the button says which."""

    words = forms.CharField(
        label=pgettext_lazy("desk", "Answer"), required=False, strip=False, widget=forms.Textarea
    )
    next_turn = forms.ChoiceField(
        label=_("After this"),
        required=False,
        choices=[
            ("customer", _("wait for the customer")),
            ("us", _("I keep working on it")),
            ("third_party", _("wait for a third party")),
        ],
    )
    waits_for = forms.ChoiceField(
        label=_("Third party"),
        required=False,
        choices=[("", "–"), *WHOM.items()],
    )
    waits_days = forms.ChoiceField(label=_("For at most"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def waits(self) -> tuple[WaitsFor, datetime] | None:
        """Whom a third party's turn waits for, and until when; None where either is missing."""
        whom, days = self.cleaned_data["waits_for"], self.cleaned_data["waits_days"]
        return (cast(WaitsFor, whom), now() + timedelta(days=int(days))) if whom and days else None

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.fields["key"].initial = uuid4().hex
        self.fields["words"].widget.attrs |= {"maxlength": _WORDS_MAX}
        days = [(str(n), ngettext("%(days)s day", "%(days)s days", n) % {"days": n}) for n in _WAITS_DAYS]
        self.fields["waits_days"].choices = [("", "–"), *days]


class ResolveForm(forms.Form):
    words = forms.CharField(label=_("Last words to the customer"), required=False, widget=forms.Textarea)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("desk", "Reason"), required=False, max_length=200)
