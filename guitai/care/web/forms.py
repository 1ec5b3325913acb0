"""Forms of the counter. They only carry what was typed; the door judges it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.base.refusal import Refusal
from guitai.care.asking.table import Question
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


class DayInput(forms.TextInput):
    """A day as the browser's own calendar gives it."""

    input_type = "date"


ANSWER = "q_"
_RADIOS_MAX = 3


class NewCaseForm(WordsForm):
    """Words, files, and the questions of the category that are still open; none of them must be answered."""

    category = forms.ChoiceField(
        label=_("What is it about?"),
        choices=list(CATEGORIES.items()),
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *arguments: Any, asked: Sequence[Question] = (), **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.asked = asked
        for question in asked:
            self.fields[f"{ANSWER}{question.name}"] = _field(question)

    def answers(self) -> dict[str, str]:
        """What was typed, by question."""
        return {q.name: str(self.cleaned_data.get(f"{ANSWER}{q.name}") or "") for q in self.asked}

    def questions(self) -> list[tuple[Question, forms.BoundField]]:
        """Each question with its field."""
        return [(question, self[f"{ANSWER}{question.name}"]) for question in self.asked]


def _field(question: Question) -> forms.Field:
    """A question's field; the door judges what is typed into it."""
    said: dict[str, Any] = {"label": question.label, "help_text": question.help, "required": False}
    if question.choices is None:
        widget = DayInput() if question.kind == "date" else forms.TextInput()
        return forms.CharField(**said, max_length=question.maximum, widget=widget)
    choices = list(question.choices.items())
    if len(choices) <= _RADIOS_MAX:
        return forms.ChoiceField(**said, choices=choices, widget=forms.RadioSelect)
    return forms.ChoiceField(**said, choices=[("", "–"), *choices])


class SlotForm(forms.Form):
    """A time for a call; the door judges it."""

    slot = forms.CharField(label=_("When shall we call?"), max_length=40)

    def moment(self) -> datetime | None:
        """The moment that was chosen."""
        try:
            found = datetime.fromisoformat(str(self.data.get("slot", "")))
        except ValueError:
            return None
        return found if found.tzinfo else None


class RatingForm(forms.Form):
    rating = forms.CharField(label=_("How well did we help?"), max_length=2)
    solved = forms.ChoiceField(
        label=_("Is it solved?"),
        choices=[("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No"))],
        widget=forms.RadioSelect,
        required=False,
    )
    effort = forms.ChoiceField(
        label=_("How much effort was it for you?"),
        choices=[
            ("", "–"),
            ("1", _("None at all")),
            ("2", _("Little")),
            ("3", _("Some")),
            ("4", _("Much")),
            ("5", _("Far too much")),
        ],
        required=False,
    )
    words = forms.CharField(label=_("What should we do better?"), required=False, widget=forms.Textarea)

    def outcome(self) -> tuple[bool | None, int | None]:
        """Whether it is solved and the effort it took, as far as somebody says."""
        effort = str(self.data.get("effort", ""))
        solved = {"yes": True, "no": False}.get(str(self.data.get("solved", "")))
        return solved, int(effort) if effort.isascii() and effort.isdigit() else None

    def score(self) -> int:
        """The rating as a number; anything else is out of range."""
        text = str(self.data.get("rating", ""))
        return int(text) if text.isascii() and text.isdigit() else 0


def add_refusal(form: forms.Form, refusal: Refusal) -> None:
    """A refusal beside its field; what was refused of one file belongs to the field of files."""
    name = f"{ANSWER}{refusal.facts.get('name')}"
    if name in form.fields:
        said = explain(refusal.code, refusal.facts)
        form.add_error(name, f"{said.reason} {said.remedy}")
    elif refusal.field == "file" and "files" in form.fields:
        said = explain(refusal.code, refusal.facts)
        form.add_error("files", f"{said.reason} {said.remedy}")
    else:
        refusal_for_form(form, refusal)
