"""Every kind of message that the rooms have declared."""

from guitai.notify.types import MessageKind

_kinds: dict[str, MessageKind] = {}


def register_kind(kind: MessageKind) -> None:
    _kinds[kind.name] = kind


def kind_named(name: str) -> MessageKind:
    """A declared kind. An unknown one is a mistake in the program, so it raises KeyError at once."""
    return _kinds[name]


def names() -> frozenset[str]:
    return frozenset(_kinds)
