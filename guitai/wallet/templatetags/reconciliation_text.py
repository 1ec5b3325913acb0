"""Reconciliation's words in templates."""

from django import template

from guitai.wallet.web import reconciliation_words as words

register = template.Library()


@register.filter
def why_open(code: str) -> str:
    """Why a line is open."""
    return str(words.WHY.get(code, code))


@register.filter
def item_state(state: str) -> str:
    """The state of a line in words."""
    return str(words.STATES.get(state, (state, ""))[0])


@register.filter
def item_tone(state: str) -> str:
    """The tone of a line's state."""
    return words.STATES.get(state, ("", "quiet"))[1]


@register.filter
def action_words(action: str) -> str:
    """What is proposed."""
    return str(words.ACTIONS.get(action, action))


@register.filter
def part_words(name: str) -> str:
    """A sign of a candidate."""
    return str(words.PARTS.get(name, name))


@register.filter
def close_state(state: str) -> str:
    """The state of a daily close in words."""
    return str(words.CLOSE_STATES.get(state, (state, ""))[0])


@register.filter
def close_tone(state: str) -> str:
    """The tone of a daily close's state."""
    return words.CLOSE_STATES.get(state, ("", "quiet"))[1]


@register.filter
def close_item(kind: str) -> str:
    """A part of a difference in words."""
    return str(words.ITEM_KINDS.get(kind, kind))


@register.filter
def rail_words(rail: str) -> str:
    """A rail's name."""
    return str(words.RAILS.get(rail, rail))
