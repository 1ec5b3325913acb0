"""Files that were made to do harm, or were harmed on their way: refused with a code, quickly, in little memory."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from guitai.rails import errors
from guitai.rails.statements import read_statements
from tests.rails.statements.samples import camt, entry, statement

GOOD = camt(statement(entry() * 3, closing="1300.00"))
LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
)
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY f SYSTEM "file:///etc/passwd">]>"""


class Stream(io.RawIOBase):
    """A file without an end, made as it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        piece = next(self._pieces, b"")
        self.given += len(piece)
        return piece


def refusal_of(content: bytes | Stream, **how: object) -> errors.StatementRefused:
    with pytest.raises(errors.StatementRefused) as caught:
        for _ in read_statements(io.BytesIO(content) if isinstance(content, bytes) else content, **how):
            pass
    return caught.value


def code_of(content: bytes | Stream, **how: object) -> str:
    return refusal_of(content, **how).code


def test_the_good_one_is_read() -> None:
    assert len(list(read_statements(io.BytesIO(GOOD)))) == 5


@pytest.mark.parametrize(
    "head", [LAUGHS, OUTSIDE, b"<!doctype html>", b"<?xml version='1.0'?><!DOCTYPE d SYSTEM 'http://x/'>"]
)
def test_document_types_are_refused(head: bytes) -> None:
    refusal = refusal_of(head + GOOD.split(b"?>", 1)[1])
    assert (refusal.code, refusal.facts["problem"]) == ("statement_hostile", "doctype")


def test_a_document_type_behind_a_long_comment_is_refused_too() -> None:
    late = b"<?xml version='1.0'?><!--" + b" " * 70_000 + b"-->" + LAUGHS.split(b"?>", 1)[1]
    assert code_of(late + GOOD.split(b"?>", 1)[1]) == "statement_hostile"


def test_entities_that_nobody_declared_are_refused() -> None:
    assert code_of(GOOD.replace(b"<Id>S1</Id>", b"<Id>&lol;</Id>")) == "statement_hostile"
    amp = GOOD.replace(b"<Id>S1</Id>", b"<Id>S&amp;&#49;</Id>")
    assert next(read_statements(io.BytesIO(amp))).reference == "S&1"


def test_a_nest_without_a_bottom_is_refused() -> None:
    deep = b"<x>" * 1000
    assert refusal_of(GOOD.replace(b"<Ntry>", b"<Ntry>" + deep, 1)).facts["problem"] == "nesting"
    assert refusal_of(b"<?xml version='1.0'?>" + deep).facts["problem"] == "nesting"


@pytest.mark.parametrize("size", [1, 60, 200, len(GOOD) // 2, len(GOOD) - 20])
def test_a_half_written_file_is_incomplete(size: int) -> None:
    assert code_of(GOOD[:size]) in ("statement_incomplete", "statement_unrecognised")
    assert code_of(GOOD[: len(GOOD) // 2]) == "statement_incomplete"


def test_wrong_encodings_are_refused() -> None:
    chinese = camt(
        statement(entry(additional="<AddtlNtryInf>林月</AddtlNtryInf>"), closing="1100.00")
    ).decode()
    assert code_of(chinese.encode("gb18030")) == "statement_encoding_wrong"
    assert code_of(chinese.replace("UTF-8", "EBCDIC-CP-US").encode()) == "statement_encoding_wrong"
    assert code_of(chinese.replace("UTF-8", "UTF-7").encode()) == "statement_encoding_wrong"
    assert code_of(chinese.encode("utf-16-le")) == "statement_encoding_wrong"
    assert code_of(chinese.encode("utf-32")) in ("statement_encoding_wrong", "statement_unrecognised")


@pytest.mark.parametrize("encoding", ["GB18030", "GBK", "UTF-16", "UTF-8"])
def test_encodings_that_are_named_rightly_are_read(encoding: str) -> None:
    chinese = camt(
        statement(entry(additional="<AddtlNtryInf>林月</AddtlNtryInf>"), closing="1100.00")
    ).decode()
    found = list(read_statements(io.BytesIO(chinese.replace("UTF-8", encoding).encode(encoding))))
    assert found[1].remittance == "林月"
    marked = list(read_statements(io.BytesIO(chinese.encode("utf-8-sig"))))
    assert marked == found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"\x00" * 500,
        b"PK\x03\x04abc",
        b"\x1f\x8b\x08\x00",
        b"%PDF-1.7",
        b"hello",
        b"<html><body/></html>",
    ],
)
def test_other_files_are_not_recognised(content: bytes) -> None:
    assert code_of(content) == "statement_unrecognised"


def test_xml_that_is_no_statement_is_refused() -> None:
    assert code_of(b"<note><to>you</to></note>") == "statement_malformed"
    assert code_of(b"<a><b></a></b>") == "statement_malformed"


def _endless(before: bytes, piece: bytes) -> Stream:
    def pieces() -> Iterator[bytes]:
        yield before
        while True:
            yield piece

    return Stream(pieces())


@pytest.mark.parametrize(
    ("before", "piece", "code"),
    [
        (b"<Document ", b"a" * 65_536, "statement_too_large"),
        (b"<?xml version='1.0'?><!--", b"-a" * 32_768, "statement_too_large"),
        (GOOD.split(b"<Ntry>")[0] + b"<Ntry><AcctSvcrRef>", b"a" * 65_536, "statement_too_large"),
        (GOOD.split(b"<Ntry>")[0] + b"<Ntry><NtryDtls>", b"<TxDtls></TxDtls>" * 4_000, "statement_too_large"),
        (GOOD.split(b"<Stmt>")[0], b"<Stmt>" * 10_000, "statement_hostile"),
        (b":20:1\n:25:A\n:60F:C261122CNY0,\n:61:", b"1" * 65_536, "statement_too_large"),
        (
            b":20:1\n:25:A\n:60F:C261122CNY0,\n:61:2611221122C1,NTRFX\n:86:",
            b"text\n" * 10_000,
            "statement_too_large",
        ),
    ],
)
def test_what_does_not_end_is_refused_early_and_cheaply(before: bytes, piece: bytes, code: str) -> None:
    stream = _endless(before, piece)
    tracemalloc.start()
    try:
        assert code_of(stream) == code
        assert tracemalloc.get_traced_memory()[1] < 120_000_000
    finally:
        tracemalloc.stop()
    assert stream.given < 8_000_000


def test_text_between_elements_costs_no_memory() -> None:
    def pieces() -> Iterator[bytes]:
        before, after = GOOD.split(b"<Ntry>", 1)
        yield before
        for _ in range(300):
            yield b" " * 65_536
        yield b"<Ntry>" + after

    tracemalloc.start()
    parts = list(read_statements(Stream(pieces())))
    assert len(parts) == 5 and tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
