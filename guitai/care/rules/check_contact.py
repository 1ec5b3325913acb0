"""Is this number or address really ours? Compared with the published channels, and nothing else."""

from collections.abc import Iterable
from typing import Literal

from guitai.care.types import ContactRegion

Verdict = Literal["ours", "not_ours", "unreadable"]
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DIGITS_MIN = 5
CHECKED_MAX = 200


def check_contact(text: str, regions: Iterable[ContactRegion], site: str) -> Verdict:
    """Whether what somebody was given is one of the operator's own channels.

    takes    a number, mail address or web address as typed; the answered channels; this wallet's own host
    gives    ours | not_ours | unreadable (too short to be any of these)
    """
    wanted = "".join(text[:CHECKED_MAX].translate(_FULL_WIDTH).lower().split())
    channels = list(regions)
    if "@" in wanted:
        return _verdict(wanted in {r.email.lower() for r in channels if r.email})
    digits = _number(wanted)
    if digits and not any(c.isalpha() for c in wanted):
        if len(digits) < _DIGITS_MIN:
            return "unreadable"
        ours = {_number(r.hotline) for r in channels if r.hotline}
        # A number given without its country code is ours when it is the rest of one of ours.
        return _verdict(any(digits == o or (len(digits) >= 7 and o.endswith(digits)) for o in ours))
    if "." in wanted:
        host = wanted.removeprefix("https://").removeprefix("http://").partition("/")[0].partition(":")[0]
        return _verdict(host == site.lower())
    return "unreadable"


def _number(text: str) -> str:
    digits = "".join(c for c in text if c.isdigit())
    return digits.removeprefix("00").lstrip("0")


def _verdict(ours: bool) -> Verdict:
    return "ours" if ours else "not_ours"
