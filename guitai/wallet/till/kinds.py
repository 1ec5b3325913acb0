"""Which intents the till knows."""

from guitai.wallet.till.types import IntentKind

_kinds: dict[str, IntentKind] = {}


def register(kind: IntentKind) -> None:
    """Make an intent kind known. Only `site.wiring` calls this."""
    _kinds[kind.name] = kind


def kind_of(name: str) -> IntentKind:
    """The kind of that name; an unknown one is a bug, not a refusal."""
    return _kinds[name]
