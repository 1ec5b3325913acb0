"""Words about rails in pages."""

from django import template

from guitai.rails.web import setting_words as words

register = template.Library()


@register.filter
def rail_words(rail: str) -> str:
    """A rail's name."""
    return str(words.rail_words(rail))


@register.filter
def setting_words(name: str) -> str:
    """A setting's name."""
    return str(words.field_words(name))


@register.filter
def problem_words(problem: str | None) -> str:
    """What is wrong."""
    return str(words.problem_words(problem))


@register.filter
def health_words(state: str) -> str:
    """How a rail is, in a word."""
    return str(words.STATES[state])


@register.filter
def health_tone(state: str) -> str:
    """The tone of that word."""
    return words.TONES[state]
