"""Parts that can only be imported once Django is set up."""

import importlib
from typing import Any


def part(name: str, verb: str) -> Any:
    """One function of a module of this room, imported now."""
    return getattr(importlib.import_module(f"guitai.site.{name}"), verb)
