"""A question as it was typed, and where an answer says the same: what to mark."""

import re
from collections.abc import Sequence

import rjieba

from guitai.base.reference import parse_reference
from guitai.care.rules.finding.chinese import simplified
from guitai.care.types import Passage

QUERY_MAX = 200
TOKENS_MAX = 40
EXCERPT_MAX = 120

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_WORD = re.compile(r"[a-z0-9]+")
_HYPHENATED = re.compile(r"[a-z0-9]+(?:[-‑][a-z0-9]+)+")
_STOP_ENGLISH = (
    "a an and are at be but by can did do does for from had has have how i if in is it me my not of on or so that"
    " the there this to was what when where which who why will with you your"
)
_STOP_CHINESE = (
    "的 了 吗 呢 吧 啊 我 你 您 他 她 它 是 在 有 和 与 就 也 都 请 怎么 怎么办 什么 为什么 一个 我的"
)
_STOP_WORDS = frozenset(_STOP_ENGLISH.split()) | frozenset(_STOP_CHINESE.split())


def normal_query(text: str) -> str:
    """What was typed, in half width, lower case, simplified characters and single spaces, cut to a sane length."""
    cleaned = "".join(c if c.isprintable() else " " for c in text[: 4 * QUERY_MAX].translate(_FULL_WIDTH))
    return simplified(" ".join(cleaned.lower().split())[:QUERY_MAX])


def reference_in(text: str) -> str | None:
    """A speakable reference, when that is what was typed."""
    return parse_reference(text)


def tokens(text: str) -> tuple[str, ...]:
    """Words to index or to look for: Latin words, Chinese words, and every pair of Chinese neighbours.

    The pairs find a word in mid-sentence even where the segmenter cut it differently on the two sides.
    """
    found: dict[str, None] = {}
    lowered = text.translate(_FULL_WIDTH).lower()
    for word in _latin_words(lowered):
        found[word] = None
    for run in _CJK.findall(lowered):
        for word in rjieba.cut_for_search(run):
            found[word] = None
        for start in range(len(run) - 1):
            found[run[start : start + 2]] = None
    return tuple(found)


def query_tokens(text: str) -> tuple[str, ...]:
    """The tokens of a question that mean something, or all of them when none does."""
    every = tokens(text)
    telling = tuple(t for t in every if t not in _STOP_WORDS)
    return (telling or every)[:TOKENS_MAX]


def highlight(text: str, wanted: Sequence[str], *, limit: int | None = None) -> tuple[Passage, ...]:
    """The text in pieces, those that were asked for marked; with a limit, the part where the first one is."""
    pattern = _pattern(wanted)
    start = 0
    if limit is not None and len(text) > limit:
        first = pattern.search(text) if pattern else None
        if first and first.start() > limit * 2 // 3:
            start = max(0, first.start() - limit // 3)
        text = ("…" if start else "") + text[start : start + limit].strip() + "…"
    if pattern is None:
        return (Passage(text, False),)
    pieces: list[Passage] = []
    position = 0
    for match in pattern.finditer(text):
        if match.start() > position:
            pieces.append(Passage(text[position : match.start()], False))
        pieces.append(Passage(match.group(0), True))
        position = match.end()
    if position < len(text):
        pieces.append(Passage(text[position:], False))
    return tuple(pieces)


def _latin_words(lowered: str) -> list[str]:
    """Words, and hyphenated ones in one piece too: people write top-up, top up and topup."""
    return [*_WORD.findall(lowered), *("".join(_WORD.findall(h)) for h in _HYPHENATED.findall(lowered))]


def _pattern(wanted: Sequence[str]) -> re.Pattern[str] | None:
    ordered = sorted((t for t in wanted if len(t) > 1), key=len, reverse=True)
    if not ordered:
        return None
    choices = [rf"\b{re.escape(t)}" if t.isascii() else re.escape(t) for t in ordered]
    return re.compile("|".join(choices), re.IGNORECASE)
