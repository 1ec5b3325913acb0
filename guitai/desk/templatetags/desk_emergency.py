"""Filters of the emergency screen. `{% load desk_emergency %}`."""

from django import template

from guitai.care.emergency.words import STAFF_OUTCOMES

register = template.Library()


@register.filter
def staff_outcome(code: str) -> str:
    """What could be done about a bill when it was reported."""
    return str(STAFF_OUTCOMES.get(code, code))
