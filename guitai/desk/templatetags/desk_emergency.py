"""Filters of the emergency screen. `{% load desk_emergency %}`."""

from django import template

from guitai.care import api as care

register = template.Library()


@register.filter
def staff_outcome(code: str) -> str:
    """What could be done about a bill when it was reported."""
    return care.staff_outcome_words(code)
