"""English as people type it: endings, irregular verbs, hyphens, and slips of the hand."""

import re
from collections.abc import Iterable

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_JOINED = re.compile(r"\b([a-z]+)[-‑ ]?(up|in|out|off|fi|mail)\b")
_STOP = (
    "a an and any are as at be been but by can could did do does doing for from get gets getting go"
    " had has have he her his how i if in is it its just me my of on one or our please she should so"
    " some someone somebody than that the their them then there they thing this to us was we were"
    " what when where which who why will with would you your im ive id there's it's i'm i've dont"
    " doesnt didnt cant wont isnt wasnt hasnt havent not no"
)
STOP_WORDS = frozenset(_STOP.split())
_IRREGULAR = {
    "lost": "lose", "losing": "lose", "paid": "pay", "sent": "send", "stole": "steal", "stolen": "steal",
    "forgot": "forget", "forgotten": "forget", "froze": "freeze", "frozen": "freeze", "freezing": "freeze",
    "unfrozen": "unfreeze", "unfreezing": "unfreeze", "withdrew": "withdraw", "withdrawn": "withdraw",
    "withdrawal": "withdraw", "withdrawals": "withdraw", "took": "take", "taken": "take", "bought": "buy",
    "wrote": "write", "written": "write", "chose": "choose", "chosen": "choose", "gave": "give", "given": "give",
    "got": "get", "gone": "go", "went": "go", "broke": "break", "broken": "break", "thieves": "thief",
    "people": "person", "persons": "person", "verification": "verify", "verified": "verify",
    "identification": "identity",
    "refusal": "refuse", "declined": "decline", "authorised": "authorise", "unauthorized": "unauthorised",
    "recognize": "recognise", "fees": "fee", "said": "say", "told": "tell", "left": "leave", "came": "come",
    "hours": "hour", "suspicious": "suspicious", "address": "address", "access": "access", "process": "process",
    "processing": "process", "business": "business", "password": "password", "bonus": "bonus", "status": "status",
}  # fmt: skip
_SHORTENED = (
    ("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("ing", ""), ("edly", ""), ("ed", ""),
    ("ly", ""), ("ment", ""), ("s", ""),
)  # fmt: skip
_STEM_MIN = 3


def stem(word: str) -> str:
    """A word without its endings, so that pays, paying and payments meet."""
    word = word.removesuffix("'s").replace("'", "")
    # Two endings at most: payments is pay-ment-s.
    for _ in range(2):
        shorter = _shortened(word)
        if shorter == word:
            break
        word = shorter
    return word


def _shortened(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    for ending, instead in _SHORTENED:
        kept = len(word) - len(ending) >= _STEM_MIN and not word.endswith(("ss", "us", "is"))
        if word.endswith(ending) and kept:
            word = word[: -len(ending)] + instead
            doubled = len(word) > _STEM_MIN and word[-1] == word[-2] and word[-1] not in "lse"
            return word[:-1] if doubled else word
    return word.removesuffix("e") if len(word) > _STEM_MIN + 2 else word


def words_of(text: str) -> list[str]:
    """The Latin words of a text as they are written."""
    return _WORD.findall(text)


def english_tokens(text: str) -> list[str]:
    """Stems of the words that mean something; top-up, top up and topup are one word."""
    lowered = text.replace("’", "'")
    joined = [match[1] + match[2] for match in _JOINED.finditer(lowered)]
    return joined + [stem(word) for word in _WORD.findall(lowered) if word not in STOP_WORDS]


def near(word: str, vocabulary: Iterable[str]) -> list[str]:
    """Words of the vocabulary that a slip of the hand makes out of this one; the nearest only."""
    if len(word) < 4 or word.isdigit():
        return []
    allowed = 1 if len(word) < 7 else 2
    found: dict[int, list[str]] = {}
    for candidate in vocabulary:
        if abs(len(candidate) - len(word)) <= allowed and len(candidate) > 3 and candidate.isascii():
            distance = slips(word, candidate, allowed)
            if distance <= allowed:
                found.setdefault(distance, []).append(candidate)
    return found[min(found)] if found else []


def slips(first: str, second: str, most: int) -> int:
    """How many letters were missed, added, mistaken or swapped; more than `most` is `most + 1`.

    source  optimal string alignment (Damerau, 1964)
    """
    before_last: list[int] = []
    last = list(range(len(second) + 1))
    for row, letter in enumerate(first, start=1):
        present = [row]
        for column, other in enumerate(second, start=1):
            cost = min(last[column] + 1, present[column - 1] + 1, last[column - 1] + (letter != other))
            swapped = row > 1 and column > 1 and letter == second[column - 2] and first[row - 2] == other
            present.append(min(cost, before_last[column - 2] + 1) if swapped else cost)
        if min(present) > most:
            return most + 1
        before_last, last = last, present
    return min(last[-1], most + 1)
