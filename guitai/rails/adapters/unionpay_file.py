"""UnionPay's settlement file: a zip archive whose entry `INN<yymmdd><nn>ZM_<merchant>` has a line a transaction.

A line has columns of fixed width with a blank between them, in GBK. What settles is counted: the settled amount and
the fee, each with C (to us) or D (from us) before twelve digits of minor units. A transaction is a line of its own and
so is its fee, so that what a customer paid is found by its own amount.
"""

import base64
import binascii
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from typing import IO, BinaryIO, Final

from guitai.rails.adapters.bills import Sums
from guitai.rails.errors import (
    StatementHostile,
    StatementIncomplete,
    StatementMalformed,
    StatementTooLarge,
    StatementUnrecognised,
)
from guitai.rails.statements.shape import Entry, StatementHead, StatementPart

CONTENT_BYTES_MAX = 256 * 2**20
_LINE_BYTES_MAX = 2_048
_NAME = re.compile(r"INN([0-9]{6})[0-9]{2}ZM_([0-9A-Z]{15})\Z", re.ASCII)
_ENTRIES_MAX = 64
# Width of each column up to the last that is read; what follows is reserved.
_WIDTHS: Final = (
    3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13, 13,
)  # fmt: skip
_TIME, _QUERY_ID, _ORDER, _FEE, _SETTLED, _TYPE, _ORIGINAL, _MERCHANT = 4, 9, 11, 15, 16, 19, 26, 27
_STARTS: Final = tuple(sum(_WIDTHS[:column]) + column for column in range(len(_WIDTHS)))
_LINE_BYTES_MIN = _STARTS[-1] + _WIDTHS[-1]
_SIGNED = re.compile(r"([CD])([0-9]{12})\Z", re.ASCII)
_WORDS: Final = {"01": "payment", "31": "undo", "04": "refund", "12": "payout"}


def unpacked(content: str) -> bytes:
    """The archive in an answer's `fileContent`: base64 of zlib.

    takes    the field's text
    gives    the archive's bytes
    refuses  statement_malformed, statement_too_large
    source   ACP 5.1.0, part 3, files
    """
    inflater = zlib.decompressobj()
    try:
        archive = inflater.decompress(base64.b64decode(content, validate=True), CONTENT_BYTES_MAX)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise StatementMalformed(problem="content") from error
    if not inflater.eof:
        if inflater.unconsumed_tail:
            raise StatementTooLarge(bytes_max=CONTENT_BYTES_MAX)
        raise StatementMalformed(problem="content")
    return archive


def read_settlement(file: BinaryIO) -> Iterator[StatementPart]:
    """A settlement file, part by part.

    takes    the archive, at its beginning
    gives    StatementHead, its entries, StatementFoot, for each merchant's list in it
    refuses  statement_unrecognised, statement_hostile, statement_too_large, statement_incomplete, statement_malformed
    source   ACP 5.1.0, part 3, files; column widths as in UnionPay's own samples
    """
    try:
        archive = zipfile.ZipFile(file)
        lists = [(name, match) for name in archive.namelist() if (match := _NAME.match(name))]
        if len(archive.namelist()) > _ENTRIES_MAX:
            raise StatementHostile(problem="too_many_entries")
        if sum(archive.getinfo(name).file_size for name, _ in lists) > CONTENT_BYTES_MAX:
            raise StatementTooLarge(bytes_max=CONTENT_BYTES_MAX)
        if not lists:
            raise StatementUnrecognised(problem="no_list")
        for name, match in sorted(lists):
            with archive.open(name) as opened:
                yield from _one(opened, _day(match[1]), match[2], name)
    # What a broken archive raises, on opening or in the middle of a list: the library's own, and zlib's.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise StatementMalformed(problem="archive") from error
    except (ValueError, KeyError, UnicodeError, IndexError) as error:
        raise StatementMalformed(problem="archive") from error


def _one(file: IO[bytes], day: date, merchant: str, name: str) -> Iterator[StatementPart]:
    yield StatementHead(
        account=merchant, currency="CNY", opening=None, reference=name, period_from=day, period_to=day
    )
    sums = Sums()
    number = 0
    while line := file.readline(_LINE_BYTES_MAX):
        number += 1
        if not line.endswith(b"\n"):
            raise (
                StatementIncomplete(line=number)
                if len(line) < _LINE_BYTES_MAX
                else StatementMalformed(line=number)
            )
        if line.strip():
            for entry in _entries(line, number, day, merchant, sums.entries):
                yield sums.count(entry)
    yield sums.foot()


def _entries(line: bytes, number: int, day: date, merchant: str, position: int) -> Iterator[Entry]:
    columns = _columns(line, number)
    if columns[_MERCHANT] != merchant:
        raise StatementMalformed(line=number, problem="merchant")
    kind, query_id = columns[_TYPE], columns[_QUERY_ID]
    settled, fee = _signed(columns[_SETTLED], number), _signed(columns[_FEE], number)
    gross = settled - fee
    booking = number - 1
    if gross:
        yield Entry(
            position=position,
            booking=booking,
            amount=abs(gross),
            credit=gross > 0,
            booked_on=day,
            value_on=_when(columns[_TIME], day, number),
            reversal=kind == "31",
            reference=query_id,
            end_to_end_id=columns[_ORDER] or None,
            bank_code=_WORDS.get(kind, kind),
            transaction_id=columns[_ORIGINAL] or query_id,
            bank_reference=query_id,
        )
    if fee:
        yield Entry(
            position=position + bool(gross),
            booking=booking,
            amount=abs(fee),
            credit=fee > 0,
            booked_on=day,
            value_on=day,
            bank_code="fee",
            transaction_id=query_id,
            bank_reference=f"{query_id}:fee",
        )


def _columns(line: bytes, number: int) -> list[str]:
    if len(line) < _LINE_BYTES_MIN:
        raise StatementMalformed(line=number, problem="short")
    found = []
    for start, width in zip(_STARTS, _WIDTHS, strict=True):
        if start and line[start - 1 : start] != b" ":
            raise StatementMalformed(line=number, problem="columns")
        found.append(line[start : start + width].decode("gbk", "replace").strip())
    if not (found[_QUERY_ID] and found[_TYPE]):
        raise StatementMalformed(line=number, problem="empty")
    return found


def _signed(text: str, number: int) -> int:
    match = _SIGNED.match(text)
    if match is None:
        raise StatementMalformed(line=number, problem="amount")
    return int(match[2]) if match[1] == "C" else -int(match[2])


def _day(text: str) -> date:
    return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))


def _when(text: str, day: date, number: int) -> date:
    """`MMDDhhmmss` in the year that the settlement day tells: at New Year it is of the year before."""
    try:
        month = int(text[:2])
        return date(day.year - (month > day.month), month, int(text[2:4]))
    except ValueError as error:
        raise StatementMalformed(line=number, problem="time") from error
