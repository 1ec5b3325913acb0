"""PDF evidence without anything that acts: no scripts, no launches, no attachments, no forms that send, no metadata."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

# Keys that make a document do something, or carry something else than its pages.
_ACTIVE = (
    "/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/EmbeddedFiles", "/EmbeddedFile", "/EF", "/AF", "/XFA",
    "/RichMedia", "/RichMediaContent", "/Sound", "/Movie", "/GoToE", "/GoToR", "/SubmitForm", "/ImportData",
    "/Collection", "/URI", "/Metadata", "/PieceInfo", "/Threads", "/Perms", "/DSS",
)  # fmt: skip
_ACTIONS = frozenset({
    "/JavaScript", "/Launch", "/GoToE", "/GoToR", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute",
    "/Sound", "/Movie", "/URI", "/SetOCGState", "/Trans", "/GoTo3DView", "/Hide",
})  # fmt: skip
_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_PAGES_MAX = 200

_UNREADABLE = (
    pikepdf.PdfError, pikepdf.PasswordError, pikepdf.ForeignObjectError, ValueError, TypeError, RuntimeError,
)  # fmt: skip


class Unreadable(Exception):
    """Damaged, locked by a password, or far too long."""


def without_actions(content: bytes) -> bytes:
    """The pages of a document, written anew; raises Unreadable."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if not 0 < len(document.pages) <= _PAGES_MAX:
                raise Unreadable()
            for thing in list(_things(document)):
                _disarm(thing)
            for key in ("/Names", "/AcroForm", *_ACTIVE):
                _drop(document.Root, key)
            del document.docinfo
            output = io.BytesIO()
            document.remove_unreferenced_resources()
            document.save(output, encryption=False, deterministic_id=True)
            return output.getvalue()
    except (
        pikepdf.PdfError,
        pikepdf.PasswordError,
        pikepdf.ForeignObjectError,
        ValueError,
        TypeError,
        RuntimeError,
    ) as error:
        raise Unreadable() from error


def _things(document: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary of the document, also those inside others: by what is there, not by what ought to be."""
    for top in document.objects:
        waiting = [top]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                yield thing
                waiting.extend(value for value in dict(thing.items()).values() if not _is_indirect(value))
            elif isinstance(thing, pikepdf.Array):
                waiting.extend(value for value in list(thing) if not _is_indirect(value))


def _is_indirect(value: Any) -> bool:
    return bool(getattr(value, "is_indirect", False))


def _disarm(thing: Any) -> None:
    for key in _ACTIVE:
        _drop(thing, key)
    action = thing.get("/A")
    if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _ACTIONS:
        _drop(thing, "/A")
    if str(thing.get("/S", "")) in _ACTIONS and "/Type" in thing and str(thing["/Type"]) == "/Action":
        for key in list(thing.keys()):
            _drop(thing, key)
    notes = thing.get("/Annots")
    if isinstance(notes, pikepdf.Array):
        thing["/Annots"] = pikepdf.Array([note for note in notes if not _acts(note)])


def _acts(note: Any) -> bool:
    return isinstance(note, pikepdf.Dictionary) and str(note.get("/Subtype", "")) in _ANNOTATIONS


def _drop(thing: Any, key: str) -> None:
    if key in thing:
        del thing[key]
