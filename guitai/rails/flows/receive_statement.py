"""Take a statement file in: kept whole, sealed, before anybody reads it. The same content twice is one file."""

import hashlib
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from uuid import UUID

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit.crypto import seal_bytes, unseal_bytes
from guitai.kit.transactions import outermost
from guitai.rails.errors import StatementChanging, StatementTooLarge, StatementUnreadable
from guitai.rails.models import StatementFile, StatementPiece
from guitai.rails.policies import statement_settings
from guitai.rails.queue import defer_import

PURPOSE = "rails.statement_piece"
_PIECE_BYTES = 4 * 1024 * 1024
_NAME_MAX = 120


def receive_statement(
    file: BinaryIO, name: str, source: str, actor: Actor, rail: str = "bank"
) -> tuple[UUID, bool]:
    """Keep a file's content and queue its import; gives its id and whether it is new.

    Read twice: for its name, which is its content's digest, and to be kept. A crash leaves a file that is being
    received; whoever brings the same content again begins it anew.
    """
    digest, size = _digest(file)
    file_id = UUID(bytes=digest[:16], version=5)
    with outermost():
        row, created = StatementFile.objects.select_for_update().get_or_create(
            id=file_id,
            defaults={
                "sha256": digest,
                "name": _plain_name(name),
                "source": source,
                "rail": rail,
                "taken_by": str(actor),
                "size": size,
            },
        )
        if not created and row.state != "receiving":
            return file_id, False
        StatementPiece.objects.filter(file_id=file_id).delete()
    _keep(file, file_id, digest)
    with outermost():
        row = StatementFile.objects.select_for_update().get(id=file_id)
        if row.state == "receiving":
            row.state, row.moved_at = "received", now()
            row.save(update_fields=["state", "moved_at"])
            record(
                actor,
                "rails.statement_received",
                ("rails.statement_file", str(file_id)),
                # Staff do nothing without a purpose: theirs is the file itself.
                purpose=Purpose("statement", str(file_id), source) if actor.kind == "staff" else None,
                details={"source": source, "rail": rail, "size": size, "sha256": digest.hex()},
            )
            defer_import(file_id)
    return file_id, True


def content(file_id: UUID) -> Iterator[bytes]:
    """A kept file's content, piece by piece."""
    numbers = StatementPiece.objects.filter(file_id=file_id).order_by("number").values_list("id", flat=True)
    for piece_id in list(numbers):
        piece = StatementPiece.objects.get(id=piece_id)
        yield zlib.decompress(unseal_bytes(piece.content_sealed, purpose=PURPOSE, row=piece.id))


class KeptContent:
    """A kept file as something to read from."""

    def __init__(self, file_id: UUID) -> None:
        self._pieces = content(file_id)
        self._rest = memoryview(b"")

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        given, self._rest = self._rest[:size], self._rest[size:]
        return bytes(given)


def _digest(file: BinaryIO) -> tuple[bytes, int]:
    maximum = statement_settings().bytes_max
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(file):
        digest.update(piece)
        size += len(piece)
        if size > maximum:
            raise StatementTooLarge(problem="file", maximum=maximum)
    return digest.digest(), size


def _keep(file: BinaryIO, file_id: UUID, expected: bytes) -> None:
    digest = hashlib.sha256()
    for number, piece in enumerate(_pieces(file)):
        digest.update(piece)
        row = StatementPiece(file_id=file_id, number=number)
        row.content_sealed = seal_bytes(zlib.compress(piece, 1), purpose=PURPOSE, row=row.id)
        row.save(force_insert=True)
    if digest.digest() != expected:
        with outermost():
            StatementPiece.objects.filter(file_id=file_id).delete()
            StatementFile.objects.filter(id=file_id, state="receiving").delete()
        raise StatementChanging()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    try:
        file.seek(0)
        while piece := file.read(_PIECE_BYTES):
            yield piece
    except OSError as error:
        raise StatementUnreadable(problem=type(error).__name__) from error


def _plain_name(name: str) -> str:
    """The last part of a name, without what could deceive."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:_NAME_MAX] or "statement"
