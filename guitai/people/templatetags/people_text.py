"""Template filters of people."""

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language

from guitai.kit.operator import word

register = template.Library()


@register.filter
def in_my_language(words: Mapping[str, str]) -> str:
    """The operator's words in the active language."""
    return word(dict(words), get_language() or "en")
