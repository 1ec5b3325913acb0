"""Where sealed values lie: each room names its columns in its `sealed.py`, which is found by itself.

Rotation reads and writes through this list alone; a test compares it with every model, so that none is forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.utils.module_loading import autodiscover_modules

# bytes: the sealed value itself. base64: as text. json: as text in some fields of a JSON object.
Form = Literal["bytes", "base64", "json"]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values.

    `row` is the column with the id that the seal is bound to; empty for values bound to none. `fields` are those of
    a JSON object that hold sealed text, or lists of it.
    """

    table: str
    column: str
    purpose: str
    key: str | tuple[str, ...] = "id"
    row: str = "id"
    form: Form = "bytes"
    fields: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Indexed:
    """A column of blind indexes over a sealed one beside it; `plain` is what was indexed, made of what was sealed."""

    table: str
    column: str
    purpose: str
    source: str
    source_purpose: str
    key: str | tuple[str, ...] = "id"
    row: str = "id"
    plain: Callable[[str], str] = str

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Unkept:
    """A column of indexes over what is kept nowhere, in rows that may go when the index key changes."""

    table: str
    column: str

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


Entry: TypeAlias = Sealed | Indexed | Unkept
_entries: dict[str, Entry] = {}


def register(*entries: Entry) -> None:
    """A room names its columns."""
    _entries.update({entry.name: entry for entry in entries})


def entries() -> list[Entry]:
    """Every column that any room has named, in order of their names."""
    autodiscover_modules("sealed")
    return [_entries[name] for name in sorted(_entries)]


def sealed_columns() -> list[Sealed]:
    """The columns of sealed values."""
    return [entry for entry in entries() if isinstance(entry, Sealed)]


register(Sealed("kit_file", "name", "file.name"))
