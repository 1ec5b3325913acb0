"""What the components are made of: safe attributes, form widgets, the style sheet's address."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.forms.widgets import ClearableFileInput, FileInput
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from guitai.skin.styles import style_sheet

register = template.Library()

_CONTROL_CLASSES: tuple[tuple[type, str], ...] = (
    (CheckboxSelectMultiple, "choice-input"),
    (RadioSelect, "choice-input"),
    (CheckboxInput, "check-input"),
    (ClearableFileInput, "file-input"),
    (FileInput, "file-input"),
    (Select, "input select"),
    (Textarea, "input textarea"),
)


@register.simple_tag(takes_context=True)
def attributes(context: Context, attrs: Any, **more: Any) -> SafeString:
    """A component's remaining attributes, escaped; True is a bare one, empty and False are left out."""
    given = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else dict(attrs or {})
    merged = {**{name.replace("_", "-"): value for name, value in more.items()}, **given}
    merged.pop("class", None)
    return _rendered(merged)


@register.simple_tag
def skin_styles() -> SafeString:
    """The link to the flattened style sheet. Needs no request, so that an error page can use it."""
    address = reverse("skin:styles", kwargs={"digest": style_sheet().digest})
    return format_html('<link rel="stylesheet" href="{}">', address)


@register.filter
def field_kind(field: BoundField) -> str:
    """How a field is laid out: `check`, `choices`, `file` or `line`."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "file" if isinstance(widget, FileInput) else "line"


@register.simple_tag(takes_context=True)
def control(context: Context, field: BoundField, attrs: Any = None, css: str = "", **more: Any) -> SafeString:
    """A field's own widget with our class, its errors and help referred to, and what was typed kept."""
    wanted = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else dict(attrs or {})
    wanted = {**{name.replace("_", "-"): value for name, value in more.items()}, **wanted}
    wanted.pop("class", None)
    shown = {name: value for name, value in wanted.items() if value not in ("", None) and value is not False}
    if (kind := shown.pop("type", None)) and hasattr(field.field.widget, "input_type"):
        shown["type"] = kind
    base = next(
        (name for widget, name in _CONTROL_CLASSES if isinstance(field.field.widget, widget)), "input"
    )
    shown["class"] = f"{base} {css}".strip()
    helped = bool(shown.pop("help", "") or field.help_text)
    described = [f"{field.auto_id}_help" if helped else "", f"{field.auto_id}_error" if field.errors else ""]
    described.append(str(shown.pop("describedby", "") or ""))
    if ids := " ".join(piece for piece in described if piece):
        shown["aria-describedby"] = ids
    if field.errors:
        shown["aria-invalid"] = "true"
    return field.as_widget(attrs=shown)


@register.simple_tag
def choices_of(field: BoundField) -> list[Any]:
    """The separate inputs of a radio or several-checkbox field."""
    return list(field.subwidgets)


@register.filter
def split(text: str, separator: str = "|") -> list[str]:
    """`"Amount|Review|PIN"` as a list."""
    return [piece.strip() for piece in str(text).split(separator)]


@register.filter
def initials(name: str) -> str:
    """What stands in an avatar: the last character of a Chinese name, the first letters of another one."""
    cleaned = str(name or "").replace("*", "").strip()
    if not cleaned:
        return "·"
    if ord(cleaned[0]) > 0x2E7F:
        return cleaned[-1] if len(cleaned) <= 3 and "*" not in str(name) else cleaned[0]
    parts = [part for part in cleaned.split() if part[0].isalpha()] or [cleaned]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


@register.filter
def hue(name: str) -> int:
    """One of six quiet grounds, always the same for the same name."""
    return sum(ord(symbol) for symbol in str(name or "")) % 6


@register.filter
def remaining_percent(percent: Any) -> str:
    """The dash pattern of a ring whose circumference counts 100."""
    used = min(100, max(0, round(float(percent or 0))))
    return f"{100 - used} {used}"


def _rendered(attributes_: Mapping[str, Any]) -> SafeString:
    bare = [(name,) for name, value in attributes_.items() if value is True]
    pairs = [
        (name, value)
        for name, value in attributes_.items()
        if value is not True and value is not False and value is not None and value != ""
    ]
    text = format_html_join("", " {}", bare) + format_html_join("", ' {}="{}"', pairs)
    return mark_safe(text)
