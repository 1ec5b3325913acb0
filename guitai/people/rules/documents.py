"""Identity documents: which are known, what their numbers must look like, and what a number tells."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import Literal, get_args

from stdnum import numdb
from stdnum.ar import dni as ar_dni
from stdnum.be import nn as be_nn
from stdnum.bg import egn
from stdnum.br import cpf
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.cz import rc
from stdnum.dk import cpr
from stdnum.es import dni as es_dni
from stdnum.es import nie
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fi import hetu
from stdnum.id import nik
from stdnum.il import idnr as il_idnr
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.my import nric
from stdnum.no import fodselsnummer
from stdnum.pk import cnic
from stdnum.pl import pesel
from stdnum.pt import cc
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.th import pin as th_pin
from stdnum.tr import tckimlik
from stdnum.za import idnr as za_idnr

from guitai.people.errors import DocumentInvalid

DocumentKind = Literal[
    "national_id",
    "passport",
    "home_return_permit",
    "taiwan_permit",
    "residence_permit",
    "permanent_residence",
]
KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)
# Documents that mainland China issues to those who are not its residents.
CHINESE_PERMITS: frozenset[str] = frozenset(KINDS[2:])
# What ends is only known from the document itself: a number does not say it.
WITH_EXPIRY: frozenset[str] = frozenset({"passport", "home_return_permit", "taiwan_permit"})
# Where staff need the back of the document too.
TWO_SIDED: frozenset[str] = frozenset({"national_id", "residence_permit"})

_NUMBER_MAX = 24
_SEPARATORS = re.compile(r"[\s.\-–—‐‑/()（）]")
_NOT_A_COUNTRY = frozenset({"EU", "UN", "XX"})
# ICAO Doc 9303-3 section 4.8: at most nine letters and digits on the page.
_PASSPORT = re.compile(r"[A-Z0-9]{6,9}")
_PASSPORTS: Mapping[str, re.Pattern[str]] = {
    "CN": re.compile(r"E[A-Z]?\d{7,8}|[GDSP]\d{8}|(?:SE|DE|PE)\d{7}"),
    "HK": re.compile(r"[A-Z]{1,2}\d{7,8}"),
    "TW": re.compile(r"\d{9}"),
    "US": re.compile(r"[A-Z]?\d{8,9}"),
    "GB": re.compile(r"\d{9}"),
    "JP": re.compile(r"[A-Z]{2}\d{7}"),
    "SG": re.compile(r"[EK]\d{7}[A-Z]"),
    "IN": re.compile(r"[A-Z]\d{7}"),
    "DE": re.compile(r"[CFGHJKLMNPRTVWXYZ0-9]{9}"),
    "FR": re.compile(r"\d{2}[A-Z]{2}\d{5}"),
}
_HOME_RETURN = re.compile(r"[HM]\d{8}(?:\d{2})?")
_TAIWAN_PERMIT = re.compile(r"\d{8}(?:\d{2})?")
_PERMANENT_OLD = re.compile(r"[A-Z]{3}\d{12}")
_HKID = re.compile(r"[A-Z]{1,2}\d{6}[0-9A]")
_TWID = re.compile(r"[A-Z][1289]\d{8}")
# The letters of Taiwan's numbers stand for two digits, by the counties they were given to.
_TW_LETTERS = {letter: 10 + place for place, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO")}
_BY_COUNTRY: Mapping[str, tuple[ModuleType, ...]] = {
    "AR": (ar_dni,), "BE": (be_nn,), "BG": (egn,), "BR": (cpf,), "CL": (rut,), "CZ": (rc,), "DK": (cpr,),
    "ES": (es_dni, nie), "FI": (hetu,), "ID": (nik,), "IL": (il_idnr,), "IT": (codicefiscale,), "MX": (curp,),
    "MY": (nric,), "NO": (fodselsnummer,), "PK": (cnic,), "PL": (pesel,), "PT": (cc,), "RO": (cnp,),
    "SE": (personnummer,), "TH": (th_pin,), "TR": (tckimlik,), "ZA": (za_idnr,),
}  # fmt: skip
NATIONAL_IDS: tuple[str, ...] = ("CN", "HK", "TW", *_BY_COUNTRY)


@dataclass(frozen=True, slots=True)
class Document:
    """A number in its normal form, and the date of birth when the number tells it."""

    kind: DocumentKind
    country: str
    number: str
    birth: date | None = None

    @property
    def whole(self) -> str:
        """What is indexed: the same number of another country or kind is another document."""
        return f"{self.country}:{self.kind}:{self.number}"


def read_document(kind: str, country: str, number: str, today: date) -> Document:
    """A document's number as people type it.

    takes    the kind, the issuing country (ISO 3166), the number with spaces, dashes, brackets or full-width
             characters, the day of asking
    gives    Document; every number is judged by its issuer's own rule, where that is public
    refuses  document_invalid (why: kind | country | characters | length | checksum | birth)
    source   GB 11643 and ISO 7064 MOD 11-2, ICAO Doc 9303, the rules collected in python-stdnum
    """
    known = next((one for one in KINDS if one == kind), None)
    if known is None:
        raise DocumentInvalid(why="kind")
    country = "CN" if known in CHINESE_PERMITS else country.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", country) or country in _NOT_A_COUNTRY:
        raise DocumentInvalid(why="country")
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", number)).upper()
    if not plain or not plain.isascii() or not plain.isalnum():
        # Finland writes the century as a sign between date and number.
        plain = _with_century(number) if country == "FI" and known == "national_id" else ""
    if not plain or len(plain) > _NUMBER_MAX:
        raise DocumentInvalid(why="length" if plain else "characters")
    found = _READERS[known](country, plain, number)
    if found.birth and not date(1900, 1, 1) <= found.birth <= today:
        raise DocumentInvalid(why="birth")
    return found


def age_on(birth: date, day: date) -> int:
    """Full years; who was born on 29 February is a year older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def masked_document(number: str) -> str:
    """`1****************X` for a long number, `E*******4` for a passport: the first and the last character."""
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}" if len(number) > 3 else "*" * len(number)


