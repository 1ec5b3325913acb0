"""Forms of the counter. They only carry what was typed; the door judges it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from guitai.base.refusal import Refusal
from guitai.care.rules.words import WORDS_MAX
from guitai.care.web.words import CATEGORIES
from guitai.kit.explain import explain
from guitai.kit.problems import refusal_for_form


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; judged by their content when they are stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=FilesInput(), required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            return []
        # An empty file passes here, so that the door can refuse it in its own words.
        return list(data) if isinstance(data, list | tuple) else [data]


class WordsForm(forms.Form):
    """Words, files, and the key that makes a second press of the button harmless."""

    words = forms.CharField(label=_("Your message"), required=False, strip=False, widget=forms.Textarea)
    files = FilesField(label=_("Screenshot or document"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["key"].initial = uuid4().hex
        self.fields["words"].widget.attrs |= {"rows": 4, "maxlength": WORDS_MAX}


class NewCaseForm(WordsForm):
    category = forms.ChoiceField(
        label=_("What is it about?"),
        choices=list(CATEGORIES.items()),
        widget=forms.RadioSelect,
        required=False,
    )


class RatingForm(forms.Form):
    rating = forms.CharField(label=_("How well did we help?"), max_length=2)
    words = forms.CharField(label=_("What should we do better?"), required=False, widget=forms.Textarea)

    def score(self) -> int:
        """The rating as a number; anything else is out of range."""
        text = str(self.data.get("rating", ""))
        return int(text) if text.isascii() and text.isdigit() else 0


def add_refusal(form: forms.Form, refusal: Refusal) -> None:
    """A refusal beside its field; what was refused of one file belongs to the field of files."""
    if refusal.field == "file" and "files" in form.fields:
        said = explain(refusal.code, refusal.facts)
        form.add_error("files", f"{said.reason} {said.remedy}")
    else:
        refusal_for_form(form, refusal)
