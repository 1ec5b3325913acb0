"""Speakable references: ten symbols that survive a bad line, the last one a check symbol.

The alphabet leaves out what is mistaken for something else by eye or by ear, in Chinese or English
(0 O, 1 I L, 8 B, 5 S, 2 Z, M N, B D E G P T V, Q U). Its size is prime, so a sum weighted by position
catches every single wrong symbol and every swap of two.
"""

import secrets
import unicodedata
from typing import Literal

DIGITS = "23456789"
LETTERS = "ACFHJKMRWXY"
ALPHABET = DIGITS + LETTERS
LENGTH = 10
_GROUPS = ((0, 4), (4, 7), (7, 10))
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_INVERSE = pow(LENGTH, -1, len(ALPHABET))
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

ReferenceKind = Literal["operation", "case"]


def new_reference(kind: ReferenceKind) -> str:
    """A random reference; operations begin with a digit and cases with a letter, so they never meet."""
    first = DIGITS if kind == "operation" else LETTERS
    # One draw for all nine: randbelow is uniform, and its digits to the base of the alphabet are too.
    drawn = secrets.randbelow(len(first) * len(ALPHABET) ** (LENGTH - 2))
    drawn, position = divmod(drawn, len(first))
    symbols = [first[position]]
    for _ in range(LENGTH - 2):
        drawn, position = divmod(drawn, len(ALPHABET))
        symbols.append(ALPHABET[position])
    body = "".join(symbols)
    return body + _check_symbol(body)


def parse_reference(text: str) -> str | None:
    """The canonical ten symbols of what a person typed or said, or None when it cannot be one."""
    cleaned = text.translate(_FULL_WIDTH).upper()
    if not cleaned.isalnum():
        cleaned = "".join(c for c in cleaned if not _is_separator(c))
    if len(cleaned) != LENGTH or any(c not in _VALUE for c in cleaned):
        return None
    return cleaned if _check_symbol(cleaned[:-1]) == cleaned[-1] else None


def _is_separator(symbol: str) -> bool:
    """Spaces, dashes of any kind, and the marks that people and phones put between groups."""
    return symbol.isspace() or unicodedata.category(symbol) in ("Pd", "Cf") or symbol in "_.,·−、，。"


def reference_kind(reference: str) -> ReferenceKind:
    """Which kind of thing a canonical reference names."""
    return "operation" if reference[0] in DIGITS else "case"


def spoken(reference: str) -> str:
    """A canonical reference in groups, as it is shown: `7KMR-3AX-WH4`."""
    return "-".join(reference[start:end] for start, end in _GROUPS)


def _check_symbol(body: str) -> str:
    total = sum(weight * _VALUE[symbol] for weight, symbol in enumerate(body, start=1))
    # The check symbol itself carries weight LENGTH; solve so that the whole sum is zero.
    return ALPHABET[-total * _INVERSE % len(ALPHABET)]
