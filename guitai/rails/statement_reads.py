"""Reading what statements said."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from guitai.kit import cursors
from guitai.rails.lines import person
from guitai.rails.models import Statement, StatementEntry, StatementFile, StatementMatch
from guitai.rails.reads import before
from guitai.rails.types import StatementFileRecord, StatementFileState, StatementLine, StatementRecord

_FILES_MAX, _LINES_MAX = 100, 10_000
_UNMATCHED = ~Exists(StatementMatch.objects.filter(entry_id=OuterRef("id")))


def file_record(file_id: UUID) -> StatementFileRecord | None:
    """One file, or None."""
    row = StatementFile.objects.filter(id=file_id).first()
    return _file(row) if row is not None else None


def files(
    cursor: str | None, limit: int, states: Iterable[StatementFileState] | None
) -> cursors.Page[StatementFileRecord]:
    """Files, newest first."""
    rows = StatementFile.objects.order_by("-received_at", "-id")
    if states is not None:
        rows = rows.filter(state__in=list(states))
    if cursor:
        rows = rows.filter(before(cursor))
    limit = max(1, min(limit, _FILES_MAX))
    found = list(rows[: limit + 1])
    items = [_file(row) for row in found[:limit]]
    more = len(found) > limit
    return cursors.Page(
        items, cursors.encode(items[-1].received_at.isoformat(), str(items[-1].id)) if more else None
    )


def statements_of(file_id: UUID) -> list[StatementRecord]:
    """The statements of a file, in its order."""
    return [_statement(row) for row in Statement.objects.filter(file_id=file_id).order_by("position")]


def entries_named(references: Sequence[str]) -> list[StatementLine]:
    """Lines that name one of our operations, by what the payer wrote or by the end-to-end reference."""
    named = Q(payment_reference__in=references) | Q(end_to_end_id__in=references)
    return _lines(StatementEntry.objects.filter(named).order_by("id")[:_LINES_MAX])


def lines_of(ids: Sequence[int]) -> list[StatementLine]:
    """Lines by id."""
    return _lines(StatementEntry.objects.filter(id__in=ids).order_by("id")[:_LINES_MAX])


def _lines(rows: QuerySet[Any, Any]) -> list[StatementLine]:
    found = list(rows)
    marks = StatementMatch.objects.filter(entry_id__in=[row.id for row in found])
    matched = dict(marks.values_list("entry_id", "matched_to"))
    return [_line(row, matched.get(row.id)) for row in found]


def _line(row: StatementEntry, matched_to: str | None) -> StatementLine:
    said = person(row.person_sealed, row.statement_id)
    return StatementLine(
        id=row.id,
        statement_id=row.statement_id,
        position=row.position,
        account=row.account,
        currency=row.currency,
        amount=row.amount_minor,
        credit=row.credit,
        reversal=row.reversal,
        booked_on=row.booked_on,
        value_on=row.value_on,
        reference=row.reference,
        end_to_end_id=row.end_to_end_id,
        payment_reference=row.payment_reference,
        counterparty=said.counterparty,
        counterparty_account=said.account,
        remittance=said.remittance,
        bank_code=row.bank_code,
        return_reason=row.return_reason,
        charges=row.charges_minor,
        batch_count=row.batch_count,
        batch_part=row.batch_part,
        batch_reference=row.batch_reference,
        repeat_of=row.repeat_of,
        matched_to=matched_to,
    )


def _file(row: StatementFile) -> StatementFileRecord:
    return StatementFileRecord(
        id=row.id,
        name=row.name,
        source=row.source,
        rail=row.rail,
        taken_by=row.taken_by,
        size=row.size,
        sha256=bytes(row.sha256).hex(),
        state=row.state,
        code=row.code,
        facts=row.facts,
        format=row.format,
        received_at=row.received_at,
        finished_at=row.finished_at,
        bytes_checked=row.bytes_checked,
        entries_done=row.entries_done,
        entries_total=row.entries_total,
        repeats=row.repeats,
    )


def _statement(row: Statement) -> StatementRecord:
    return StatementRecord(
        id=row.id,
        file_id=row.file_id,
        account=row.account,
        currency=row.currency,
        kind=row.kind,
        reference=row.reference,
        number=row.number,
        opening=row.opening_minor,
        closing=row.closing_minor,
        entries=row.entries,
        credits=int(row.credits_minor),
        debits=int(row.debits_minor),
        period_from=row.period_from,
        period_to=row.period_to,
    )
