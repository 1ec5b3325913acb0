"""Keyset pages: an opaque, signed cursor instead of a page number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec
from django.core import signing

from guitai.base.refusal import Refusal

T = TypeVar("T")


class CursorInvalid(Refusal):
    code = "cursor_invalid"
    field = "cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    next_cursor: str | None


def encode(*parts: str | int) -> str:
    """A cursor that continues after the given key parts."""
    return signing.dumps(list(parts), salt="guitai.cursor", compress=False)


def decode(text: str) -> tuple[str | int, ...]:
    """The key parts of a cursor; refuses cursor_invalid when it is not one of ours."""
    try:
        return tuple(msgspec.convert(signing.loads(text[:500], salt="guitai.cursor"), list[str | int]))
    except (signing.BadSignature, msgspec.ValidationError, ValueError) as error:
        raise CursorInvalid() from error
