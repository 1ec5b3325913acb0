"""Read a kept statement file into lines: first proved whole, then stored in steps that a crash cannot double."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, cast
from uuid import UUID

from django.db import connection

from guitai.audit.api import record
from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit.collector import paused
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.rails import drafts
from guitai.rails.adapters import rail_named
from guitai.rails.errors import StatementRefused
from guitai.rails.flows.note_payout_lines import note_payout_lines
from guitai.rails.flows.receive_statement import KeptContent
from guitai.rails.flows.tell_payout import apply_statuses
from guitai.rails.lines import Line, store_lines
from guitai.rails.models import Statement, StatementFile
from guitai.rails.policies import statement_settings
from guitai.rails.statements import Entry, StatementFoot, StatementHead, open_statements
from guitai.rails.statements.pain002 import is_payout_status, read_payout_status
from guitai.rails.statements.shape import StatementPart
from guitai.rails.statements.source import CHUNK_BYTES

_PROGRESS_EVERY = 32 * 1024 * 1024
_IN_MEMORY = 8 * 1024 * 1024
_TOGETHER = 1_000
_log = logging.getLogger(__name__)

# Called with how much of which is done: ("check", bytes, bytes) and then ("store", lines, lines).
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class _Found:
    """A statement seen while the file was checked."""

    head: StatementHead
    foot: StatementFoot


def import_statement(file_id: UUID, progress: Progress | None = None) -> None:
    """Bring one kept file to its end: imported or refused. Whoever else is at it does no harm, nor does a crash."""
    row = StatementFile.objects.filter(id=file_id).first()
    if row is not None and row.state == "received":
        if row.rail == "bank" and is_payout_status(KeptContent(file_id).read(CHUNK_BYTES)):
            _apply_status(row)
        else:
            _check(row, progress)
        row.refresh_from_db()
    if row is not None and row.state == "importing":
        _store(row, progress)


def _apply_status(row: StatementFile) -> None:
    """A pain.002 among the statements: what the bank says about payouts of ours, all of it or nothing."""
    try:
        statuses = list(
            read_payout_status(cast(BinaryIO, KeptContent(row.id)), statement_settings().limits())
        )
    except StatementRefused as refusal:
        _refuse(row, refusal)
        return
    with outermost():
        locked = StatementFile.objects.select_for_update().get(id=row.id)
        if locked.state != "received":
            return
        moved, unknown = apply_statuses(statuses)
        locked.state, locked.format = "imported", "pain.002"
        locked.finished_at = locked.moved_at = now()
        locked.entries_total = locked.entries_done = len(statuses)
        locked.save(
            update_fields=["state", "format", "finished_at", "moved_at", "entries_total", "entries_done"]
        )
        record(
            SYSTEM,
            "rails.payout_status_imported",
            ("rails.statement_file", str(row.id)),
            details={"statuses": len(statuses), "moved": moved, "unknown": unknown},
        )


def _check(row: StatementFile, progress: Progress | None) -> None:
    """Read all of it once: nothing of a file that is refused in its last line is ever seen by anybody."""
    found: list[_Found] = []
    head: StatementHead | None = None
    aside = drafts.Drafts(row.id)
    try:
        format_, parts = _parts(row, _on_bytes(row, progress))
        for part in _unsearched(parts):
            if isinstance(part, Entry):
                aside.add(len(found), part)
            elif isinstance(part, StatementHead):
                head = part
            elif head is not None:
                found.append(_Found(head, part))
    except StatementRefused as refusal:
        aside.discard()
        _refuse(row, refusal)
        return
    draft = aside.done()
    with outermost():
        locked = StatementFile.objects.select_for_update().get(id=row.id)
        if locked.state != "received":
            aside.discard()
            return
        Statement.objects.bulk_create(
            (_statement(row.id, position, one) for position, one in enumerate(found)), batch_size=1_000
        )
        locked.state, locked.format, locked.moved_at = "importing", format_, now()
        locked.bytes_checked, locked.draft = row.size, draft
        locked.entries_total = sum(one.foot.entries for one in found)
        locked.save(update_fields=["state", "format", "moved_at", "bytes_checked", "entries_total", "draft"])


def _store(row: StatementFile, progress: Progress | None) -> None:
    statements = {one.position: one for one in Statement.objects.filter(file_id=row.id)}
    total, done = row.entries_total or 0, row.entries_done
    chunks = _chunks(row, statements)
    while True:
        with paused(drafts.BLOCK), outermost():
            chunk = next(chunks, [])
            locked = StatementFile.objects.select_for_update().get(id=row.id)
            if locked.state != "importing" or locked.entries_done != done:
                return  # another worker is at it
            if chunk:
                _need_not_wait()
            fresh = store_lines(chunk)
            note_payout_lines(fresh)
            locked.repeats += len(chunk) - len(fresh)
            done += len(chunk)
            locked.entries_done, locked.moved_at = done, now()
            if not chunk:
                drafts.throw_away(row.id)
                _finish(locked, len(statements))
            locked.save(update_fields=["entries_done", "moved_at", "repeats", "state", "finished_at"])
        if progress is not None:
            progress("store", done, total)
        if not chunk:
            return


def _need_not_wait() -> None:
    """A power cut may take the last steps away, lines and progress together: then they are simply done again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _finish(row: StatementFile, statements: int) -> None:
    row.state, row.finished_at = "imported", now()
    facts = {"statements": statements, "entries": row.entries_done, "repeats": row.repeats}
    emit("rails.statement_imported", {"file_id": str(row.id), **facts})
    record(SYSTEM, "rails.statement_imported", ("rails.statement_file", str(row.id)), details=facts)


