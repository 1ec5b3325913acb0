"""`{% load icons %}{% icon "wallet" %}{% seal %}`: drawings as inline SVG."""

from django import template
from django.utils.safestring import SafeString

from guitai.skin.icons import icon_svg
from guitai.skin.mark import mark_svg

register = template.Library()


@register.simple_tag
def icon(name: str, size: int | str = 20, label: str = "", css_class: str = "") -> SafeString:
    """A lucide icon; with a label when it says something that no word beside it says."""
    return icon_svg(str(name), int(size), str(label), str(css_class))


@register.simple_tag
def seal(size: int | str = 28) -> SafeString:
    """The product's mark."""
    return mark_svg(int(size))
