"""The bytes of a statement file: which format and encoding they are, and how they come, piece by piece."""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from guitai.rails.errors import (
    StatementEncodingWrong,
    StatementHostile,
    StatementTooLarge,
    StatementUnreadable,
    StatementUnrecognised,
)
from guitai.rails.statements.shape import StatementFormat
from guitai.rails.statements.values import plain

CHUNK_BYTES = 65_536
# A line of a text format; the longest field that a standard knows is far below it.
LINE_CHARACTERS_MAX = 65_536
BYTES_MAX = 4 * 1024**3
_UTF8 = "utf-8"
# What banks write. Python's names; the standard itself (ISO 20022) asks for UTF-8.
ENCODINGS = {
    "utf-8": _UTF8, "utf8": _UTF8, "us-ascii": "ascii", "ascii": "ascii", "utf-16": "utf-16", "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be", "iso-8859-1": "iso-8859-1", "latin-1": "iso-8859-1", "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252", "cp1252": "windows-1252", "gbk": "gbk", "gb2312": "gbk", "gb18030": "gb18030",
    "big5": "big5", "shift_jis": "shift_jis",
}  # fmt: skip
_BOMS = ((b"\xef\xbb\xbf", _UTF8), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(r"\A<\?xml\s[^>]{0,200}?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_NOT_TEXT = (
    (b"PK\x03\x04", "zip"), (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"), (b"%PDF", "pdf"),
    (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"), (b"\xd0\xcf\x11\xe0", "office"), (b"\x89PNG", "picture"),
)  # fmt: skip
_MT940 = re.compile(r"\A\s*(?:\{1:|:20:)")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost at most."""

    bytes_max: int = BYTES_MAX
    statements_max: int = 100_000
    # Payments of one booking are kept together until their sum is known.
    batch_max: int = 100_000


DEFAULT_LIMITS = Limits()


class Source:
    """A binary file, read once from its beginning; says how far it is."""

    def __init__(
        self, file: BinaryIO, limits: Limits = DEFAULT_LIMITS, on_bytes: Callable[[int], None] | None = None
    ) -> None:
        self._file = file
        self._on_bytes = on_bytes
        self.limits = limits
        self.done = 0
        self._head = self._read()

    @property
    def head(self) -> bytes:
        """The first piece, which tells the format."""
        return self._head

    def pieces(self) -> Iterator[bytes]:
        """The content in pieces; refuses statement_too_large, statement_unreadable."""
        piece = self._head
        while piece:
            yield piece
            piece = self._read()

    def decoded(self, encoding: str) -> Iterator[str]:
        """The content as text; refuses statement_encoding_wrong at the first byte that does not fit."""
        decoder = codecs.getincrementaldecoder(ENCODINGS.get(encoding.lower(), encoding))("strict")
        try:
            for piece in self.pieces():
                yield decoder.decode(piece)
            yield decoder.decode(b"", True)
        except UnicodeError as error:
            raise StatementEncodingWrong(encoding=encoding, byte=self.done) from error

    def lines(self, encoding: str) -> Iterator[str]:
        """The content line by line, without line ends and without a byte order mark."""
        rest, first = "", True
        for text in self.decoded(encoding):
            fresh = text.removeprefix("\ufeff") if first else text
            first = first and not text
            *whole, rest = re.split(r"\r\n|\n|\r(?!\n|\Z)", rest + fresh)
            yield from whole
            if len(rest) > LINE_CHARACTERS_MAX:
                raise StatementTooLarge(problem="line", maximum=LINE_CHARACTERS_MAX)
        if rest:
            yield from re.split(r"\r", rest.removesuffix("\r"))

    def _read(self) -> bytes:
        try:
            piece = self._file.read(CHUNK_BYTES)
        except OSError as error:
            raise StatementUnreadable(problem=type(error).__name__) from error
        self.done += len(piece)
        if self.done > self.limits.bytes_max:
            raise StatementTooLarge(problem="file", maximum=self.limits.bytes_max)
        if self._on_bytes is not None:
            self._on_bytes(self.done)
        return piece


def detect(head: bytes) -> tuple[StatementFormat, str]:
    """What a file is, by its beginning.

    takes    its first bytes
    gives    the format and the encoding that it names (UTF-8 where it names none)
    refuses  statement_unrecognised, statement_encoding_wrong, statement_hostile (a document type declaration)
    """
    if not head.strip(b" \t\r\n\x00"):
        raise StatementUnrecognised(problem="empty")
    for magic, name in _NOT_TEXT:
        if head.startswith(magic):
            raise StatementUnrecognised(problem=name)
    encoding, text = _text_of(head)
    beginning = text.lstrip("\ufeff \t\r\n")
    if beginning.startswith("<"):
        return "camt", _xml_encoding(beginning, encoding)
    if _MT940.match(beginning):
        return "mt940", encoding
    if "\x00" in beginning:
        raise StatementUnrecognised(problem="not_text")
    return "csv", encoding


def _text_of(head: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, head[len(mark) :].decode(encoding, "replace")
    # Two bytes a letter and no mark: an XML file in UTF-16 or UTF-32 that hopes not to be looked at.
    if head[:64].startswith((b"<\x00", b"\x00<", b"\x00\x00", b"\x4c\x6f\xa7\x94")):
        raise StatementEncodingWrong(encoding="unmarked", byte=0)
    return _UTF8, head.decode("utf-8", "replace")


def _xml_encoding(beginning: str, marked: str) -> str:
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", beginning, re.IGNORECASE):
        raise StatementHostile(problem="doctype")
    declared = _DECLARED.match(beginning)
    if declared is None:
        return marked
    named = ENCODINGS.get(declared[1].lower())
    if named is None:
        raise StatementEncodingWrong(encoding=plain(declared[1], 40), byte=0)
    if marked != _UTF8 and not named.startswith("utf-16"):
        raise StatementEncodingWrong(encoding=plain(declared[1], 40), byte=0)
    if marked == _UTF8 and named.startswith("utf-16"):
        raise StatementEncodingWrong(encoding=plain(declared[1], 40), byte=0)
    return marked if named.startswith("utf-16") else named
