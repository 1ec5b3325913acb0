"""Filters that put codes into words for agents. `{% load desk_text %}`."""

from typing import Any

from django import template

from guitai.care.api import proof_method_words
from guitai.desk.types import ActionOffer
from guitai.desk.web import action_words, words
from guitai.kit.explain import explain, render_fact

register = template.Library()


@register.filter
def operation_kind(kind: str) -> str:
    return str(words.OPERATION_KINDS.get(kind, kind))


@register.filter
def operation_state(state: str) -> str:
    return str(words.OPERATION_STATES[state][0]) if state in words.OPERATION_STATES else state


@register.filter
def operation_tone(state: str) -> str:
    return words.OPERATION_STATES[state][1] if state in words.OPERATION_STATES else "quiet"


@register.filter
def standing_words(state: str) -> str:
    return str(words.STANDINGS[state][0]) if state in words.STANDINGS else state


@register.filter
def standing_tone(state: str) -> str:
    return words.STANDINGS[state][1] if state in words.STANDINGS else "quiet"


@register.filter
def source_words(source: str) -> str:
    return str(words.SOURCES.get(source, source))


@register.filter
def notice_state(state: str) -> str:
    return str(words.NOTICE_STATES.get(state, state))


@register.filter
def needs_words(need: str) -> str:
    return str(words.NEEDS.get(need, ""))


@register.filter
def code_title(code: str, facts: Any = None) -> str:
    """What a code says, in a few words."""
    return explain(code, facts or {}).title if code else ""


@register.filter
def fact(value: Any) -> str:
    """A recorded fact for a person: money with its currency, a moment in the reader's zone."""
    return render_fact(value)


@register.filter
def action_needs(offer: ActionOffer) -> str:
    """What a service action needs, in one line."""
    return action_words.needs_words(offer)


@register.filter
def action_title(name: str) -> str:
    return action_words.action_title(name)


@register.filter
def action_facts(facts: dict[str, Any]) -> str:
    """What was filled in for a service action."""
    return action_words.facts_words(facts)


@register.filter
def action_outcome(facts: dict[str, Any]) -> str:
    """What came of an action, and why it was done."""
    return action_words.outcome_words(facts)


for _filter in (
    action_words.second_title, action_words.second_wish, action_words.second_about, action_words.second_href,
):  # fmt: skip
    register.filter(_filter.__name__, _filter)


@register.filter
def level_words(level: int) -> str:
    return action_words.level_words(level)


@register.filter
def proof_way(method: str) -> str:
    return proof_method_words(method)


@register.filter
def approval_state(state: str) -> str:
    return str(action_words.STATES[state][0]) if state in action_words.STATES else state


@register.filter
def approval_tone(state: str) -> str:
    return action_words.STATES[state][1] if state in action_words.STATES else "quiet"


@register.filter
def part(mapping: dict[str, str], key: str) -> str:
    """One value of a mapping."""
    return mapping.get(key, "")
