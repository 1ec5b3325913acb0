"""Announcements and the state of services, as readers see them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.safestring import SafeString, mark_safe

from guitai.base.clock import now
from guitai.care.announcement_types import (
    AnnouncementView,
    DayOfService,
    ServiceState,
    ServiceView,
    UpdateView,
)
from guitai.care.errors import NotFound
from guitai.care.models import Announcement, ServiceSpell
from guitai.care.rules.articles import render
from guitai.kit.operator import word
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.rails import api as rails

_SHOWN_MAX = 100
_DAYS = 90
_LATE_MESSAGE = timedelta(minutes=5)
_WORSE: dict[str, int] = {"ok": 0, "slow": 1, "down": 2}


def published(language: str) -> list[AnnouncementView]:
    """What is published, the newest first."""
    rows = Announcement.objects.filter(state="published").order_by("-published_at")[:_SHOWN_MAX]
    return [_view(row, language) for row in rows]


def one(announcement: UUID, language: str) -> AnnouncementView:
    """One published announcement with its updates; refuses not_found."""
    row = Announcement.objects.filter(id=announcement, state="published").first()
    if row is None:
        raise NotFound()
    return _view(row, language, with_updates=True)


def current(language: str) -> list[AnnouncementView]:
    """What everybody should see now: warnings and outages that are not over, changes that are still to come."""
    at = now()
    rows = Announcement.objects.filter(
        Q(kind__in=("outage", "maintenance", "warning"), ends_at=None)
        | Q(kind__in=("outage", "maintenance", "warning"), ends_at__gt=at)
        | Q(kind__in=("policy", "fees"), effective_at__gt=at),
        state="published",
    ).order_by("-published_at")[:3]
    return [_view(row, language) for row in rows]


def for_staff() -> Sequence[Announcement]:
    """Everything, drafts first."""
    return list(Announcement.objects.order_by("published_at", "-written_at")[: _SHOWN_MAX * 2])


def for_editing(announcement: UUID) -> Announcement:
    """One announcement as it was written; refuses not_found."""
    row = Announcement.objects.filter(id=announcement).first()
    if row is None:
        raise NotFound()
    return row


def watch() -> int:
    """Note the state of each service; gives how many have changed."""
    changed = 0
    for service, state in _states().items():
        with outermost():
            last = ServiceSpell.objects.select_for_update().filter(service=service, ended_at=None).first()
            if last is not None and last.state == state:
                continue
            if last is not None:
                last.ended_at = now()
                last.save(update_fields=["ended_at"])
            ServiceSpell.objects.create(service=service, state=state)
            changed += 1
    return changed


def services() -> list[ServiceView]:
    """Each service now and through the last ninety days."""
    at = now()
    begin = (at - timedelta(days=_DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    spells: dict[str, list[ServiceSpell]] = {}
    watched = ServiceSpell.objects.filter(Q(ended_at=None) | Q(ended_at__gt=begin)).order_by("began_at")
    for spell in watched:
        spells.setdefault(spell.service, []).append(spell)
    return [
        ServiceView(
            service, state, _since(spells.get(service, [])), _days(spells.get(service, []), begin, at)
        )
        for service, state in _states().items()
    ]


def _states() -> dict[str, ServiceState]:
    found: dict[str, ServiceState] = {"wallet": "ok", "messages": _messages()}
    for rail in rails.health():
        found[f"rail.{rail.rail}"] = rail.state
    return found


def _messages() -> ServiceState:
    oldest = notify.oldest_waiting()
    if oldest is None or now() - oldest < _LATE_MESSAGE:
        return "ok"
    return "slow" if now() - oldest < 12 * _LATE_MESSAGE else "down"


def _since(spells: list[ServiceSpell]) -> datetime | None:
    return spells[-1].began_at if spells and spells[-1].ended_at is None else None


def _days(spells: list[ServiceSpell], begin: datetime, at: datetime) -> tuple[DayOfService, ...]:
    """The worst state of each day; None for a day that nobody watched."""
    found = []
    for offset in range(_DAYS):
        day = begin + timedelta(days=offset)
        end = day + timedelta(days=1)
        states = [s.state for s in spells if s.began_at < end and (s.ended_at or at) > day]
        worst = max(states, key=_WORSE.__getitem__, default=None)
        minutes = sum(
            (min(s.ended_at or at, end) - max(s.began_at, day)).total_seconds() / 60
            for s in spells
            if s.state == "down" and s.began_at < end and (s.ended_at or at) > day
        )
        found.append(DayOfService(day.date(), worst, round(minutes)))
    return tuple(found)


def _html(markdown: str) -> SafeString:
    """Sanitised, and so fit for a page as it is."""
    return mark_safe(render(markdown).html)


def _view(row: Announcement, language: str, *, with_updates: bool = False) -> AnnouncementView:
    updates = row.updates.order_by("at") if with_updates else ()
    return AnnouncementView(
        id=row.id,
        kind=row.kind,
        service=row.service,
        title=word(row.title, language),
        html=_html(word(row.words, language)),
        published_at=row.published_at or row.written_at,
        effective_at=row.effective_at,
        ends_at=row.ends_at,
        over=row.ends_at is not None and row.ends_at <= now(),
        updates=tuple(UpdateView(one.at, _html(word(one.words, language))) for one in updates),
    )
