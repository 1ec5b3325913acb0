"""`{% load slots %}{% slot "operation.help" operation=view %}`."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from guitai.skin.slots import render_slot

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, **facts: Any) -> SafeString | str:
    """Render what fills the slot here; nothing when nothing does."""
    request = context.get("request")
    return render_slot(name, request, facts) if request is not None else ""


@register.simple_tag(takes_context=True)
def slotted(context: Context, name: str, **facts: Any) -> SafeString | str:
    """The same, meant for `{% slotted "name" as pieces %}`."""
    return slot(context, name, **facts)