def end_of(text: str) -> str:
    """The end of a number as somebody types it, in normal form."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _national(country: str, plain: str, typed: str) -> Document:
    own = {"CN": _resident, "HK": _hong_kong, "TW": _taiwan}.get(country)
    if own is not None:
        return own(plain)
    if country == "FI":
        plain = _with_century(typed)
    why = "country"
    for module in _BY_COUNTRY.get(country, ()):
        try:
            number = str(module.validate(plain))
        except InvalidChecksum:
            why = "checksum"
        except (ValidationError, ValueError):
            why = why if why == "checksum" else "length"
        else:
            return Document("national_id", country, number, _birth(module, number))
    raise DocumentInvalid(why=why)


def _birth(module: ModuleType, number: str) -> date | None:
    ask = getattr(module, "get_birth_date", None)
    try:
        found = ask(number) if ask else None
    except (ValidationError, ValueError):
        return None
    return found if isinstance(found, date) else None


def _with_century(typed: str) -> str:
    return "".join(unicodedata.normalize("NFKC", typed).upper().split())


def _mainland(plain: str) -> date:
    """The 18 characters of GB 11643: check character and date of birth."""
    if len(plain) != 18:
        raise DocumentInvalid(why="length")
    if not plain[:-1].isdigit() or plain[-1] not in "0123456789X":
        raise DocumentInvalid(why="characters")
    if ric.calc_check_digit(plain) != plain[-1]:
        raise DocumentInvalid(why="checksum")
    try:
        born: date = ric.get_birth_date(plain)
    except ValidationError as error:
        raise DocumentInvalid(why="birth") from error
    return born


def _resident(plain: str) -> Document:
    born = _mainland(plain)
    # The province alone: counties have been renamed and renumbered for forty years, and people keep their numbers.
    if not any(found for _, found in numdb.get("cn/loc").info(plain[:2])):
        raise DocumentInvalid(why="characters")
    return Document("national_id", "CN", plain, born)


def _hong_kong(plain: str) -> Document:
    """Letters A=10 to Z=35, a missing first letter 36, weights 9 to 2, modulus 11."""
    if not _HKID.fullmatch(plain):
        raise DocumentInvalid(why="length")
    values = [36] * (9 - len(plain)) + [int(c, 36) for c in plain[:-1]]
    total = sum(value * weight for value, weight in zip(values, range(9, 1, -1), strict=True))
    if "0123456789A"[-total % 11] != plain[-1]:
        raise DocumentInvalid(why="checksum")
    return Document("national_id", "HK", plain)


def _taiwan(plain: str) -> Document:
    """The letter as two digits, weights 1 9 8 7 6 5 4 3 2 1 1, modulus 10; residents' numbers have 8 or 9."""
    if not _TWID.fullmatch(plain):
        raise DocumentInvalid(why="length")
    digits = [*divmod(_TW_LETTERS[plain[0]], 10), *(int(c) for c in plain[1:])]
    if sum(d * w for d, w in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10:
        raise DocumentInvalid(why="checksum")
    return Document("national_id", "TW", plain)


def _passport(country: str, plain: str, typed: str) -> Document:
    if not _PASSPORTS.get(country, _PASSPORT).fullmatch(plain) or not any(c.isdigit() for c in plain):
        raise DocumentInvalid(why="length")
    return Document("passport", country, plain)


def _home_return(country: str, plain: str, typed: str) -> Document:
    if not _HOME_RETURN.fullmatch(plain):
        raise DocumentInvalid(why="length")
    # The last two of eleven count the cards that one person has had: they are no part of who somebody is.
    return Document("home_return_permit", country, plain[:9])


def _taiwan_permit(country: str, plain: str, typed: str) -> Document:
    if not _TAIWAN_PERMIT.fullmatch(plain):
        raise DocumentInvalid(why="length")
    return Document("taiwan_permit", country, plain[:8])


def _residence(country: str, plain: str, typed: str) -> Document:
    """Hong Kong 81, Macau 82, Taiwan 83, then as a resident's number."""
    born = _mainland(plain)
    if plain[:2] not in ("81", "82", "83"):
        raise DocumentInvalid(why="characters")
    return Document("residence_permit", country, plain, born)


def _permanent(country: str, plain: str, typed: str) -> Document:
    """Since 2023 18 characters that begin with 9; before that three letters of the country and twelve digits."""
    if _PERMANENT_OLD.fullmatch(plain):
        return Document("permanent_residence", country, plain)
    born = _mainland(plain)
    if plain[0] != "9":
        raise DocumentInvalid(why="characters")
    return Document("permanent_residence", country, plain, born)


_READERS: Mapping[DocumentKind, Callable[[str, str, str], Document]] = {
    "national_id": _national,
    "passport": _passport,
    "home_return_permit": _home_return,
    "taiwan_permit": _taiwan_permit,
    "residence_permit": _residence,
    "permanent_residence": _permanent,
}
