"""How alike two names, two references, two days are: whole numbers, 0 to 100."""

import unicodedata
from datetime import date
from itertools import pairwise

from guitai.base.names import has_han, one_writing, sounded, sounds_of

# From here on two writings of a name are taken for one person's.
AGREES = 95
_PINYIN = 95
_LETTERS_LEAST = 2


def name_likeness(one: str, other: str) -> int:
    """How alike two names are.

    takes    names in any case, width, order of their words, with or without accents; Chinese or Latin
    gives    100 for the same, 95 when one is the pinyin of the other, else the share of what agrees; 0 for nothing
    """
    first, second = _folded(one), _folded(other)
    if not first or not second:
        return 0
    han_first, han_second = has_han(first), has_han(second)
    if han_first == han_second:
        if _joined(first) == _joined(second) or sorted(first.split()) == sorted(second.split()):
            return 100
        # A character of a Chinese name is a word: 王明 is not nearly 王敏.
        return 0 if han_first else _ratio(_joined(first), _joined(second))
    han, latin = (first, second) if han_first else (second, first)
    return _PINYIN if sounded(_joined(latin)) in sounds_of(_joined(han)) else 0


def names_agree(one: str, other: str) -> bool:
    """Whether two writings are taken for one person's name."""
    return name_likeness(one, other) >= AGREES


def distance(one: str, other: str) -> int:
    """How many letters have to be changed, added, left out or swapped with their neighbour (Damerau-Levenshtein,
    optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before = before, row
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def reference_likeness(reference: str, words: str) -> int:
    """How nearly a reference stands somewhere in what a payer wrote.

    takes    a canonical reference; words as written
    gives    100 when it stands there, 25 less for each letter that is wrong, 0 from three letters on
    """
    text = "".join(c for c in unicodedata.normalize("NFKC", words).upper() if c.isalnum())
    size = len(reference)
    if reference in text:
        return 100
    windows = {
        text[start : start + length] for length in range(size - _LETTERS_LEAST, size + _LETTERS_LEAST)
        for start in range(max(0, len(text) - length + 1))
    }  # fmt: skip
    nearest = min((distance(reference, window) for window in windows), default=size)
    return max(0, 100 - 25 * nearest) if nearest <= _LETTERS_LEAST else 0


def day_likeness(one: date, other: date) -> int:
    """100 on the same day, 20 less for each day between."""
    return max(0, 100 - 20 * abs((one - other).days))


def tail_agrees(account: str, tail: str) -> bool:
    """Whether an account ends with the digits that somebody gave: four at least, spaces and dashes do not count."""
    digits, wanted = _plain(account), _plain(tail)
    return len(wanted) >= 4 and len(digits) >= len(wanted) and digits.endswith(wanted)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name)).casefold()
    kept = "".join(c if c.isalnum() else " " for c in text if not unicodedata.combining(c))
    return one_writing(" ".join(kept.split()))


def _joined(name: str) -> str:
    return name.replace(" ", "")


def _ratio(one: str, other: str) -> int:
    """The share of neighbouring letters that both have (Dice's coefficient)."""
    pairs_one, pairs_other = list(pairwise(one)), list(pairwise(other))
    if not pairs_one or not pairs_other:
        return 0
    left, common = list(pairs_other), 0
    for pair in pairs_one:
        if pair in left:
            left.remove(pair)
            common += 1
    return min(94, 200 * common // (len(pairs_one) + len(pairs_other)))
