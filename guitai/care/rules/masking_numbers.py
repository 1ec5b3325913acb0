"""Numbers that nobody needs in a conversation: payment cards and identity cards, known by their check digits."""

import re
import unicodedata

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

_GAP = r"[ \-\u2009\u00a0]?"
# 15 to 19 digits: shorter ones are as likely a phone number, longer ones an order of some gateway.
_CARD = re.compile(rf"(?<![\d+])\d(?:{_GAP}\d){{14,18}}(?!{_GAP}\d)")
_RESIDENT = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{16}}{_GAP}[\dXxＸｘ](?![\dA-Za-z])")
_KEPT = 4
MARK = "••••"


def mask_numbers(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with such numbers cut to their last four signs, and which kinds were found."""
    kinds: list[str] = []

    def hide(kind: str, match: re.Match[str], *, right: bool) -> str:
        if not right:
            return match.group(0)
        if kind not in kinds:
            kinds.append(kind)
        return f"{MARK} {_plain(match.group(0))[-_KEPT:]}"

    text = _RESIDENT.sub(
        lambda match: hide("identity_number", match, right=_is_resident(match.group(0))), text
    )
    text = _CARD.sub(lambda match: hide("card", match, right=luhn.is_valid(_plain(match.group(0)))), text)
    return text, tuple(kinds)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isdigit() or c == "X")


def _is_resident(text: str) -> bool:
    """GB 11643: a date of birth in the middle, and a check sign."""
    number = _plain(text)
    month, day = int(number[10:12]), int(number[12:14])
    return 1 <= month <= 12 and 1 <= day <= 31 and bool(mod_11_2.is_valid(number))
