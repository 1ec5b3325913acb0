"""Nested forms: `line_items[0][price_data][currency]=cny`, read into plain values."""

import re
from typing import Any
from urllib.parse import parse_qsl

from guitai.sandbox.card.errors import invalid

_PART = re.compile(r"\[([^\[\]]*)\]")
_DEPTH_MAX = 8


def read(text: str) -> dict[str, Any]:
    """The fields of a body or a query; lists are dictionaries with figures for names."""
    fields: dict[str, Any] = {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=500)
    except ValueError as error:
        raise invalid("parameter_invalid", "The form cannot be read.") from error
    for name, value in pairs:
        head, _, rest = name.partition("[")
        path = [head, *_PART.findall(f"[{rest}" if rest else "")]
        if len(path) > _DEPTH_MAX:
            raise invalid("parameter_invalid", "Too deep.", name[:60])
        place = fields
        for part in path[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise invalid("parameter_invalid", "A value and a group at once.", name[:60])
        place[path[-1] or str(len(place))] = value
    return fields


def items(value: Any) -> list[Any]:
    """A list in its order."""
    return [value[key] for key in sorted(value, key=int)] if isinstance(value, dict) else []


def whole(value: Any, name: str) -> int:
    if not (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16):
        raise invalid("parameter_invalid_integer", f"Invalid integer: {str(value)[:40]}", name)
    return int(value)
