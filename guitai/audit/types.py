"""What the audit record is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from guitai.base.actor import Actor


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody's data is read or changed: the case or call it is for, and the reason in words."""

    kind: str
    id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done or seen."""

    actor: Actor
    action: str
    subject: tuple[str, str]
    purpose: Purpose | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    id: int
    at: datetime
    entry: Entry


@dataclass(frozen=True, slots=True)
class Findings:
    """The proof of the chain: how far it holds, and what is wrong with it."""

    sealed: int
    unsealed: int
    problems: tuple[str, ...]
