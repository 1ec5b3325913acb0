"""Icons: lucide's drawings, rendered on the server as inline SVG. None is copied into the repository."""

from functools import lru_cache

import lucide
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

FALLBACK = "circle-dashed"


def exists(name: str) -> bool:
    """Whether lucide draws an icon of that name."""
    try:
        lucide._load_icon(name)
    except lucide.IconDoesNotExist:
        return False
    return True


@lru_cache(maxsize=1024)
def icon_svg(name: str, size: int = 20, label: str = "", css_class: str = "") -> SafeString:
    """An `<svg>`, hidden from readers unless it has a label. A misspelt name never breaks a page of money."""
    known = name if exists(name) else FALLBACK
    attributes = {"class": escape(f"icon {css_class}".strip()), "stroke-width": "1.75", "focusable": "false"}
    if label:
        attributes |= {"role": "img", "aria-label": label}
    else:
        attributes["aria-hidden"] = "true"
    # The drawing is lucide's own and the attributes are set through its XML tree, which escapes them.
    return mark_safe(lucide._render_icon(known, size, **attributes))
