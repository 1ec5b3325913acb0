"""Rotation: what older keys sealed is sealed anew, column by column and file by file, beside running traffic.

No progress is written down, because the data says it: each value names the key that sealed it. A batch is read
without a lock and written only where nothing has changed since, so nobody waits; what was changed meanwhile is met
again in the next pass. Passes follow each other until one that began after every process knew the new key finds
nothing more. Ended at any point, `rotate` goes on where it was.
"""

import base64
import contextlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from guitai.base.clock import now
from guitai.kit import columns, crypto, keyring
from guitai.kit.files import sealed_path
from guitai.kit.models import DataKey, File
from guitai.kit.sealed import Indexed, Sealed, Unkept, entries, sealed_columns

_NO_ROW = UUID(int=0)
# Any number that no other lock of ours has (site.prepare and site.worker have theirs).
_ALONE = 7_203_118_117
_FILE_PURPOSE, FILES = "file", "files"
_WAIT_MAX_S = 60.0
_PASSES_MAX = 20
# Forms and links that were sealed into a page live shorter than this.
_DESTROYED_AFTER = timedelta(days=2)

# Called with a name, how many were looked at, and how many there are.
Progress = Callable[[str, int, int], None]


class RotationRefused(Exception):
    """Rotation cannot go on; the text says why and what to do."""


@dataclass
class Report:
    """What a rotation did."""

    key: str = ""
    resumed: bool = False
    resealed: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)
    finished: bool = False


def rotate(progress: Progress, wait_s: float = _WAIT_MAX_S) -> Report:
    """Make a new key and seal everything anew by it; goes on with an unfinished one.

    takes    what is told of the progress, how long to wait for transactions older than the key
    gives    Report; `finished` False when something could not be read or an old transaction is still open
    refuses  RotationRefused when another rotation is running
    """
    with _alone():
        report = _begin()
        for number in range(_PASSES_MAX):
            report.unreadable.clear()
            settled = number > 0 and _wait_for_older(report.key, wait_s)
            changed = _pass(report, progress)
            if settled and not changed:
                report.finished = not report.unreadable
                break
            if number > 0 and not settled:
                break
        if report.finished:
            DataKey.objects.filter(id=report.key, finished_at=None).update(finished_at=now())
        return report


def rotate_indexes(progress: Progress) -> int:
    """Make a new index key and compute every blind index anew, in one transaction: all of them or none.

    takes    what is told of the progress
    gives    how many indexes were computed
    refuses  RotationRefused while anybody else is connected, or topics that carry an index are on their way
    """
    with _alone(), transaction.atomic():
        _check_nobody_else()
        keyring.add("index")
        return sum(_reindex(entry, progress) for entry in entries() if not isinstance(entry, Sealed))


def retire() -> list[str]:
    """Destroy retired sealing keys by which nothing is sealed any more; gives their ids."""
    used = {key_id for counted in survey().values() for key_id in counted}
    old = now() - _DESTROYED_AFTER
    rows = DataKey.objects.filter(role="seal", retired_at__lt=old, wrapped__isnull=False)
    gone = [row.id for row in rows if row.id not in used]
    keyring.destroy(gone, now())
    return gone


def survey() -> dict[str, Counter[str]]:
    """How many values each key has sealed, column by column."""
    found = {column.name: _counted(column) for column in sealed_columns()}
    files: Counter[str] = Counter()
    for _, path in _files():
        with contextlib.suppress(OSError), path.open("rb") as file:
            files[crypto.sealed_by(file.read(64))] += 1
    return found | {FILES: files}


def _begin() -> Report:
    with transaction.atomic():
        # What has worked until now goes onto the ring, so that old master keys can leave the environment.
        if not DataKey.objects.filter(role="index").exists():
            keyring.add("index", keyring.key(keyring.indexing()))
        if not DataKey.objects.filter(role="code").exists():
            keyring.add("code", keyring.key(keyring.coding()))
        keyring.rewrap()
        unfinished = DataKey.objects.filter(role="seal", retired_at=None, finished_at=None).first()
        return Report(unfinished.id if unfinished else keyring.add("seal"), resumed=unfinished is not None)


def _pass(report: Report, progress: Progress) -> int:
    changed = 0
    for column in sealed_columns():
        done = _reseal_column(column, report, progress)
        report.resealed[column.name] += done
        changed += done
    done = _reseal_files(report, progress)
    report.resealed[FILES] += done
    return changed + done


def _reseal_column(column: Sealed, report: Report, progress: Progress) -> int:
    total, looked, changed = columns.size(column.table), 0, 0
    json_form = column.form == "json"
    names = (*([column.row] if column.row else []), column.column)
    for batch in columns.batches(column.table, column.key, names, json_form=json_form):
        writes = []
        for key, *bound, value in batch:
            try:
                again = _again(column, value, bound[0] if bound else _NO_ROW, report.key)
            except (crypto.Unsealable, ValueError, TypeError):
                report.unreadable.append(f"{column.name} {' '.join(str(part) for part in key)}")
                continue
            if again is not None:
                writes.append((again, key, value))
        changed += columns.write(column.table, column.key, column.column, writes, json_form=json_form)
        looked += len(batch)
        progress(column.name, looked, max(total, looked))
    return changed


