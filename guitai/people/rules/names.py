"""Whether two writings of a name are the same person's: Chinese, Latin, and one beside the other."""

import re
import unicodedata
from itertools import permutations
from typing import Literal

from guitai.base.names import has_han, one_writing, sounded, sounds_of

# same: no doubt. close: another writing of it (initials, a middle name left out, pinyin). different: somebody else.
Match = Literal["same", "close", "different"]

_DOTS = str.maketrans(dict.fromkeys("·•・‧⋅.．。•․", " "))
# Letters that do not come apart into a base and a mark (ICAO Doc 9303-3, table 4-1, the short form).
_LETTERS = str.maketrans(
    {
        "ß": "ss",
        "ø": "o",
        "œ": "oe",
        "æ": "ae",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ħ": "h",
        "ŋ": "n",
    }
)
# The same vowels as passports write them out.
_LONG = (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a"))
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "jr", "sr", "ii", "iii"})
_ORDERS_MAX = 5


def compare_names(one: str, other: str) -> Match:
    """Compare two names as banks and documents write them.

    takes    two names in any case, order, width and accents
    gives    same | close | different
    source   ICAO Doc 9303-3 section 6 for Latin letters; GB/T 28039 for pinyin
    """
    first, second = _folded(one), _folded(other)
    if not first or not second:
        return "different"
    han_first, han_second = has_han(first), has_han(second)
    if han_first and han_second:
        return "same" if _han(first) == _han(second) else "different"
    if han_first != han_second:
        han, latin = (first, second) if han_first else (second, first)
        return "close" if _is_pinyin(_han(han), _latin(latin)) else "different"
    return _compare_latin(_latin(first), _latin(second))


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).translate(_DOTS).casefold()
    return one_writing(" ".join(text.split()))


def _han(name: str) -> str:
    """Chinese characters only: spaces and the dots between the parts of a name do not count."""
    return "".join(c for c in name if c.isalpha())


def _latin(name: str) -> list[str]:
    """The words of a Latin name, without accents, marks, titles; `O'Neill-Smith` is `oneill smith`."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.sub(r"['’ʼ`]", "", kept).replace("-", " ").replace(",", " ")
    found = ["".join(c for c in word if c.isalnum()) for word in words.split()]
    return [word for word in found if word and word not in _TITLES]


def _compare_latin(first: list[str], second: list[str]) -> Match:
    if not first or not second:
        return "different"
    if sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return "same"
    short_first, short_second = [_short(w) for w in first], [_short(w) for w in second]
    if sorted(short_first) == sorted(short_second):
        return "same"
    few, many = sorted((short_first, short_second), key=len)
    return "close" if _within(few, many) else "different"


def _short(word: str) -> str:
    """`mueller` and `muller` (from `müller`) are one writing."""
    for long, short in _LONG:
        word = word.replace(long, short)
    return word


def _within(few: list[str], many: list[str]) -> bool:
    """Whether each word of the shorter name stands in the longer one, at least two of them in full or one with an
    initial: `j smith` is within `john paul smith`; `smith` alone is not."""
    left, whole = list(many), 0
    for word in sorted(few, key=len, reverse=True):
        match = next((m for m in left if m == word), None)
        if match is None and len(word) == 1:
            match = next((m for m in left if m[0] == word), None)
        if match is None:
            match = next((m for m in left if len(m) == 1 and m == word[0]), None)
        if match is None:
            return False
        whole += match == word and len(word) > 1
        left.remove(match)
    return whole >= 1 and len(few) >= 2


def _is_pinyin(han: str, words: list[str]) -> bool:
    """Whether Latin words are the pinyin of a Chinese name, the family name first or last, joined or apart."""
    if not words or len(words) > _ORDERS_MAX:
        return False
    sounds = sounds_of(han)
    return any(sounded("".join(order)) in sounds for order in permutations(words))
