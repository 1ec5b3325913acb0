"""Printing a statement file: JSON for programs, a table for people, and how far we are on a terminal.

Entries go through a temporary file, so that a file of any size needs no memory, a closing balance that comes last
stands where it belongs, and nothing at all is printed of a file that is refused in its last line.
"""

import shutil
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

import msgspec

from guitai.rails.errors import StatementMappingWrong, StatementUnreadable
from guitai.rails.statements import (
    CsvMapping,
    Entry,
    StatementFoot,
    StatementHead,
    decimal_text,
    read_statements,
)
from guitai.rails.statements.shape import StatementFormat, StatementPart

_PROGRESS_S = 0.2
_MEMORY_BYTES = 4 * 1024 * 1024
_PIECE_BYTES = 1024 * 1024
_WIDTHS = (10, 10, 18, 22, 24, 40)
_encode = msgspec.json.Encoder().encode


def show(
    path: Path, *, as_json: bool, format_: StatementFormat | None, mapping: Path | None, encoding: str | None
) -> None:
    """Print what a file says; refuses statement_* before anything was printed."""
    mappings = (_mapping(mapping),) if mapping else ()
    try:
        with path.open("rb") as file, tempfile.SpooledTemporaryFile(_MEMORY_BYTES) as spool:
            parts = read_statements(
                file, format_=format_, mappings=mappings, encoding=encoding, on_bytes=_progress(path)
            )
            (_spool_json if as_json else _spool_table)(parts, cast(IO[bytes], spool), sys.stdout.buffer)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise StatementUnreadable(problem=type(error).__name__) from error
    finally:
        _clear_progress()
    sys.stdout.flush()


def _mapping(path: Path) -> CsvMapping:
    try:
        return msgspec.json.decode(path.read_bytes(), type=CsvMapping)
    except OSError as error:
        raise StatementUnreadable(problem=type(error).__name__) from error
    except msgspec.MsgspecError as error:
        raise StatementMappingWrong(problem=str(error)[:200], mapping=path.name) from error


def _spool_json(parts: Iterator[StatementPart], spool: IO[bytes], out: BinaryIO) -> None:
    heads: list[StatementHead] = []
    feet: list[tuple[StatementFoot, int]] = []
    for part in parts:
        if type(part) is Entry:
            spool.write(b",\n" if spool.tell() > (feet[-1][1] if feet else 0) else b"\n")
            spool.write(_entry_json(part))
        elif isinstance(part, StatementHead):
            heads.append(part)
        elif isinstance(part, StatementFoot):
            feet.append((part, spool.tell()))
    spool.seek(0)
    out.write(b"[")
    begin = 0
    for number, (head, (foot, end)) in enumerate(zip(heads, feet, strict=True)):
        said = {
            "account": head.account,
            "currency": head.currency,
            "opening": head.opening,
            "closing": foot.closing,
        }
        out.write((b"," if number else b"") + _encode(said)[:-1] + b',"entries":[')
        _copy(spool, out, end - begin)
        out.write(b"]}")
        begin = end
    out.write(b"]\n")


def _entry_json(entry: Entry) -> bytes:
    return _encode({
        "amount": entry.amount,
        "credit": entry.credit,
        "booked_on": entry.booked_on,
        "value_on": entry.value_on,
        "reversal": entry.reversal,
        "reference": entry.reference,
        "end_to_end_id": entry.end_to_end_id,
        "counterparty": entry.counterparty,
        "remittance": entry.remittance,
    })  # fmt: skip


def _copy(spool: IO[bytes], out: BinaryIO, length: int) -> None:
    while length:
        piece = spool.read(min(length, _PIECE_BYTES))
        out.write(piece)
        length -= len(piece)


def _spool_table(parts: Iterator[StatementPart], spool: IO[bytes], out: BinaryIO) -> None:
    currency = ""
    for part in parts:
        if isinstance(part, Entry):
            spool.write(_row(part, currency))
        elif isinstance(part, StatementHead):
            currency = part.currency or ""
            spool.write(f"\n{part.account}  {currency}\n".encode())
            spool.write(f"  opening balance  {_money(part.opening, currency)}\n".encode())
            heading = ("booked", "value", "amount", "reference", "counterparty", "remittance")
            spool.write(f"  {_columns(heading)}\n".encode())
        else:
            pending = f", {part.pending} not booked and left out" if part.pending else ""
            spool.write(f"  closing balance  {_money(part.closing, currency)}\n".encode())
            spool.write(
                f"  {part.entries} entries: {_money(part.credits, currency)} in, "
                f"{_money(part.debits, currency)} out{pending}\n".encode()
            )
    spool.seek(0)
    shutil.copyfileobj(spool, out)


def _row(entry: Entry, currency: str) -> bytes:
    amount = _money(entry.amount if entry.credit else -entry.amount, currency) + (
        " R" if entry.reversal else ""
    )
    cells = (
        str(entry.booked_on or "-"),
        str(entry.value_on or "-"),
        amount,
        entry.end_to_end_id or entry.reference or "-",
        entry.counterparty or "-",
        entry.remittance or "-",
    )
    return f"  {_columns(cells)}\n".encode()


def _columns(cells: tuple[str, ...]) -> str:
    return "  ".join(
        _fitted(cell, width, right=column == 2)
        for column, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True))
    ).rstrip()


def _fitted(text: str, width: int, *, right: bool) -> str:
    """Text in so many columns of a terminal, where a Chinese character takes two."""
    kept: list[str] = []
    used = 0
    for letter in text:
        size = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        # Letters that steer a terminal are not for showing.
        shown = letter if letter.isprintable() else "?"
        if used + size > width and not right:
            kept[-1:] = ["…"]
            break
        kept.append(shown)
        used += size
    shown_text = "".join(kept)
    padding = " " * max(0, width - used)
    return padding + shown_text if right else shown_text + padding


def _money(minor: int | None, currency: str) -> str:
    if minor is None:
        return "-"
    whole, point, fraction = decimal_text(abs(minor), currency).partition(".")
    return ("-" if minor < 0 else "") + f"{int(whole):,}{point}{fraction}"


def _progress(path: Path) -> Callable[[int], None] | None:
    if not sys.stderr.isatty():
        return None
    total = max(path.stat().st_size, 1)
    shown_at = time.monotonic()

    def say(done: int) -> None:
        nonlocal shown_at
        if time.monotonic() - shown_at >= _PROGRESS_S:
            shown_at = time.monotonic()
            filled = done * 30 // total
            bar = "█" * filled + "░" * (30 - filled)
            print(
                f"\r{bar} {done * 100 // total:3d}%  {done >> 20} of {total >> 20} MB",
                end="",
                file=sys.stderr,
                flush=True,
            )

    return say


def _clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
