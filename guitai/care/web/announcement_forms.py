"""Forms for announcements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guitai.care.announcement_types import AnnouncementDraft
from guitai.care.models import Announcement
from guitai.care.rules.announcements import TITLE_MAX
from guitai.care.web.announcement_words import KINDS, service_choices

_MOMENT = {"type": "datetime-local"}


class AnnouncementForm(forms.Form):
    """An announcement in both languages."""

    kind = forms.ChoiceField(label=_("What it is"), choices=list(KINDS.items()))
    service = forms.ChoiceField(label=_("Which service"), required=False, choices=service_choices)
    title_en = forms.CharField(label=_("Title in English"), max_length=TITLE_MAX)
    words_en = forms.CharField(label=_("Text in English"), widget=forms.Textarea, strip=False)
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=TITLE_MAX)
    words_zh = forms.CharField(label=_("Text in Chinese"), widget=forms.Textarea, strip=False)
    effective_at = forms.DateTimeField(
        label=_("Counts from"),
        required=False,
        widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"),
    )
    ends_at = forms.DateTimeField(
        label=_("Shown until"),
        required=False,
        widget=forms.DateTimeInput(attrs=_MOMENT, format="%Y-%m-%dT%H:%M"),
    )
    tell_everybody = forms.BooleanField(label=_("Send every customer a message"), required=False)

    @classmethod
    def initial_of(cls, row: Announcement | None) -> dict[str, Any]:
        """The form as it stands before anything was typed."""
        if row is None:
            return {"kind": "news"}
        return {
            "kind": row.kind,
            "service": row.service,
            "title_en": row.title.get("en", ""),
            "title_zh": row.title.get("zh-hans", ""),
            "words_en": row.words.get("en", ""),
            "words_zh": row.words.get("zh-hans", ""),
            "effective_at": row.effective_at,
            "ends_at": row.ends_at,
            "tell_everybody": row.tell_everybody,
        }

    def draft(self) -> AnnouncementDraft:
        """What was typed."""
        given = self.cleaned_data
        return AnnouncementDraft(
            kind=given["kind"],
            service=given["service"],
            title={"en": given["title_en"], "zh-hans": given["title_zh"]},
            words={"en": given["words_en"], "zh-hans": given["words_zh"]},
            effective_at=given["effective_at"],
            ends_at=given["ends_at"],
            tell_everybody=given["tell_everybody"],
        )


class UpdateForm(forms.Form):
    """What is known now, in both languages."""

    update_en = forms.CharField(label=_("In English"), required=False, widget=forms.Textarea)
    update_zh = forms.CharField(label=_("In Chinese"), required=False, widget=forms.Textarea)

    def words(self) -> dict[str, str]:
        """What was typed, by language."""
        given = getattr(self, "cleaned_data", {})
        return {"en": given.get("update_en", ""), "zh-hans": given.get("update_zh", "")}
