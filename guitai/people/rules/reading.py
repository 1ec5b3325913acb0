"""What lines read from photos of a document say: number, name, dates. A reviewer confirms each of them."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from guitai.people.errors import DocumentInvalid
from guitai.people.identity_types import Reading
from guitai.people.rules.documents import read_document
from guitai.people.rules.mrz import read_zone

_LINES_MAX, _LINE_MAX = 60, 120
_RESIDENT = re.compile(r"(?<!\d)\d{17}[\dX]")
_NAME = re.compile(r"姓\s*名\s*[:：]?\s*([\u3400-\u9fff·]{2,20})")
_NAME_ENDS = re.compile(r"性\s*别|民\s*族|出\s*生")
# The second date of `有效期限 2015.03.07-2035.03.07` is the one that counts.
_DAY = r"(?:19|20)\d\d[.年/-]?\d\d[.月/-]?\d\d"
_PERIOD = re.compile(_DAY + r"日?\s*[-–—至~]\s*((?:19|20)\d\d)[.年/-]?(\d\d)[.月/-]?(\d\d)")


def understand(lines: Sequence[str], today: date) -> Reading:
    """Find the fields of a document among lines of text.

    takes    lines from top to bottom, of both sides; the day of reading
    gives    Reading with what could be found; a number only when its check character holds
    """
    kept = tuple(unicodedata.normalize("NFKC", line)[:_LINE_MAX] for line in lines[:_LINES_MAX])
    zone = read_zone("\n".join(kept), today)
    if zone is not None and zone.sound:
        return Reading(kept, zone.number, zone.name, zone.birth, zone.expires)
    text = "\n".join(kept)
    number, birth = _resident(text.replace(" ", "").upper(), today)
    return Reading(kept, number, _name(kept), birth, _expiry(text.replace(" ", "")))


def _resident(text: str, today: date) -> tuple[str, date | None]:
    for found in _RESIDENT.findall(text):
        for kind in ("national_id", "residence_permit", "permanent_residence"):
            try:
                document = read_document(kind, "CN", found, today)
            except DocumentInvalid:
                continue
            return document.number, document.birth
    return "", None


def _name(lines: Sequence[str]) -> str:
    for line in lines:
        found = _NAME.search(_NAME_ENDS.split(line)[0])
        if found:
            return found[1]
    return ""


def _expiry(text: str) -> date | None:
    found = _PERIOD.search(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
