"""What a long measurement says while it runs: on stderr, so that stdout is the result alone."""

import sys

_WIDTH = 110
_CLEAR = "\r\x1b[K"


def say(words: str) -> None:
    """A line that stays."""
    _write(f"{_CLEAR if _is_terminal() else ''}guitai: {words}\n")


def show(words: str) -> None:
    """A line that the next one replaces; nothing when nobody looks."""
    if _is_terminal():
        _write(f"{_CLEAR}{words[:_WIDTH]}")


def clear() -> None:
    """End what was shown."""
    if _is_terminal():
        _write(_CLEAR)


def _write(words: str) -> None:
    sys.stderr.write(words)
    sys.stderr.flush()


def _is_terminal() -> bool:
    return sys.stderr.isatty()
