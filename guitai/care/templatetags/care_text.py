"""Filters that put this room's codes into words. `{% load care_text %}`."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from guitai.care.types import ArticleView, CaseRow, ContactRegion, EventView
from guitai.care.web import words
from guitai.kit.operator import Words, word

register = template.Library()

register.filter("category_words", words.category_words)
register.filter("case_state", words.state_words)
register.filter("case_tone", words.state_tone)
register.filter("priority_words", words.priority_words)


@register.filter
def turn_words(row: CaseRow) -> str:
    return words.turn_words(row)


@register.filter
def due_words(row: CaseRow) -> str:
    return words.due_words(row)


@register.filter
def due_tone(row: CaseRow) -> str:
    return words.due_tone(row)


@register.filter
def event_words(event: EventView) -> str:
    return words.event_words(event)


@register.filter
def event_words_for_staff(event: EventView) -> str:
    return words.event_words(event, to_staff=True)


@register.filter
def open_words(region: ContactRegion) -> str:
    return words.open_words(region.state)


@register.filter
def week_table(region: ContactRegion) -> list[tuple[str, str]]:
    return words.week_table(region)


@register.filter
def in_language(named: Words) -> str:
    """A name by language in the reader's."""
    return word(named, get_language() or "en")


@register.filter
def dialled(number: str) -> str:
    """A number as a tel: link takes it."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")


@register.filter
def file_size(size: int) -> str:
    """Bytes in kB or MB."""
    kilobyte = 1024
    return f"{size / kilobyte**2:.1f} MB" if size >= kilobyte**2 else f"{max(1, size // kilobyte)} kB"


@register.filter
def name_of(names: dict[str, str], person: object) -> str:
    """Who a person is, from the names that were read together."""
    return names.get(str(person), "")


@register.filter
def article_html(article: ArticleView) -> SafeString:
    """An article's body: it comes from this repository, and was sanitised when it was loaded."""
    return mark_safe(article.html)
