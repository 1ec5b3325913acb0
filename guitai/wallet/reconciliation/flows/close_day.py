"""The daily close: a rail's day in the books beside the same day at the bank, kept, looked at, signed."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import EXPONENTS
from guitai.kit.operator import operator, time_zone
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.ledger import api as ledger
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.types import StatementDay
from guitai.wallet.models import CloseItem, DailyClose
from guitai.wallet.reconciliation import closing_reads, errors
from guitai.wallet.reconciliation.closing_reads import Frame
from guitai.wallet.reconciliation.policy import settings
from guitai.wallet.reconciliation.rules.closing import Part, parts, unexplained
from guitai.wallet.rules import chart

DIFFERS = "wallet.daily_close_differs"
_FIRST_DAY = date(1, 1, 1)
_PREPARE, _SIGN = "cases.work", "holds.decide"
_NOTE_MAX = 500
# As long as the bill of a day may still come by itself.
_LOOKED_AT_AGAIN = timedelta(days=31)


def draft_due() -> list[UUID]:
    """Yesterday's figures, and those of days before it that nobody drafted, or that did not agree, or had no statement.

    What is signed stays as it is.
    """
    yesterday = now().astimezone(ZoneInfo(time_zone())).date() - timedelta(days=1)
    kept = DailyClose.objects.filter(day__gte=yesterday - _LOOKED_AT_AGAIN, day__lt=yesterday)
    days = set(kept.values_list("day", flat=True))
    missed = (
        {min(days) + timedelta(days=n) for n in range((yesterday - min(days)).days)} - days if days else set()
    )
    differs = kept.exclude(state="signed").filter(Q(has_statement=False) | ~Q(unexplained=0))
    wanted = {yesterday, *missed, *differs.values_list("day", flat=True)}
    return [close_id for day in sorted(wanted) for close_id in draft_day(day)]


def draft_day(day: date) -> list[UUID]:
    """Compute a day's closes anew; those that are signed stay as they are. Gives the ids of all.

    refuses  close_day_not_over
    """
    if now() < _end_of(day):
        raise errors.CloseDayNotOver(day=day.isoformat())
    by_rail: dict[tuple[str, str], list[StatementDay]] = defaultdict(list)
    config = settings()
    for one in rails.statement_days(day):
        if one.currency not in EXPONENTS:
            continue
        by_rail[config.rail_of(one.account, one.rail), one.currency].append(one)
    for rail, code in chart.RAILS.items():
        for currency in operator().currencies:
            if ledger.accounts([chart.house_account(code, currency).id]):
                by_rail.setdefault((rail, currency), [])
    return [_draft(rail, currency, day, told) for (rail, currency), told in sorted(by_rail.items())]


def prepare(close_id: UUID, note: str, actor: Actor) -> None:
    """Somebody has looked at the items; once more, by anybody, before it is signed."""
    _permitted(actor, _PREPARE)
    with outermost():
        row = _locked(close_id)
        row.state, row.prepared_by, row.prepared_at = "prepared", str(actor), now()
        row.note = " ".join(note.split())[:_NOTE_MAX]
        if row.unexplained and not row.note:
            raise errors.CloseNoteMissing()
        row.save()
        _audit("reconciliation.close_prepared", row, actor)


def sign(close_id: UUID, actor: Actor) -> None:
    """Another person signs a day: its figures never change afterwards."""
    _permitted(actor, _SIGN)
    with outermost():
        row = _locked(close_id)
        if row.state != "prepared":
            raise errors.CloseNotPrepared()
        if row.prepared_by == str(actor):
            raise errors.CloseOwnWork()
        row.state, row.signed_by, row.signed_at = "signed", str(actor), now()
        row.save()
        _audit("reconciliation.close_signed", row, actor)


def _draft(rail: str, currency: str, day: date, told: list[StatementDay]) -> UUID:
    with outermost():
        row = DailyClose.objects.select_for_update().filter(rail=rail, currency=currency, day=day).first()
        if row is not None and row.state == "signed":
            return UUID(str(row.id))
        before = (
            DailyClose.objects.filter(rail=rail, currency=currency, day__lt=day, state="signed")
            .order_by("-day")
            .first()
        )
        values, found = _computed(rail, currency, day, told, before)
        if row is None:
            row = DailyClose(id=new_id(), rail=rail, currency=currency, day=day, **values)
            row.save(force_insert=True)
        else:
            changed = row.unexplained != values["unexplained"] or row.bank_closing != values["bank_closing"]
            for name, value in values.items():
                setattr(row, name, value)
            if changed and row.state == "prepared":
                # What was looked at is not what stands here now.
                row.state, row.prepared_by, row.prepared_at = "draft", "", None
            row.save()
        CloseItem.objects.filter(close_id=row.id).delete()
        CloseItem.objects.bulk_create((_item(row.id, one) for one in found), batch_size=2_000)
        if row.unexplained and values["has_statement"]:
            emit(
                DIFFERS,
                {"rail": rail, "currency": currency, "day": day.isoformat(), "amount": row.unexplained},
            )
        return UUID(str(row.id))


def _computed(
    rail: str, currency: str, day: date, told: list[StatementDay], before: DailyClose | None
) -> tuple[dict[str, int | bool | datetime], list[Part]]:
    frame = _frame(rail, currency, day, told, before)
    # Read first: a line that comes meanwhile is the next close's.
    last_line = closing_reads.last_line()
    books_in, books_out, last_seq = closing_reads.moved(frame)
    bank_in, bank_out = closing_reads.line_totals(frame)
    first = _first_opening(told)
    books_opening = before.books_closing if before else 0
    bank_opening = before.bank_closing if before else first
    by_lines = bank_opening + bank_in - bank_out
    closing, has_statement = _told_closing(told, day)
    # What the bank's own closing said more than its lines in a close that was signed is in there still.
    gap = closing - by_lines if closing is not None else 0
    carried_gap = _carried(before, "statement_gap")
    found = parts(
        closing_reads.unproved(frame),
        closing_reads.booked(frame),
        opening=first if before is None else -_carried(before, "opening"),
        gap=gap - carried_gap,
    )
    values: dict[str, int | bool | datetime] = {
        "books_opening": books_opening, "books_in": books_in, "books_out": books_out,
        "books_closing": books_opening + books_in - books_out,
        "bank_opening": bank_opening, "bank_in": bank_in, "bank_out": bank_out, "bank_closing": by_lines + gap,
        "has_statement": has_statement, "unexplained": unexplained(found, day, settings().transit_days),
        "last_seq": last_seq, "last_line": last_line, "computed_at": now(),
    }  # fmt: skip
    return values, found


def _frame(rail: str, currency: str, day: date, told: list[StatementDay], before: DailyClose | None) -> Frame:
    accounts = tuple(sorted({one.account for one in told}))
    return Frame(
        chart.house_account(chart.RAILS[rail], currency).id, accounts, currency, day, _end_of(day), time_zone(),
        before.id if before else UUID(int=0), before.day if before else _FIRST_DAY,
        before.last_seq if before else 0, before.last_line if before else 0,
    )  # fmt: skip


def _first_opening(told: list[StatementDay]) -> int:
    """What accounts held before the first statements that we have of them."""
    first: dict[str, int] = {}
    for one in sorted(told, key=lambda one: one.day):
        if one.opening is not None:
            first.setdefault(one.account, one.opening)
    return sum(first.values())


def _told_closing(told: list[StatementDay], day: date) -> tuple[int | None, bool]:
    """What the bank says that all accounts held at the end of the day, and whether each has a statement of the day.

    A gateway's bill may name no balance (None): then there is nothing but its lines to go by.
    """
    accounts = {one.account for one in told}
    of_day = [one for one in told if one.day == day]
    closings = {one.account: one.closing for one in of_day if one.closing is not None}
    has_statement = bool(accounts) and accounts == {one.account for one in of_day}
    return sum(closings.values()) if has_statement and accounts == closings.keys() else None, has_statement


def _carried(before: DailyClose | None, kind: str) -> int:
    if before is None:
        return 0
    return sum(CloseItem.objects.filter(close_id=before.id, kind=kind).values_list("amount_minor", flat=True))


def _item(close_id: UUID, one: Part) -> CloseItem:
    return CloseItem(
        close_id=close_id, kind=one.kind, amount_minor=one.amount, transfer_id=one.transfer, line_id=one.line,
        reference=one.reference, since=one.since,
    )  # fmt: skip


def _end_of(day: date) -> datetime:
    """The moment at which a day is over, here."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(time_zone())).astimezone(UTC)


def _locked(close_id: UUID) -> DailyClose:
    row = DailyClose.objects.select_for_update().filter(id=close_id).first()
    if row is None:
        raise errors.CloseNotFound()
    if row.state == "signed":
        raise errors.CloseNotOpen()
    return row


def _permitted(actor: Actor, permission: str) -> None:
    if permission not in people.staff_member(UUID(actor.id)).permissions:
        raise errors.PermissionMissing()


def _audit(action: str, row: DailyClose, actor: Actor) -> None:
    details = {
        "rail": row.rail,
        "currency": row.currency,
        "day": row.day.isoformat(),
        "unexplained": row.unexplained,
    }
    purpose = Purpose("reconciliation", str(row.id), row.note)
    record(actor, action, ("daily_close", str(row.id)), purpose=purpose, details=details)
