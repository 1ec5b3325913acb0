"""Expected errors. A refusal is an answer, not an accident: it says why and what to do next."""

from collections.abc import Mapping
from typing import ClassVar

Fact = str | int | bool | None | list[str] | dict[str, str | int]
Facts = Mapping[str, Fact]


class Refusal(Exception):
    """A request that was understood and declined.

    A room subclasses it in its `errors.py`, one class a code, and registers the words for that code
    with `kit.explain`. Facts are plain JSON values: never rendered text, never personal data.
    """

    code: ClassVar[str] = "refused"
    field: ClassVar[str | None] = None

    def __init__(self, **facts: Fact) -> None:
        super().__init__(self.code)
        self.facts: dict[str, Fact] = dict(facts)

    def __str__(self) -> str:
        return self.code


class NotFound(Refusal):
    """Nothing here, or nothing that the asker may know of: the two look the same."""

    code = "not_found"
