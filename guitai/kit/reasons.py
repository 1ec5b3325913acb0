"""Reasons that code gives, not a person: stored as codes, and put into words for whoever reads them later."""

from collections.abc import Mapping

from django.utils.functional import Promise

_words: dict[str, Promise] = {}


def register(words: Mapping[str, Promise]) -> None:
    """A room gives the words for its own set reasons, once, when it is ready."""
    _words.update(words)


def reason_words(reason: str) -> str:
    """A set reason in the active language; what a person wrote stays as they wrote it."""
    return str(_words.get(reason, reason))
