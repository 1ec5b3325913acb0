"""Store an evaluated batch. Small ones go as arrays in one round trip, large ones as COPY, which streams: the server
inserts while the next rows are being encoded."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from struct import Struct
from typing import Any

import psycopg

from guitai.ledger import wire
from guitai.ledger.raw import another, pipeline
from guitai.ledger.rules.changes import Changes
from guitai.ledger.rules.running import Running
from guitai.ledger.types import NewTransfer

_COPY_MIN = 100
_CHUNK = 1_000
_SIGNATURE, _END = b"PGCOPY\n\xff\r\n\0" + b"\0" * 8, b"\xff\xff"

_TRANSFER_COLUMNS = (
    "id, book, debit_account, credit_account, amount, currency, kind, flags, pending_id, expires_at, effective_at,"
    " recorded_at, user_data"
)
_ENTRY_COLUMNS = (
    "account_id, seq, transfer_id, amount, debits_pending, debits_posted, credits_pending, credits_posted,"
    " recorded_at"
)
_INSERT_TRANSFERS = (
    f"INSERT INTO ledger_transfer ({_TRANSFER_COLUMNS})"
    " SELECT * FROM unnest(%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b)"
)
_INSERT_ENTRIES = (
    f"INSERT INTO ledger_entry ({_ENTRY_COLUMNS}) SELECT * FROM unnest(%b, %b, %b, %b, %b, %b, %b, %b, %b)"
)
_COPY_TRANSFERS = f"COPY ledger_transfer ({_TRANSFER_COLUMNS}) FROM STDIN (FORMAT binary)"
_COPY_ENTRIES = f"COPY ledger_entry ({_ENTRY_COLUMNS}) FROM STDIN (FORMAT binary)"
_BALANCES = """
UPDATE ledger_account a SET debits_pending = v.debits_pending, debits_posted = v.debits_posted,
    credits_pending = v.credits_pending, credits_posted = v.credits_posted, version = v.version, recorded_at = %b
FROM unnest(%b, %b, %b, %b, %b, %b)
    AS v(id, debits_pending, debits_posted, credits_pending, credits_posted, version)
