"""What stands in an MT940 line's :86: field: three habits of writing it are known, anything else is plain text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guitai.rails.statements.values import line_of

# Numbered parts: `166?00GUTSCHRIFT?20EREF+...?32NAME`.
_NUMBERED = re.compile(r"\A\s*(\d{3})?\?(?=\d{2})")
_PART = re.compile(r"\?(\d{2})")
# Words with a plus: `EREF+7KMR3AXWH4SVWZ+...`.
_PLUS = re.compile(
    r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|RTRN|ANAM|IBK)\+", re.ASCII
)
# Words between slashes: `/EREF/7KMR3AXWH4//NAME/...`.
_SLASHED = re.compile(
    r"/(EREF|PREF|IREF|MARF|CSID|REMI|NAME|IBAN|BIC|BENM|ORDP|CNTP|ULTB|ULTD|PURP|RTRN|TRTP|ISDT|SVCL|ACCT|ADDR|USTD"
    r"|STRD|CDTRREFTP|CDTRREF)/",
    re.ASCII,
)
_REASON = re.compile(r"[A-Z]{2}\d{2}|[A-Z]{4}", re.ASCII)
_NO_REFERENCE = frozenset({"NOTPROVIDED", "NONREF"})


@dataclass(frozen=True, slots=True)
class Details:
    """What could be told apart."""

    end_to_end_id: str | None = None
    name: str | None = None
    account: str | None = None
    remittance: str | None = None
    return_reason: str | None = None


def read_details(lines: Sequence[str]) -> Details:
    """The :86: lines of one booking.

    takes    its lines as they stand
    gives    Details; text that follows no known habit is the remittance
    """
    if not lines:
        return Details()
    if _NUMBERED.match(lines[0]):
        return _numbered("".join(lines))
    text = "\n".join(lines)
    if _SLASHED.search(text):
        return _slashed("".join(lines))
    return _plain("".join(lines) if _PLUS.search(text) else " ".join(lines))


def _numbered(text: str) -> Details:
    pieces = _PART.split(text)
    parts: dict[str, str] = {}
    for number, words in zip(pieces[1::2], pieces[2::2], strict=True):
        parts[number] = parts.get(number, "") + words
    purpose = "".join(parts.get(f"{n:02d}", "") for n in (*range(20, 30), *range(60, 64)))
    read = _plain(purpose)
    name = line_of(" ".join(filter(None, (parts.get("32", "").strip(), parts.get("33", "").strip()))))
    return Details(
        read.end_to_end_id,
        name or read.name,
        line_of(parts.get("31", "")) or read.account,
        read.remittance or line_of(parts.get("00", "")) or None,
        read.return_reason,
    )


def _plain(text: str) -> Details:
    pieces = _PLUS.split(text)
    if len(pieces) == 1:
        return Details(remittance=line_of(text) or None)
    words = {name: line_of(value) for name, value in zip(pieces[1::2], pieces[2::2], strict=True)}
    remittance = words.get("SVWZ") or line_of(pieces[0])
    return Details(
        _reference(words.get("EREF")),
        words.get("ANAM") or words.get("ABWA") or words.get("ABWE") or None,
        words.get("IBAN") or None,
        remittance or None,
        _reason(words.get("RTRN")),
    )


def _slashed(text: str) -> Details:
    pieces = _SLASHED.split(text)
    words: dict[str, str] = {}
    for name, value in zip(pieces[1::2], pieces[2::2], strict=True):
        words.setdefault(name, line_of(value.strip("/ ")))
    remittance = " ".join(filter(None, (words.get("REMI"), words.get("USTD"), words.get("CDTRREF"))))
    return Details(
        _reference(words.get("EREF")),
        words.get("NAME") or None,
        words.get("IBAN") or words.get("ACCT") or None,
        remittance or line_of(pieces[0]) or None,
        _reason(words.get("RTRN")),
    )


def _reference(text: str | None) -> str | None:
    return text if text and text not in _NO_REFERENCE else None


def _reason(text: str | None) -> str | None:
    match = _REASON.match(text or "")
    return match[0] if match else None
