"""ISO 20022 files as a stream: expat and no tree of the content, so that size costs no memory.

A document type declaration is refused before anything in it is read: without one there are no entities to expand
and nothing outside to fetch. An element that does not end, text that does not end and nests without a bottom are
refused while they are being read.
"""

from collections.abc import Callable, Iterator
from typing import Any, Generic, Protocol, TypeVar
from xml.parsers import expat

from guitai.rails.errors import (
    StatementEncodingWrong,
    StatementHostile,
    StatementIncomplete,
    StatementMalformed,
    StatementRefused,
    StatementTooLarge,
    StatementUnrecognised,
)
from guitai.rails.statements.source import Source
from guitai.rails.statements.tree import Node
from guitai.rails.statements.values import plain

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Fields = dict[str, Any]
_DEPTH_MAX = 64
# Business headers and envelopes that some banks put around the message.
_ENVELOPES_MAX = 4
# One tag, comment or run of text may not be longer than this.
_TOKEN_BYTES_MAX = 1024 * 1024
_TEXT_MAX = 65_536
# Given twice, these would leave us to choose.
_ONCE = frozenset({"amount", "direction", "account"})
_CUT_OFF = frozenset({
    expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
})  # fmt: skip
_ENCODING = frozenset({
    expat.errors.XML_ERROR_PARTIAL_CHAR, expat.errors.XML_ERROR_UNKNOWN_ENCODING,
    expat.errors.XML_ERROR_INCORRECT_ENCODING,
})  # fmt: skip


class Sink(Protocol[T_co]):
    """Who knows a kind of message: which tree it has, and what its groups mean."""

    @property
    def out(self) -> list[T_co]:
        """What was understood and not yet taken away."""

    def recognise(self, namespace: str) -> Node:
        """The tree of a message in that namespace; refuses statement_version_unknown."""

    def opened(self, group: str) -> None:
        """A group begins."""

    def closed(self, group: str, record: Fields, parent: Fields) -> None:
        """A group ends, with its fields and those of the group around it."""

    def finish(self) -> None:
        """The file ends; refuses statement_malformed when something is missing."""


def read_xml(source: Source, encoding: str, sink: Sink[T]) -> Iterator[T]:
    """What a sink makes of an ISO 20022 file, as it is read.

    takes    a source, its encoding, a sink
    gives    what the sink puts out, in order
    refuses  statement_hostile, statement_incomplete, statement_malformed, statement_encoding_wrong,
             statement_too_large, and whatever the sink refuses
    source   XML 1.0, Namespaces in XML 1.0
    """
    return _Reading(source, encoding, sink).parts()


