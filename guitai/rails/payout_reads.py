"""Reading what became of payouts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit import cursors
from guitai.kit.operator import time_zone
from guitai.rails.adapters import rail_named
from guitai.rails.errors import PayoutUnknown
from guitai.rails.models import PayoutFile, PayoutRow
from guitai.rails.policies import payout_settings
from guitai.rails.reads import moment_and_id
from guitai.rails.rules.names import NotWritable, written_name
from guitai.rails.types import ConfirmationPage, PayoutRecord, PayoutState

_LIMIT_MAX = 100


def record_of(order_reference: str) -> PayoutRecord | None:
    """One payout, or None."""
    rows = list(PayoutRow.objects.filter(order_reference=order_reference)[:1])
    return _records(rows)[0] if rows else None


def known(order_reference: str) -> PayoutRecord:
    """One payout; refuses payout_unknown."""
    record = record_of(order_reference)
    if record is None:
        raise PayoutUnknown(order_reference=order_reference)
    return record


def records(
    cursor: str | None, limit: int, states: Iterable[PayoutState] | None
) -> cursors.Page[PayoutRecord]:
    """Payouts, newest first."""
    rows = PayoutRow.objects.order_by("-queued_at", "-id")
    if states is not None:
        rows = rows.filter(state__in=list(states))
    if cursor:
        moment, last = moment_and_id(cursor)
        rows = rows.filter(Q(queued_at__lt=moment) | Q(queued_at=moment, id__lt=last))
    limit = max(1, min(limit, _LIMIT_MAX))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    last_row = found[limit - 1] if more else None
    after = cursors.encode(last_row.queued_at.isoformat(), str(last_row.id)) if last_row is not None else None
    return cursors.Page(_records(found[:limit]), after)


def confirmation_page(order_reference: str, page_url: str) -> ConfirmationPage | None:
    """What a page needs for a payee's confirmation; None where nothing waits for one."""
    row = PayoutRow.objects.filter(order_reference=order_reference, confirm_until__gt=now()).first()
    if row is None or not row.confirm_package:
        return None
    return rail_named(row.rail).confirmation_page(row.confirm_package, page_url)


def to_confirm(since: datetime, until: datetime) -> list[PayoutRecord]:
    """Payouts that wait for their payee until some moment after `since` and up to `until`."""
    rows = PayoutRow.objects.filter(
        confirm_until__gt=since, confirm_until__lte=until, state__in=("sent", "accepted")
    )
    return _records(list(rows.order_by("confirm_until", "id")))


def leaves_at(moment: datetime, rail: str) -> datetime:
    """When a payout that is queued at a moment is handed over."""
    if rail_named(rail).payouts_by == "call":
        return moment.astimezone(ZoneInfo(time_zone()))
    return payout_settings().leaves_at(moment)


def cut_off(moment: datetime, rail: str) -> datetime | None:
    """Until when what is queued on the day of a moment still leaves on that day."""
    if rail_named(rail).payouts_by == "call":
        return None
    return payout_settings().cut_off_at(moment)


def can_write(name: str) -> bool:
    """Whether the scheme has a form for a payee's name."""
    try:
        return bool(written_name(name, payout_settings().charset))
    except NotWritable:
        return False


def currencies() -> frozenset[str]:
    """What payouts can leave in by files."""
    return frozenset(account.currency for account in payout_settings().accounts)


def _records(rows: Sequence[Any]) -> list[PayoutRecord]:
    names = dict(
        PayoutFile.objects.filter(id__in={row.file_id for row in rows if row.file_id}).values_list(
            "id", "message_id"
        )
    )
    return [_record(row, names.get(row.file_id)) for row in rows]


def _record(row: PayoutRow, message_id: str | None) -> PayoutRecord:
    returned = Money(row.returned_minor, row.currency) if row.returned_minor is not None else None
    return PayoutRecord(
        id=row.id,
        rail=row.rail,
        order_reference=row.order_reference,
        amount=Money(row.amount_minor, row.currency),
        state=row.state,
        code=row.code,
        iso_reason=row.iso_reason,
        file_id=row.file_id,
        message_id=message_id,
        queued_at=row.queued_at,
        sent_at=row.sent_at,
        answered_at=row.answered_at,
        settled_at=row.settled_at,
        ended_at=row.ended_at,
        returned=returned,
        statement_entry=row.statement_entry,
        asked_at=row.asked_at,
        bank_reference=row.bank_reference,
        next_query_at=row.next_query_at,
        confirm_until=row.confirm_until,
    )
