"""Fetch the bills of gateways, the day after, and keep them like a statement that somebody uploaded."""

import io
import logging
from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.kit.operator import time_zone
from guitai.kit.transactions import outermost
from guitai.rails import breaker
from guitai.rails.adapters import RAILS, supports
from guitai.rails.errors import RailDeclined, RailUnavailable, RailUnsupported, StatementRefused
from guitai.rails.flows.receive_statement import receive_statement
from guitai.rails.models import RailSetting, StatementDay, StatementFile
from guitai.rails.settings import problems_of

# Every gateway keeps its bills for at least so many days. One that is not there by then will not come by itself: the
# list of days says so.
_DAYS_BACK = 31
# A day that has not come is asked for less and less often: it must not look like a rail that is down.
_PAUSE, _PAUSE_MAX = timedelta(hours=1), timedelta(days=1)
_log = logging.getLogger(__name__)


def fetch_statements() -> list[str]:
    """Fetch what is missing of the last days; gives `rail day` of what came."""
    return [f"{rail} {day}" for rail in fetching_rails() for day in _missing(rail) if _fetch(rail, day)]


def fetching_rails() -> list[str]:
    """Rails that give bills, and are set up."""
    return [
        code for code, rail in RAILS.items() if supports(rail, "download_statement") and not problems_of(code)
    ]


def _missing(rail: str) -> Iterable[date]:
    """Days that are over, since the rail was set up, and whose bill is not here; the oldest first."""
    zone = ZoneInfo(time_zone())
    today = now().astimezone(zone).date()
    first = (
        RailSetting.objects.filter(rail=rail, state="in_force")
        .order_by("version")
        .values_list("published_at", flat=True)
        .first()
    )
    begin = today - timedelta(days=_DAYS_BACK)
    if first is not None:
        begin = max(begin, first.astimezone(zone).date())
    # One that was refused (a line is missing, it ends in the middle) is no bill: the gateway may have mended it.
    refused = StatementFile.objects.filter(rail=rail, state="refused").values("id")
    known = StatementDay.objects.filter(rail=rail, day__gte=begin)
    here = known.filter(fetched_at__isnull=False).exclude(file_id__in=refused)
    settled = set(here.values_list("day", flat=True)) | {row.day for row in known if _tried_lately(row)}
    days = [begin + timedelta(days=offset) for offset in range((today - begin).days)]
    return [day for day in days if day not in settled]


def _tried_lately(row: StatementDay) -> bool:
    pause = min(row.attempts * _PAUSE, _PAUSE_MAX)
    return row.tried_at is not None and now() < row.tried_at + pause


def _fetch(rail: str, day: date) -> bool:
    try:
        content = breaker.through(rail, lambda: RAILS[rail].download_statement(day))
        file_id, _ = receive_statement(io.BytesIO(content), f"{rail}-{day}.bill", "download", SYSTEM, rail)
    except (RailUnavailable, RailDeclined, RailUnsupported, StatementRefused) as refusal:
        _note(rail, day, refusal)
        return False
    with outermost():
        row = _row(rail, day)
        row.attempts, row.tried_at = row.attempts + 1, now()
        row.file_id, row.fetched_at, row.problem = file_id, row.tried_at, None
        row.save()
    return True


def _note(rail: str, day: date, refusal: Refusal) -> None:
    problem = str(refusal.facts.get("problem") or refusal.code)[:120]
    with outermost():
        row = _row(rail, day)
        row.attempts, row.tried_at, row.problem = row.attempts + 1, now(), problem
        row.save()
    _log.info("the bill of %s for %s is not here yet: %s", rail, day, problem)


def _row(rail: str, day: date) -> StatementDay:
    StatementDay.objects.get_or_create(rail=rail, day=day)
    return StatementDay.objects.select_for_update().get(rail=rail, day=day)
