"""One's own data: what each room holds about a person, given out on request and erased when the person leaves.

Each room says both in its `personal.py`, which is found by itself:

    register("notify", export=sections_of, erase=erase, tables=("notify_message", "notify_delivery"))

`export` and `erase` are asked in the order of the house, from the rooms above to those below, so that nothing is
erased from under somebody who still has to read it. `tables` names where a room keeps something about somebody: a test
compares it with every model, so that none is forgotten.

A room that knows no persons, only the references that rooms above gave it, asks `references`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from guitai.kit.transactions import required

Text: TypeAlias = str | Promise


@dataclass(frozen=True, slots=True)
class Section:
    """Records of one sort, as plain JSON values; the words are for the page that a person reads.

    `files` are uploads of the person that belong in the parcel too.
    """

    name: str
    title: Text
    records: Sequence[Mapping[str, Any]]
    labels: Mapping[str, Text] = field(default_factory=dict)
    files: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a room may not erase yet: what it is, which duty says so, and until when (None: for good)."""

    what: Text
    duty: Text
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """What a room did: how many records it erased, and what it keeps because it must."""

    erased: int = 0
    kept: tuple[Kept, ...] = ()


Export = Callable[[UUID], Sequence[Section]]
Erase = Callable[[UUID], Erasure]
References = Callable[[UUID], Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Hooks:
    export: Export
    erase: Erase
    tables: frozenset[str] = frozenset()
    references: References | None = None


_rooms: dict[str, _Hooks] = {}


def register(
    room: str,
    *,
    export: Export,
    erase: Erase,
    tables: Sequence[str] = (),
    references: References | None = None,
) -> None:
    """A room answers for what it holds.

    takes    the room's name, what gives a person's data, what erases it (inside the caller's transaction), the
             tables it answers for, and what gives the references by which rooms below know the person's matters
    """
    _rooms[room] = _Hooks(export, erase, frozenset(tables), references)


def tables() -> frozenset[str]:
    """Every table that some room answers for."""
    return frozenset().union(*(hooks.tables for _, hooks in _ordered()))


def references(person: UUID) -> list[str]:
    """By which references rooms below know what belongs to a person."""
    return [
        reference for _, hooks in _ordered() if hooks.references for reference in hooks.references(person)
    ]


def export(person: UUID) -> dict[str, tuple[Section, ...]]:
    """Everything every room holds about a person, by room; rooms that hold nothing are left out."""
    found = {room: tuple(hooks.export(person)) for room, hooks in _ordered()}
    return {room: sections for room, sections in found.items() if sections}


def erase(person: UUID) -> dict[str, Erasure]:
    """Erase what may be erased, in every room, in the caller's transaction: everything or nothing.

    takes    whom; calling it again erases what has come since and changes nothing else
    gives    by room what was erased, and what is kept under which duty and until when
    """
    required()
    return {room: hooks.erase(person) for room, hooks in _ordered()}


def kept(erasures: Mapping[str, Erasure]) -> tuple[Kept, ...]:
    """What all rooms together keep."""
    return tuple(item for erasure in erasures.values() for item in erasure.kept)


def _ordered() -> list[tuple[str, _Hooks]]:
    autodiscover_modules("personal")
    order = {room: place for place, room in enumerate(settings.ROOMS)}
    return sorted(_rooms.items(), key=lambda item: order.get(item[0], -1))
