"""Forms of an identity review."""

from typing import Any, Literal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.people import api as people

_WORDS_MAX = 300


class ApproveForm(forms.Form):
    """The document and the person agree; until when the document is valid."""

    what: Literal["approve"] = "approve"
    expires_on = forms.DateField(label=_("Valid until"), required=False)
    endless = forms.BooleanField(label=_("It does not end"), required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, auto_id="approve_%s", **options)
        self.fields["expires_on"].widget.input_type = "date"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("endless"):
            cleaned["expires_on"] = None
        elif not cleaned.get("expires_on") and "expires_on" not in self.errors:
            self.add_error("expires_on", _("Enter the date, or say that it does not end."))
        return cleaned


class ReasonForm(forms.Form):
    """A reason that the customer reads in their language with what to do, and words of one's own."""

    reason = forms.ChoiceField(label=pgettext_lazy("desk", "Reason"))
    words = forms.CharField(
        label=_("Words to the customer"),
        required=False,
        max_length=_WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *arguments: Any, what: str, **options: Any) -> None:
        self.what: Literal["better_photos", "refuse"] = (
            "better_photos" if what == "better_photos" else "refuse"
        )
        super().__init__(*arguments, auto_id=f"{self.what}_%s", **options)
        self.fields["reason"].choices = [("", _("Choose")), *people.review_reasons(self.what)]
