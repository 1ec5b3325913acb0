"""Template filters of people."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from guitai.kit.operator import operator, word
from guitai.people.rules.phone import masked_phone
from guitai.people.web import device_words

register = template.Library()
_ICONS = {"phone": "smartphone", "computer": "monitor", "app": "app-window"}


@register.filter
def in_my_language(words: Mapping[str, str]) -> str:
    """The operator's words in the active language."""
    return word(dict(words), get_language() or "en")


@register.filter
def device_title(device: Any) -> str:
    """What a person calls a device, or what it calls itself."""
    return device_words.device_title(device)


@register.filter
def device_icon(device: Any) -> str:
    """The icon of what it looks like."""
    return _ICONS.get(device.kind if device else "", "monitor-smartphone")


@register.filter
def number_masked(phone: str) -> str:
    """A number as it stands on a screen that others may see."""
    return masked_phone(phone, operator().phone_region)