WHERE a.id = v.id
"""
_FLAGS = "UPDATE ledger_account a SET flags = v.flags FROM unnest(%b, %b) AS v(id, flags) WHERE a.id = v.id"
_OPENED = (
    "INSERT INTO ledger_pending (transfer_id, state, amount, expires_at) SELECT * FROM unnest(%b, %b, %b, %b)"
)
_RESOLVED = (
    "UPDATE ledger_pending p SET state = v.state, resolved_by = v.by FROM unnest(%b, %b, %b) AS v(id, state, by)"
    " WHERE p.transfer_id = v.id AND p.state = 'pending'"
)
_FAILED = (
    "INSERT INTO ledger_failed_transfer (id, result) SELECT * FROM unnest(%b, %b) ON CONFLICT DO NOTHING"
)

_ID = Struct(">hi16si")  # how many fields, the id, the length of the book
_SIDES = Struct(">i16si16siq")
_FLAGS_FIELD = Struct(">ii")
_ENTRY = Struct(">hi16siqi16siqiqiqiqiqiq")


def write(cursor: psycopg.Cursor[Any], changes: Changes) -> None:
    """Each table once."""
    touched = changes.touched()
    if len(changes.transfers) >= _COPY_MIN:
        with cursor.copy(_COPY_TRANSFERS) as copy:
            _stream(copy, _transfer_rows(changes.transfers, changes.moment))
        with cursor.copy(_COPY_ENTRIES) as copy:
            _stream(copy, _entry_rows(touched, changes.moment))
            balances = _balance_arrays(touched)  # while the server is still busy with the lines
        decided = _rest(cursor, changes, touched, balances)
    else:
        with pipeline():
            if changes.transfers:
                cursor.execute(_INSERT_TRANSFERS, _transfer_arrays(changes.transfers, changes.moment))
            if touched:
                cursor.execute(_INSERT_ENTRIES, _entry_arrays(touched, changes.moment))
            decided = _rest(cursor, changes, touched, _balance_arrays(touched))
    if decided is not None and decided.rowcount != len(changes.resolved):
        raise RuntimeError("a reservation was resolved twice: the batch must not commit")


def _rest(
    cursor: psycopg.Cursor[Any], changes: Changes, touched: Sequence[Running], balances: list[wire.Array]
) -> psycopg.Cursor[Any] | None:
    """What changes in place, and the few rows; gives the cursor that tells how many fates were decided."""
    if touched:
        cursor.execute(_BALANCES, [changes.moment, *balances])
    if reclassified := [account for account in touched if account.is_reclassified]:
        flags = wire.integers([account.flags for account in reclassified])
        cursor.execute(_FLAGS, [wire.uuids([account.raw for account in reclassified]), flags])
    if opened := changes.opened:
        cursor.execute(
            _OPENED,
            [
                wire.ids(p.transfer_id for p in opened), wire.texts([p.state for p in opened]),
                wire.integers([p.amount for p in opened]), wire.moments([p.expires_at for p in opened]),
            ],
        )  # fmt: skip
    if changes.failed:
        # In id order, or two batches that burn the same ids could wait in a circle.
        burnt = sorted(changes.failed.items())
        cursor.execute(_FAILED, [wire.ids(i for i, _ in burnt), wire.texts([result for _, result in burnt])])
    if resolved := changes.resolved:
        return another().execute(
            _RESOLVED,
            [wire.ids(i for i, _, _ in resolved), wire.texts([s for _, s, _ in resolved]),
             wire.ids(by for _, _, by in resolved)],
        )  # fmt: skip
    return None


def _stream(copy: psycopg.Copy, rows: Iterator[bytes]) -> None:
    waiting = [_SIGNATURE]
    for row in rows:
        waiting.append(row)
        if len(waiting) >= _CHUNK:
            copy.write(b"".join(waiting))
            waiting = []
    copy.write(b"".join([*waiting, _END]))


def _transfer_rows(transfers: Sequence[NewTransfer], moment: datetime) -> Iterator[bytes]:
    words: dict[tuple[str, str, int], bytes] = {}
    books = {book: book.encode() for book in ("live", "test")}
    recorded = wire.moment_field(moment)
    nothing_held = wire.NULL * 2
    for t in transfers:
        key = (t.currency, t.kind, int(t.flags))
        if (described := words.get(key)) is None:
            described = words[key] = (
                wire.field(t.currency.encode()) + wire.field(t.kind.encode()) + _FLAGS_FIELD.pack(4, key[2])
            )
        book = books[t.book]
        held = (
            nothing_held
            if t.pending_id is None and t.expires_at is None
            else wire.uuid_field(t.pending_id) + wire.moment_field(t.expires_at)
        )
        effective = recorded if t.effective_at is None else wire.moment_field(t.effective_at)
        yield b"".join((
            _ID.pack(13, 16, t.id.bytes, len(book)), book,
            _SIDES.pack(16, t.debit_account.bytes, 16, t.credit_account.bytes, 8, t.amount),
            described, held, effective, recorded, wire.uuid_field(t.user_data),
        ))  # fmt: skip


def _entry_rows(accounts: Sequence[Running], moment: datetime) -> Iterator[bytes]:
    pack, at = _ENTRY.pack, wire.microseconds(moment)
    for account in accounts:
        raw = account.raw
        for seq, transfer, amount, dp, dd, cp, cd in account.lines:
            yield pack(9, 16, raw, 8, seq, 16, transfer, 8, amount, 8, dp, 8, dd, 8, cp, 8, cd, 8, at)


def _transfer_arrays(transfers: Sequence[NewTransfer], moment: datetime) -> list[wire.Array]:
    return [
        wire.ids(t.id for t in transfers), wire.texts([t.book for t in transfers]),
        wire.ids(t.debit_account for t in transfers), wire.ids(t.credit_account for t in transfers),
        wire.integers([t.amount for t in transfers]), wire.texts([t.currency for t in transfers]),
        wire.texts([t.kind for t in transfers]), wire.integers([int(t.flags) for t in transfers]),
        wire.uuids([t.pending_id and t.pending_id.bytes for t in transfers]),
        wire.moments([t.expires_at for t in transfers]),
        wire.moments([t.effective_at or moment for t in transfers]), wire.moments([moment] * len(transfers)),
        wire.uuids([t.user_data and t.user_data.bytes for t in transfers]),
    ]  # fmt: skip


def _entry_arrays(accounts: Sequence[Running], moment: datetime) -> list[wire.Array]:
    lines = [line for account in accounts for line in account.lines]
    seqs, transfers, *numbers = zip(*lines, strict=True)
    return [
        wire.uuids([account.raw for account in accounts for _ in account.lines]), wire.integers(seqs),
        wire.uuids(transfers), *(wire.integers(column) for column in numbers), wire.moments([moment] * len(lines)),
    ]  # fmt: skip


def _balance_arrays(accounts: Sequence[Running]) -> list[wire.Array]:
    return [
        wire.uuids([a.raw for a in accounts]), wire.integers([a.debits_pending for a in accounts]),
        wire.integers([a.debits_posted for a in accounts]), wire.integers([a.credits_pending for a in accounts]),
        wire.integers([a.credits_posted for a in accounts]), wire.integers([a.version for a in accounts]),
    ]  # fmt: skip
