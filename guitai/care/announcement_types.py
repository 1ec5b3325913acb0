"""What passes through the door about announcements and services. Frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

ServiceState = Literal["ok", "slow", "down"]


@dataclass(frozen=True, slots=True)
class AnnouncementDraft:
    """An announcement as somebody writes it; words are Markdown, by language."""

    kind: str
    title: Mapping[str, str]
    words: Mapping[str, str]
    service: str = ""
    effective_at: datetime | None = None
    ends_at: datetime | None = None
    tell_everybody: bool = False


@dataclass(frozen=True, slots=True)
class UpdateView:
    """What was added to an announcement later; `html` is sanitised."""

    at: datetime
    html: str


@dataclass(frozen=True, slots=True)
class AnnouncementView:
    """A published announcement in one language; `html` is sanitised."""

    id: UUID
    kind: str
    service: str
    title: str
    html: str
    published_at: datetime
    effective_at: datetime | None
    ends_at: datetime | None
    over: bool
    updates: tuple[UpdateView, ...] = ()


@dataclass(frozen=True, slots=True)
class DayOfService:
    """The worst state of a service on a day (None: nobody watched yet), and the minutes it was down."""

    day: date
    state: str | None
    minutes_down: int


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service now, since when, and its last ninety days."""

    service: str
    state: ServiceState
    since: datetime | None
    days: tuple[DayOfService, ...]
