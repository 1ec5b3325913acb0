"""Does this look like one of ours without being it? Characters that look alike, slips, and added words."""

import unicodedata

# Characters that readers take for a Latin letter or a digit, a small part of Unicode's own table (UTS 39): the ones
# that turn up in false addresses.
_ALIKE = str.maketrans(
    "аеорсухіјѕԁһքցոνωαοικρτυхԛԝ0135$@|!",
    "aeopcyxijsdhqgnvwaoikptuxqwolessali",
)
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_NEAR_DISTANCE = 2
_SHORT = 5


def skeleton(text: str) -> str:
    """What a hurried reader sees: letters without accents, look-alikes folded, separators gone.

    takes    a name, an address, a handle
    gives    its skeleton; two texts that look alike have the same
    source   the idea of UTS 39, Unicode Security Mechanisms
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_ALIKE)
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return "".join(c for c in plain.replace("i", "l") if c.isalnum())


def distance(a: str, b: str, most: int) -> int:
    """How many slips of the hand lie between two texts: insert, leave out, change, swap neighbours.

    takes    two texts, and the most that matters
    gives    the number, or `most` + 1 when it is more
    source   optimal string alignment distance
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        current = [i]
        for j, right in enumerate(b, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return most + 1
        before, row = row, current
    return min(row[-1], most + 1)


def alike(text: str, ours: str) -> bool:
    """Whether a name that is not ours could pass for ours.

    takes    what was given, and a name of ours, both without their ends (`.com`, `@`)
    gives    True for the same skeleton, ours within it, or a few slips
    """
    given, own = skeleton(text), skeleton(ours)
    if not given or not own:
        return False
    if given == own or (len(own) >= _SHORT and own in given):
        return True
    slips = 1 if len(own) <= _SHORT else _NEAR_DISTANCE
    return distance(given, own, slips) <= slips


def alike_digits(text: str, ours: str) -> bool:
    """Whether a number could pass for ours: a digit changed, left out or added, two swapped, or ours with more digits.

    takes    two numbers as digits
    gives    True or False; the same number is not alike, it is the same
    """
    if text == ours or min(len(text), len(ours)) < _SHORT:
        return False
    return distance(text, ours, 1) <= 1 or text.endswith(ours) or text.startswith(ours)