def _again(column: Sealed, value: Any, row: UUID, key_id: str) -> Any:
    """The value sealed by the newest key; None when it already is."""
    if column.form == "json":
        changed = {
            name: _again_text(column, value[name], row, key_id) for name in column.fields if value.get(name)
        }
        changed = {name: text for name, text in changed.items() if text is not None}
        return {**value, **changed} if changed else None
    if column.form == "base64":
        return _again_text(column, value, row, key_id)
    return _again_bytes(column.purpose, bytes(value), row, key_id)


def _again_text(column: Sealed, value: Any, row: UUID, key_id: str) -> Any:
    if isinstance(value, list):
        items = [_again_text(column, item, row, key_id) for item in value]
        return [new or old for new, old in zip(items, value, strict=True)] if any(items) else None
    again = _again_bytes(column.purpose, base64.b64decode(value, validate=True), row, key_id)
    return base64.b64encode(again).decode() if again is not None else None


def _again_bytes(purpose: str, blob: bytes, row: UUID, key_id: str) -> bytes | None:
    if crypto.sealed_by(blob) == key_id:
        return None
    return crypto.seal_bytes(crypto.unseal_bytes(blob, purpose=purpose, row=row), purpose=purpose, row=row)


def _reseal_files(report: Report, progress: Progress) -> int:
    total, changed = File.objects.count(), 0
    for looked, (file_id, path) in enumerate(_files(), start=1):
        with transaction.atomic():
            # Whoever erases a file holds its row: it must not come back behind them.
            if not File.objects.select_for_update().filter(id=file_id).exists() or not path.exists():
                continue
            try:
                again = _again_bytes(_FILE_PURPOSE, path.read_bytes(), file_id, report.key)
            except crypto.Unsealable:
                report.unreadable.append(f"{FILES} {file_id}")
                continue
            if again is not None:
                _replace(path, again)
                changed += 1
        progress(FILES, looked, max(total, looked))
    return changed


def _files() -> Iterator[tuple[UUID, Path]]:
    for file_id in File.objects.order_by("id").values_list("id", flat=True).iterator(chunk_size=500):
        yield file_id, sealed_path(file_id)


def _replace(path: Path, content: bytes) -> None:
    """The new content or the old one, whatever happens in between."""
    draft = path.with_name(f".{path.name}.new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _reindex(entry: Indexed | Unkept, progress: Progress) -> int:
    if isinstance(entry, Unkept):
        columns.clear(entry.table)
        return 0
    total, done = columns.size(entry.table), 0
    for batch in columns.batches(entry.table, entry.key, (entry.row, entry.column, entry.source)):
        writes = []
        for key, row, index, value in batch:
            if index is not None:
                plain = crypto.unseal(bytes(value), purpose=entry.source_purpose, row=row)
                writes.append((crypto.blind(entry.plain(plain), purpose=entry.purpose), key, index))
        done += columns.write(entry.table, entry.key, entry.column, writes)
        progress(entry.name, done, max(total, done))
    return done


def _counted(column: Sealed) -> Counter[str]:
    counted: Counter[str] = Counter()
    json_form = column.form == "json"
    for batch in columns.batches(column.table, column.key, (column.column,), json_form=json_form):
        for _, value in batch:
            counted.update(_keys_in(column, value))
    return counted


def _keys_in(column: Sealed, value: Any) -> Iterator[str]:
    if column.form == "bytes":
        yield crypto.sealed_by(bytes(value))
        return
    texts = [value] if column.form == "base64" else [value.get(name) for name in column.fields]
    for text in texts:
        for item in text if isinstance(text, list) else [text]:
            if item:
                with contextlib.suppress(ValueError):
                    yield crypto.sealed_by(base64.b64decode(item, validate=True))


def _wait_for_older(key_id: str, wait_s: float) -> bool:
    """Wait until every process seals by the new key and no transaction is open that might still write by the old
    one; False when one stays open for longer."""
    made = DataKey.objects.values_list("made_at", flat=True).get(id=key_id)
    known = made + timedelta(seconds=keyring.RENEWED_S)
    give_up = time.monotonic() + wait_s
    while _database_now() <= known or _oldest_other() < known:
        if time.monotonic() > give_up:
            return False
        time.sleep(0.2)
    return True


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _oldest_other() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(min(xact_start), clock_timestamp()) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        return cursor.fetchone()[0]


def _check_nobody_else() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        others = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM kit_topic WHERE handled_at IS NULL")
        topics = cursor.fetchone()[0]
    if others:
        raise RotationRefused(
            f"{others} other connections use the database: stop web and worker first, since old and new indexes"
            " never meet. (Data keys rotate beside running traffic: `guitai keys rotate`.)"
        )
    if topics:
        raise RotationRefused(
            f"{topics} topics wait and may carry an index: let the worker finish them first."
        )


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ALONE])
        if not cursor.fetchone()[0]:
            raise RotationRefused("another rotation is running.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ALONE])