def _refuse(row: StatementFile, refusal: StatementRefused) -> None:
    with outermost():
        locked = StatementFile.objects.select_for_update().get(id=row.id)
        if locked.state != "received":
            return
        locked.state, locked.code, locked.facts = "refused", refusal.code, refusal.facts
        locked.finished_at = locked.moved_at = now()
        locked.save(update_fields=["state", "code", "facts", "finished_at", "moved_at"])
        emit("rails.statement_refused", {"file_id": str(row.id), "code": refusal.code})
        record(
            SYSTEM,
            "rails.statement_refused",
            ("rails.statement_file", str(row.id)),
            details={"code": refusal.code, **refusal.facts},
        )
    _log.warning("statement file %s was refused: %s", row.id, refusal.code)


def _parts(
    row: StatementFile, on_bytes: Callable[[int], None] | None = None
) -> tuple[str, Iterator[StatementPart]]:
    if row.rail != "bank":
        return row.rail, _rails_own(row)
    settings = statement_settings()
    return open_statements(
        cast(BinaryIO, KeptContent(row.id)),
        mappings=settings.mappings,
        encoding=settings.mt940_encoding,
        limits=settings.limits(),
        on_bytes=on_bytes,
    )


def _unsearched(parts: Iterator[StatementPart]) -> Iterator[StatementPart]:
    """The same: circles are searched for now and then, not among lines by the thousand."""
    seen = _TOGETHER
    while seen == _TOGETHER:
        seen = 0
        with paused(_TOGETHER):
            for part in islice(parts, _TOGETHER):
                seen += 1
                yield part


def _rails_own(row: StatementFile) -> Iterator[StatementPart]:
    """A bill in the format of a gateway, read by its adapter; bills may be archives, which are read from their end."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as whole:
        kept = KeptContent(row.id)
        while piece := kept.read(CHUNK_BYTES):
            whole.write(piece)
        whole.seek(0)
        yield from rail_named(row.rail).parse_statement(cast(BinaryIO, whole))


def _chunks(row: StatementFile, statements: dict[int, Statement]) -> Iterator[list[Line]]:
    """The lines that are not stored yet, so many at a time: from the drafts of a large file, else read once more."""
    heads = {position: _head(one) for position, one in statements.items()}
    if row.draft is not None:
        blocks = drafts.drafted(row.draft, row.entries_done)
    else:
        lines = islice(_read_again(row), row.entries_done, None)
        blocks = iter(lambda: list(islice(lines, drafts.BLOCK)), [])
    for block in blocks:
        yield [Line(row.id, statements[position].id, heads[position], entry) for position, entry in block]


def _read_again(row: StatementFile) -> Iterator[drafts.Drafted]:
    position = -1
    for part in _parts(row)[1]:
        if isinstance(part, StatementHead):
            position += 1
        elif isinstance(part, Entry):
            yield position, part


def _head(row: Statement) -> StatementHead:
    """What a line's identity is made of, as the statement said it."""
    return StatementHead(
        account=row.account,
        currency=row.currency,
        opening=row.opening_minor,
        kind=row.kind,
        reference=row.reference,
        number=row.number,
    )


def _on_bytes(row: StatementFile, progress: Progress | None) -> Callable[[int], None]:
    noted = 0

    def say(done: int) -> None:
        nonlocal noted
        if progress is not None:
            progress("check", done, row.size)
        if done - noted >= _PROGRESS_EVERY:
            noted = done
            StatementFile.objects.filter(id=row.id).update(bytes_checked=done, moved_at=now())

    return say


def _statement(file_id: UUID, position: int, one: _Found) -> Statement:
    head, foot = one.head, one.foot
    return Statement(
        id=new_id(),
        file_id=file_id,
        position=position,
        account=head.account,
        currency=head.currency,
        kind=head.kind,
        reference=head.reference,
        number=head.number,
        opening_minor=head.opening,
        closing_minor=foot.closing,
        entries=foot.entries,
        credits_minor=foot.credits,
        debits_minor=foot.debits,
        period_from=head.period_from,
        period_to=head.period_to,
        said_at=head.created_at,
    )
