"""What rooms say that they emit: so that nobody need look for it, and nothing is said that nobody hears."""

from collections.abc import Iterable

_declared: dict[str, frozenset[str]] = {}


def declare(room: str, names: Iterable[str]) -> None:
    """Say which topics a room emits, each `<room>.<what>`; it emits no other."""
    found = frozenset(names)
    if any(name.partition(".")[0] != room for name in found):
        raise ValueError(f"{room} emits only topics of its own")
    _declared[room] = found


def declared() -> dict[str, frozenset[str]]:
    """What rooms say that they emit, by room."""
    return dict(_declared)


def check(names: Iterable[str]) -> None:
    """Raises when a room that has said what it emits is about to emit something else: that is a bug."""
    for name in names:
        room = name.partition(".")[0]
        if room in _declared and name not in _declared[room]:
            raise RuntimeError(f"{room} does not declare the topic {name}")
