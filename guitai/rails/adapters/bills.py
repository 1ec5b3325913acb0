"""What the bills of gateways have in common: packed CSV, lines and files bounded, amounts exact, sums proved."""

import csv
import gzip
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import IO, BinaryIO, cast

from guitai.rails.errors import (
    StatementEncodingWrong,
    StatementHostile,
    StatementIncomplete,
    StatementMalformed,
    StatementTooLarge,
    StatementUnbalanced,
)
from guitai.rails.statements.shape import Entry, StatementFoot
from guitai.rails.statements.values import amount_fact, day_of, minor_of

CONTENT_BYTES_MAX = 512 * 2**20
_LINE_BYTES_MAX = 16_384
_FILES_MAX = 16
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
CURRENCY = "CNY"
Row = Mapping[str, str]


@dataclass(slots=True)
class Sums:
    """What the lines of one bill came to, and the balance that they led to."""

    entries: int = 0
    credits: int = 0
    debits: int = 0
    counts: tuple[int, int] = (0, 0)
    balance: int | None = None

    def count(self, entry: Entry, balance: int | None = None, line: int | None = None) -> Entry:
        """The entry, counted; refuses statement_unbalanced when the balance after it does not follow."""
        self.entries += 1
        signed = entry.amount if entry.credit else -entry.amount
        if balance is not None:
            if self.balance is not None:
                prove(self.balance + signed, balance, line)
            self.balance = balance
        if entry.credit:
            self.credits += entry.amount
            self.counts = (self.counts[0] + 1, self.counts[1])
        else:
            self.debits += entry.amount
            self.counts = (self.counts[0], self.counts[1] + 1)
        return entry

    def foot(self) -> StatementFoot:
        return StatementFoot(self.balance, self.entries, self.credits, self.debits)


def prove(expected: int, told: int, line: int | None = None) -> None:
    """Refuse statement_unbalanced unless a figure of the bill is the one that its lines come to."""
    if expected != told:
        raise StatementUnbalanced(
            expected=amount_fact(expected, CURRENCY),
            closing=amount_fact(told, CURRENCY),
            difference=amount_fact(told - expected, CURRENCY),
            line=line,
        )


@contextmanager
def unpacked(file: BinaryIO) -> Iterator[list[tuple[str, IO[bytes]]]]:
    """The files in a bill as the gateway gives it: a zip archive, gzip, or the list itself.

    takes    a binary file at its beginning, which can be read twice
    gives    (name, file) of each, still packed
    refuses  statement_hostile, statement_malformed
    """
    first = file.read(4)
    file.seek(0)
    try:
        if first == _ZIP:
            with zipfile.ZipFile(file) as archive:
                infos = [info for info in archive.infolist() if not info.is_dir()]
                if len(infos) > _FILES_MAX:
                    raise StatementHostile(problem="too_many_entries")
                yield [(info.filename, archive.open(info)) for info in infos]
        elif first[:2] == _GZIP:
            yield [("", cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb")))]
        else:
            yield [("", file)]
    # What a broken archive raises, on opening or in the middle of a list: the library's own, and zlib's.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise StatementMalformed(problem="archive") from error


def lines(file: IO[bytes], encoding: str) -> Iterator[tuple[int, str]]:
    """Numbered lines without their ends; refuses statement_too_large, statement_malformed, statement_encoding_wrong."""
    number, size = 0, 0
    while line := file.readline(_LINE_BYTES_MAX):
        number += 1
        size += len(line)
        if size > CONTENT_BYTES_MAX:
            raise StatementTooLarge(bytes_max=CONTENT_BYTES_MAX)
        if len(line) == _LINE_BYTES_MAX:
            raise StatementMalformed(line=number, problem="line_too_long")
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            raise StatementEncodingWrong(encoding=encoding, line=number) from error
        yield number, text.rstrip("\r\n").removeprefix("\ufeff")


def cells(text: str, count: int | None, number: int) -> list[str]:
    """The fields of a line; refuses statement_malformed when there are not as many as headings."""
    found = text.split(",")
    if count is not None and len(found) != count:
        try:
            found = next(csv.reader([text], strict=True), [])
        except csv.Error as error:
            raise StatementMalformed(line=number, problem="csv") from error
    if count is not None and len(found) != count:
        raise StatementMalformed(line=number, problem="columns")
    return [field.strip() for field in found]


def row(headings: Sequence[str], fields: Sequence[str]) -> Row:
    """Fields by their headings, which some bills write with either kind of bracket."""
    return dict(zip(headings, fields, strict=True))


def heading(text: str) -> str:
    """A heading in one spelling."""
    return text.strip().replace("（", "(").replace("）", ")")


def amount(text: str, number: int) -> int:
    """An amount that may carry its sign, in minor units."""
    text = text.strip()
    minus = text.startswith("-")
    minor = minor_of(text.removeprefix("-") if minus else text, CURRENCY, number)
    return -minor if minus else minor


def whole(text: str, number: int) -> int:
    """How many; refuses statement_malformed."""
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise StatementMalformed(line=number, problem="count")
    return int(text)


def day(text: str) -> date:
    """The day of `2026-11-22 19:30:00`."""
    return day_of(text.strip()[:10])


def short(file: str) -> StatementIncomplete:
    """A bill that ends before its own end."""
    return StatementIncomplete(problem=file)
