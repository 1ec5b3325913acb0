"""Phone numbers as people type them, and as others may see them."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from guitai.people.errors import PhoneInvalid

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WRITTEN = re.compile(r"[+\d\s().\-–—‐‑/]{3,40}")
# Lines that cannot receive an SMS; numbers of unknown type (new ranges) are let through.
_WITHOUT_SMS = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.PAGER,
    }
)
# Ofcom keeps this range for drama: the demo's cast may live there.
_FICTIONAL = re.compile(r"\+447700900\d{3}")
_SHOWN_BEFORE, _SHOWN_AFTER = 3, 4


# A busy API sees the same numbers again and again, and reading one costs more than all else about it.
@lru_cache(maxsize=8_192)
def normal_phone(text: str, region: str, *, fictional: bool = False) -> str:
    """A number in E.164.

    takes    what was typed (spaces, full-width digits, 0086, a bare national number of `region`), an ISO 3166
             region, whether fictional numbers pass
    gives    `+8613800138000`
    refuses  phone_invalid
    source   ITU-T E.164
    """
    cleaned = text.translate(_FULL_WIDTH).replace("\u3000", " ").strip()
    if not _WRITTEN.fullmatch(cleaned):
        raise PhoneInvalid()
    try:
        number = phonenumbers.parse(cleaned, region)
    except NumberParseException as error:
        raise PhoneInvalid() from error
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if fictional and _FICTIONAL.fullmatch(written):
        return written
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in _WITHOUT_SMS:
        raise PhoneInvalid()
    return written


def masked_phone(phone: str, region: str) -> str:
    """`138****8000`; numbers of other countries keep their code, `+44 770****0123`."""
    number = _parsed(phone)
    if number is None:
        return "****"
    national = phonenumbers.national_significant_number(number)
    shown = national[:_SHOWN_BEFORE] + "****" + national[-_SHOWN_AFTER:]
    home = phonenumbers.country_code_for_region(region)
    return shown if number.country_code == home else f"+{number.country_code} {shown}"


def written_phone(phone: str) -> str:
    """A number in groups: `+86 138 0013 8000`."""
    number = _parsed(phone)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else phone


def _parsed(phone: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(phone, None)
    except NumberParseException:
        return None
