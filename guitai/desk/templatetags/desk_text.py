"""Filters that put codes into words for agents. `{% load desk_text %}`."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise

from guitai.care.api import proof_method_words
from guitai.desk.types import ActionOffer
from guitai.desk.web import action_words, words
from guitai.kit.explain import explain, render_fact

register = template.Library()


def _words(name: str, said: Mapping[str, Promise | str]) -> None:
    """A filter that puts a code into words; one without words stays as it is."""
    register.filter(name, lambda code: str(said.get(code, code)))


def _badge(name: str, said: Mapping[str, tuple[Promise, str]]) -> None:
    """Two filters of a state: its words, and its badge's tone."""
    _words(f"{name}_state" if name != "standing" else "standing_words", {k: v[0] for k, v in said.items()})
    register.filter(f"{name}_tone", lambda code: said[code][1] if code in said else "quiet")


_words("operation_kind", words.OPERATION_KINDS)
_words("source_words", words.SOURCES)
_words("notice_state", words.NOTICE_STATES)
_words("needs_words", {"": "", **words.NEEDS})
_badge("operation", words.OPERATION_STATES)
_badge("standing", words.STANDINGS)
_badge("approval", action_words.STATES)


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
def part(mapping: dict[str, str], key: str) -> str:
    """One value of a mapping."""
    return mapping.get(key, "")
