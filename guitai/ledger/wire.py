"""PostgreSQL's binary formats, written by hand for the few types the books are made of.

A driver asks of each value what it is; here a whole column is known to be one thing, which costs a tenth.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import repeat
from struct import Struct
from typing import Any
from uuid import UUID

from psycopg.adapt import Dumper
from psycopg.pq import Format

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ARRAY = Struct(">iiiii")  # dimensions, has nulls, type of the items, length, lower bound
_INTEGER = Struct(">iq")
_LENGTH = Struct(">i")
NULL = _LENGTH.pack(-1)
_UUID_LENGTH = _LENGTH.pack(16)


class Array:
    """One column of a batch, as it goes to the server."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class Uuids(Array):
    __slots__ = ()


class Integers(Array):
    __slots__ = ()


class Texts(Array):
    __slots__ = ()


class Moments(Array):
    __slots__ = ()


class _Dumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Any) -> bytes:
        return bytes(obj.data)


class _Uuids(_Dumper):
    oid = 2951


class _Integers(_Dumper):
    oid = 1016


class _Texts(_Dumper):
    oid = 1009


class _Moments(_Dumper):
    oid = 1185


DUMPERS: tuple[tuple[type[Array], type[Dumper]], ...] = (
    (Uuids, _Uuids),
    (Integers, _Integers),
    (Texts, _Texts),
    (Moments, _Moments),
)


def uuids(raw: Sequence[bytes | None]) -> Uuids:
    """uuid[] of ids that are bytes already."""
    items = [NULL if item is None else _UUID_LENGTH + item for item in raw]
    return Uuids(_header(2950, len(raw)) + b"".join(items))


def ids(of: Iterable[UUID]) -> Uuids:
    """uuid[] of ids."""
    return uuids([item.bytes for item in of])


def integers(values: Sequence[int]) -> Integers:
    """bigint[]."""
    return Integers(_header(20, len(values)) + b"".join(map(_INTEGER.pack, repeat(8), values)))


def texts(values: Sequence[str]) -> Texts:
    """text[]."""
    return Texts(_header(25, len(values)) + b"".join(map(field, map(str.encode, values))))


def moments(values: Sequence[datetime | None]) -> Moments:
    """timestamptz[]."""
    return Moments(_header(1184, len(values)) + b"".join(map(moment_field, values)))


def field(value: bytes) -> bytes:
    """A value with its length before it, as rows and arrays hold it."""
    return _LENGTH.pack(len(value)) + value


def uuid_field(value: UUID | None) -> bytes:
    return NULL if value is None else _UUID_LENGTH + value.bytes


def moment_field(value: datetime | None) -> bytes:
    return NULL if value is None else _INTEGER.pack(8, microseconds(value))


def microseconds(moment: datetime) -> int:
    """A moment as PostgreSQL counts it."""
    return (moment - _EPOCH) // _MICROSECOND


def _header(item_type: int, length: int) -> bytes:
    # An empty array has no dimension at all.
    return _ARRAY.pack(1, 1, item_type, length, 1) if length else _ARRAY.pack(0, 0, item_type, 0, 0)[:12]