class _Reading(Generic[T]):
    """One file being read."""

    def __init__(self, source: Source, encoding: str, sink: Sink[T]) -> None:
        self._source = source
        self._encoding = encoding
        self._sink = sink
        # Expat is given UTF-8 in every case; whatever the file is in, Python's own decoders are strict about it.
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.buffer_size = 65_536
        self._parser.StartDoctypeDeclHandler = _refuse_doctype
        self._text: list[str] = []
        self._envelopes = 0
        self._fed = 0
        self._begin_envelope()

    def parts(self) -> Iterator[T]:
        out = self._sink.out
        for piece in self._pieces():
            self._feed(piece, False)
            yield from out
            out.clear()
        self._feed(b"", True)
        self._sink.finish()
        yield from out

    def _pieces(self) -> Iterator[bytes]:
        if self._encoding == "utf-8":
            yield from self._source.pieces()
            return
        for text in self._source.decoded(self._encoding):
            yield text.encode()

    def _feed(self, piece: bytes, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise self._refusal(error, piece, final) from error
        except StatementRefused as refusal:
            if refusal.facts.get("line") is None:
                refusal.facts["line"] = self._parser.CurrentLineNumber
            raise
        self._fed += len(piece)
        if self._fed - max(self._parser.CurrentByteIndex, 0) > _TOKEN_BYTES_MAX and not final:
            raise StatementTooLarge(
                problem="token", maximum=_TOKEN_BYTES_MAX, line=self._parser.CurrentLineNumber
            )
        if sum(map(len, self._text)) > _TEXT_MAX:
            # Within a leaf the next piece would only add to it; between elements it is nobody's text.
            if self._in_leaf():
                raise StatementTooLarge(
                    problem="text", maximum=_TEXT_MAX, line=self._parser.CurrentLineNumber
                )
            self._text.clear()

    def _refusal(self, error: expat.ExpatError, piece: bytes, final: bool) -> StatementRefused:
        """What expat's complaint means for whoever sent the file."""
        words = expat.errors.messages[error.code]
        if words in _ENCODING or self._bytes_are_wrong(piece, error):
            return StatementEncodingWrong(encoding="utf-8", line=error.lineno)
        if final and (words in _CUT_OFF or words == expat.errors.XML_ERROR_NO_ELEMENTS):
            return StatementIncomplete(line=error.lineno)
        if words == expat.errors.XML_ERROR_UNDEFINED_ENTITY:
            return StatementHostile(problem="entity", line=error.lineno)
        return StatementMalformed(problem=plain(words, 60), line=error.lineno)

    def _bytes_are_wrong(self, piece: bytes, error: expat.ExpatError) -> bool:
        """Whether the complaint is about a byte that is no UTF-8."""
        if expat.errors.messages[error.code] != expat.errors.XML_ERROR_INVALID_TOKEN:
            return False
        at = self._parser.ErrorByteIndex - self._fed
        # The offending character may have begun at the end of the piece before.
        return any(byte >= 0x80 for byte in piece[max(at, 0) : max(at, 0) + 4])

    def _begin_envelope(self) -> None:
        """Look for `Document`, at the top or within a few envelopes."""

        def start(name: str, attributes: Fields) -> None:
            namespace, _, local = name.rpartition(" ")
            self._envelopes += 1
            if local == "Document":
                self._begin_document(namespace)
            elif self._envelopes == 1 and local in ("html", "HTML", "svg"):
                raise StatementUnrecognised(problem=local.lower())
            elif self._envelopes > _DEPTH_MAX:
                raise StatementHostile(problem="nesting")

        def end(name: str) -> None:
            self._envelopes -= 1

        self._in_leaf: Callable[[], bool] = lambda: False
        self._parser.StartElementHandler, self._parser.EndElementHandler = start, end
        self._parser.CharacterDataHandler = None

    def _begin_document(self, namespace: str) -> None:
        if self._envelopes > _ENVELOPES_MAX:
            raise StatementUnrecognised(problem="envelopes")
        self._walk(self._sink.recognise(namespace))

    def _walk(self, document: Node) -> None:
        """The hot part: two small functions for each element. Names that the tree lacks are skipped whole."""
        text = self._text
        opened, closed, forget = self._sink.opened, self._sink.closed, text.clear
        node: Node = document
        skipped = 0
        fields: Fields = {}
        outer: list[Fields] = []

        def start(name: str, attributes: Fields) -> None:
            nonlocal node, skipped, fields
            if skipped:
                skipped += 1
                if skipped > _DEPTH_MAX:
                    raise StatementHostile(problem="nesting")
                return
            child = node.get(name)
            if child is None:
                skipped = 1
                return
            node = child
            if child.slot is not None:
                forget()
                if child.currency is not None:
                    fields[child.currency] = attributes.get("Ccy", "")
            elif child.group is not None:
                outer.append(fields)
                fields = {}
                opened(child.group)

        def end(name: str) -> None:
            nonlocal node, skipped, fields
            if skipped:
                skipped -= 1
                return
            slot = node.slot
            if slot is not None:
                value = (text[0] if len(text) == 1 else "".join(text)).strip()
                if node.many:
                    fields.setdefault(slot, []).append(value)
                elif slot not in fields:
                    fields[slot] = value
                elif slot in _ONCE:
                    raise StatementMalformed(problem=f"twice_{slot}")
            elif node.group is not None:
                record, fields = fields, outer.pop()
                closed(node.group, record, fields)
            elif node is document:
                self._envelopes -= 1
                self._begin_envelope()
                return
            node = node.parent  # type: ignore[assignment]  # only the document has none

        self._in_leaf = lambda: node.slot is not None and not skipped
        self._parser.StartElementHandler, self._parser.EndElementHandler = start, end
        self._parser.CharacterDataHandler = text.append


def _refuse_doctype(*_: object) -> None:
    raise StatementHostile(problem="doctype")
