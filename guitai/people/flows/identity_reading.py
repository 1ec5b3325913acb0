"""Our own machine reads the photos of a review, so that the reviewer compares instead of typing."""

from uuid import UUID

import msgspec

from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.kit import crypto, files
from guitai.kit.transactions import outermost
from guitai.people import ocr
from guitai.people.models import IdentityReview
from guitai.people.models.identity import READING
from guitai.people.rules.reading import understand


def read_photos(review: UUID) -> bool:
    """Read the document's sides; gives whether something was read. Photos sent meanwhile are read in their turn."""
    if not ocr.available():
        return False
    row = IdentityReview.objects.filter(id=review).first()
    if row is None or row.state not in ("waiting", "claimed", "second_look"):
        return False
    lines: list[str] = []
    for file_id in (row.front, row.back):
        if file_id is not None:
            try:
                lines += ocr.read_lines(files.read(file_id)[1])
            except NotFound:
                return False
    reading = msgspec.json.encode(understand(lines, now().date())).decode()
    with outermost():
        fresh = IdentityReview.objects.select_for_update().filter(id=review, turn=row.turn).first()
        if fresh is None or fresh.state not in ("waiting", "claimed", "second_look"):
            return False
        fresh.reading_sealed = crypto.seal(reading, purpose=READING, row=fresh.id)
        fresh.save(update_fields=["reading_sealed"])
    return bool(lines)
