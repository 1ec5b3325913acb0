"""The forms of the staff's library. They only carry what was typed; the rules judge it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.base.clock import now
from guitai.care.errors import ArticleInvalid
from guitai.care.rules.articles import AUDIENCES, SUMMARY_MAX, TITLE_MAX, Source, words_of
from guitai.care.types import VersionView
from guitai.care.web.help_words import PROBLEMS

_AUDIENCES = {"everyone": _("Everybody"), "staff": _("Staff only")}


class ArticleForm(forms.Form):
    """The words of one article in one language."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_MAX)
    summary = forms.CharField(
        label=_("Summary"), max_length=SUMMARY_MAX, help_text=_("One sentence that answers most readers.")
    )
    topics = forms.CharField(
        label=_("Topics"), help_text=_("Keys with spaces between them; the first is the main one.")
    )
    keywords = forms.CharField(
        label=_("What people type"),
        required=False,
        widget=forms.Textarea,
        help_text=_("Words and short questions with commas between them. The search looks here first."),
    )
    related = forms.CharField(
        label=_("Related articles"), required=False, help_text=_("Their addresses, such as fees limits.")
    )
    audience = forms.ChoiceField(
        label=_("For whom"), choices=[(code, _AUDIENCES[code]) for code in AUDIENCES]
    )
    position = forms.IntegerField(label=_("Place in lists"), min_value=0, max_value=9999, initial=100)
    markdown = forms.CharField(label=_("Text"), widget=forms.Textarea, strip=False)
    note = forms.CharField(
        label=pgettext_lazy("article", "Why"),
        required=False,
        max_length=200,
        help_text=_("What changed, for whoever reads the history."),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["keywords"].widget.attrs |= {"rows": 3}
        self.fields["markdown"].widget.attrs |= {"rows": 22, "spellcheck": "true"}

    @classmethod
    def of(cls, version: VersionView | None, newest: int) -> "ArticleForm":
        """The form as it stands before anything was typed."""
        if version is None:
            return cls(initial={"based_on": 0, "audience": "everyone", "position": 100})
        return cls(
            initial={
                "title": version.title,
                "summary": version.summary,
                "topics": " ".join(version.topics),
                "keywords": ", ".join(version.keywords),
                "related": " ".join(version.related),
                "audience": version.audience,
                "position": version.position,
                "markdown": version.markdown,
                "based_on": newest,
            }
        )

    def source(self, slug: str, language: str) -> Source:
        """What was typed, as an article."""
        values = self.cleaned_data
        return Source(
            slug=slug,
            language=language,
            title=values["title"],
            summary=values["summary"],
            topics=tuple(values["topics"].split()),
            keywords=words_of(values["keywords"]),
            related=tuple(values["related"].split()),
            audience=values["audience"],
            position=values["position"],
            updated=now().date(),
            markdown=values["markdown"].replace("\r\n", "\n"),
        )

    def add_invalid(self, refusal: ArticleInvalid) -> None:
        """Put what a rule refused beside the field that it is about."""
        field = str(refusal.facts.get("field", ""))
        words = PROBLEMS.get(str(refusal.facts.get("problem", "")), PROBLEMS["unknown"])
        self.add_error(field if field in self.fields else None, str(words))


class NewArticleForm(ArticleForm):
    """An article that does not exist yet: it needs an address."""

    field_order = ("slug", "title", "summary", "topics")
    slug = forms.SlugField(
        label=_("Address"), max_length=80, help_text=_("The same in every language; it never changes.")
    )


class PublicationForm(forms.Form):
    """Now, or at a moment to come."""

    publish_at = forms.DateTimeField(
        label=_("Publish at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
