"""What may be said in a message: some words, not too many, no control characters, no secrets."""

import unicodedata

from guitai.care.errors import WordsMissing, WordsTooLong
from guitai.care.rules.masking import mask_secrets

WORDS_MAX = 5000
PREVIEW_MAX = 120
_KEPT_CONTROLS = frozenset("\n\t")
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_words(text: str, *, required: bool = True) -> tuple[str, tuple[str, ...]]:
    """Plain text fit to store and the kinds of secret that were masked in it.

    Markup is kept as the characters that were typed: it is escaped wherever it is shown.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Controls (NUL) and lone surrogates cannot be stored; bidirectional overrides can disguise a message.
    text = "".join(
        c
        for c in text
        if c in _KEPT_CONTROLS or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _OVERRIDES)
    ).strip()
    if required and not text:
        raise WordsMissing()
    if len(text) > WORDS_MAX:
        raise WordsTooLong(maximum=WORDS_MAX, length=len(text))
    return mask_secrets(text)


def preview(words: str) -> str:
    """The first line of a message, short enough for a list."""
    line = " ".join(words.split())
    return line if len(line) <= PREVIEW_MAX else line[: PREVIEW_MAX - 1].rstrip() + "…"
