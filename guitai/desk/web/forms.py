"""Forms of the desk."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        self.fields["key"].initial = uuid4().hex
        self.fields["words"].widget.attrs |= {"maxlength": _WORDS_MAX}


class ResolveForm(forms.Form):
    words = forms.CharField(label=_("Last words to the customer"), required=False, widget=forms.Textarea)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("desk", "Reason"), required=False, max_length=200)
