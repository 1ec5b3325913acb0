"""Named holes in pages of lower rooms, which higher rooms fill from site/wiring."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Render = Callable[[HttpRequest, dict[str, Any]], str]

_fillings: dict[str, list[tuple[int, Render]]] = {}


def fill(name: str, render: Render, order: int = 0) -> None:
    """Put what `render(request, facts)` gives into every slot of that name; lower orders come first."""
    filling = _fillings.setdefault(name, [])
    if any(existing is render for _, existing in filling):
        return
    filling.append((order, render))
    filling.sort(key=lambda pair: pair[0])


def render_slot(name: str, request: HttpRequest, facts: Mapping[str, Any]) -> SafeString:
    """Everything that fills the slot, joined; text that nobody marked as HTML is escaped."""
    pieces = [conditional_escape(render(request, dict(facts))) for _, render in _fillings.get(name, [])]
    # Each piece was escaped or is a rendered template.
    return mark_safe("".join(pieces).strip())


def empty(name: str | None = None) -> None:
    """Forget what fills a slot, or all of them: for tests."""
    if name is None:
        _fillings.clear()
    else:
        _fillings.pop(name, None)
