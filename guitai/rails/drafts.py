"""The lines of a large file between its proof and its storing: read once, kept sealed in blocks, then thrown away.

Reading XML is the dearest part of an import. A file of one block is simply read again.
"""

import zlib
from collections.abc import Iterator
from uuid import UUID

import msgspec

from guitai.base.ids import new_id
from guitai.kit.crypto import seal_bytes, unseal_bytes
from guitai.rails.models import StatementDraft
from guitai.rails.statements.shape import Entry

PURPOSE = "rails.statement_draft"
# Lines a block, and so a transaction: short enough that nobody waits for it, long enough that its price does not show.
BLOCK = 8_000

# Which statement of its file a line stands in, and the line.
Drafted = tuple[int, Entry]
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Drafted]).decode


class Drafts:
    """What one reading of a file puts aside. Two readings at once have drafts of their own."""

    def __init__(self, file_id: UUID) -> None:
        self._file_id, self._attempt = file_id, new_id()
        self._block: list[Drafted] = []
        self._full: list[Drafted] = []
        self._number = 0

    def add(self, position: int, entry: Entry) -> None:
        """Put a line aside."""
        if len(self._block) == BLOCK:
            self._turn()
        self._block.append((position, entry))

    def done(self) -> UUID | None:
        """Write the rest; gives the name of this reading's drafts, None when it needed none."""
        if self._number or self._full:
            self._turn()
            self._write(self._full)
            return self._attempt
        return None

    def discard(self) -> None:
        """Throw away what was written."""
        if self._number:
            StatementDraft.objects.filter(attempt=self._attempt).delete()

    def _turn(self) -> None:
        if self._full:
            self._write(self._full)
        self._full, self._block = self._block, []

    def _write(self, block: list[Drafted]) -> None:
        row = StatementDraft(file_id=self._file_id, attempt=self._attempt, number=self._number)
        row.content_sealed = seal_bytes(zlib.compress(_encode(block), 1), purpose=PURPOSE, row=row.id)
        row.save(force_insert=True)
        self._number += 1


def drafted(attempt: UUID, done: int) -> Iterator[list[Drafted]]:
    """The blocks that are not stored yet.

    takes    the drafts' name, how many lines are stored: always whole blocks
    """
    rows = StatementDraft.objects.filter(attempt=attempt, number__gte=done // BLOCK).order_by("number")
    for row_id in list(rows.values_list("id", flat=True)):
        row = StatementDraft.objects.filter(id=row_id).first()
        if row is None:
            return  # another worker has finished the file meanwhile
        yield _decode(zlib.decompress(unseal_bytes(row.content_sealed, purpose=PURPOSE, row=row.id)))


def throw_away(file_id: UUID) -> None:
    """Every draft of a file, whoever made it."""
    StatementDraft.objects.filter(file_id=file_id).delete()
