"""One score for an article and a question: words and synonyms, whole phrases, sound, and meaning where that is known.

Everything stands in memory: a help centre has some hundred articles, and a question takes a millisecond or two.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guitai.care.rules.finding import synonyms
from guitai.care.rules.finding.chinese import chinese_tokens, simplified, sound, spelled, telling
from guitai.care.rules.finding.english import STOP_WORDS, english_tokens, near, stem, words_of

_SATURATION = 1.1  # BM25's k1 (Robertson and Zaragoza, 2009), with weighted fields instead of length
_TITLE, _PHRASE, _SUMMARY, _TEXT = 4.0, 3.0, 2.0, 0.5
_SYNONYM, _SLIP, _SOUND, _PREFIX = 0.55, 0.8, 0.7, 0.8
_WORDS_SHARE, _PHRASES_SHARE, _MEANING_SHARE = 0.55, 0.45, 1.1
_SPELLED_MIN = 3
# Cosines of sentences that have nothing to do with each other lie about here.
_MEANING_FLOOR = 0.2
# Below this an article has nothing to do with the question.
WORTH_SHOWING = 0.2


@dataclass(frozen=True, slots=True)
class Document:
    """What the search knows of an article in one language; `phrases` are the title and what people type."""

    slug: str
    title: str
    summary: str
    phrases: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    slug: str
    tokens: frozenset[str]
    weight: float


class Index:
    """The articles of one language, ready to be asked."""

    def __init__(self, documents: Sequence[Document], language: str) -> None:
        self.language = language
        self._documents = tuple(documents)
        self._counts = {document.slug: self._weighed(document) for document in documents}
        spread = Counter(token for counts in self._counts.values() for token in counts)
        size = max(len(self._documents), 1)
        self._rarity = {token: math.log(1 + size / (0.5 + seen)) for token, seen in spread.items()}
        self._unknown = math.log(1 + size / 0.5)
        self._written = self._read_written()
        self._phrases = tuple(self._read_phrases())
        self._typed = tuple(self._spell()) if language == "zh-hans" else ()
        self._alike = self._by_sound() if language == "zh-hans" else {}
        self._synonyms = self._read_synonyms()

    def tokens(self, text: str) -> list[str]:
        """A text as this index counts it."""
        plain = simplified(text.lower())
        return [*chinese_tokens(plain), *english_tokens(plain)]

    def scores(self, question: str, meant: Mapping[str, float] | None = None) -> dict[str, float]:
        """Every article that has something to do with a question, best first.

        takes    the question in lower case, and how near each article's meaning is to it (a cosine), where known
        gives    score by slug, about 1 for an article that says just this
        """
        wanted = self._wanted(question)
        found = Counter(self._spelled_scores(question))
        for slug, score in self._word_scores(question, wanted).items():
            found[slug] += _WORDS_SHARE * score
        for slug, score in self._phrase_scores(wanted).items():
            found[slug] += _PHRASES_SHARE * score
        for slug, cosine in (meant or {}).items():
            if slug in self._counts:
                found[slug] += _MEANING_SHARE * max(0.0, cosine - _MEANING_FLOOR)
        kept = {slug: score for slug, score in found.items() if score > 0}
        return dict(sorted(kept.items(), key=lambda pair: (-pair[1], pair[0])))

    def _weighed(self, document: Document) -> Counter[str]:
        counts: Counter[str] = Counter()
        fields = (
            (document.title, _TITLE),
            (" ; ".join(document.phrases), _PHRASE),
            (document.summary, _SUMMARY),
            (document.text, _TEXT),
        )
        for text, weight in fields:
            for token in self.tokens(text):
                counts[token] += weight  # type: ignore[assignment]  # a Counter of floats
        return counts

    def _read_written(self) -> dict[str, str]:
        texts = (" ".join((d.title, d.summary, *d.phrases, d.text)).lower() for d in self._documents)
        counted = {word: stem(word) for text in texts for word in words_of(text) if word not in STOP_WORDS}
        return {word: token for word, token in counted.items() if token in self._rarity}

    def _read_phrases(self) -> list[_Phrase]:
        return [
            _Phrase(document.slug, tokens, self._weight(tokens))
            for document in self._documents
            for phrase in document.phrases
            if (tokens := frozenset(self.tokens(phrase)))
        ]

    def _spell(self) -> list[tuple[str, str, str]]:
        return [
            (document.slug, *spelled(simplified(phrase)))
            for document in self._documents
            for phrase in document.phrases
        ]

    def _by_sound(self) -> dict[tuple[str, ...], list[str]]:
        alike: dict[tuple[str, ...], list[str]] = {}
        for token in {
            t for phrase in self._phrases for t in phrase.tokens if len(t) == 2 and not t.isascii()
        }:
            alike.setdefault(sound(token), []).append(token)
        return alike

    def _read_synonyms(self) -> list[list[tuple[str, tuple[str, ...]]]]:
        lines = synonyms.CHINESE if self.language == "zh-hans" else synonyms.ENGLISH
        read = []
        for line in lines:
            terms = [(simplified(term), tuple(self.tokens(term))) for term in line.split()]
            read.append([(term, tokens) for term, tokens in terms if tokens])
        return read

    def _weight(self, tokens: frozenset[str] | Sequence[str]) -> float:
        return sum(self._rarity.get(token, self._unknown) for token in tokens)

    def _wanted(self, question: str) -> dict[str, dict[str, float]]:
        """For each token of a question: itself and what it may have been meant to be, with how sure that is."""
        asked = dict.fromkeys(self.tokens(telling(question)))
        return {token: self._readings(token) for token in asked}

    def _readings(self, token: str) -> dict[str, float]:
        if token in self._rarity:
            return {token: 1.0}
        if token.isascii():
            longer = [t for t in self._rarity if len(token) > 2 and t.startswith(token)]
            if longer:
                return dict.fromkeys(longer, _PREFIX)
            # Compared as words are written: "stollen" is near "stolen", not near what that is counted as.
            return dict.fromkeys((self._written[word] for word in near(token, self._written)), _SLIP)
        return dict.fromkeys(self._alike.get(sound(token), ()), _SOUND)

    def _word_scores(self, question: str, wanted: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
        concepts: list[tuple[float, list[tuple[tuple[str, ...], float]]]] = []
        for readings in wanted.values():
            weight = max(
                (self._rarity[r] * sure for r, sure in readings.items()), default=self._unknown * 0.3
            )
            concepts.append((weight, [((r,), sure) for r, sure in readings.items()]))
        concepts += self._other_words(question, wanted)
        whole = sum(weight for weight, _ in concepts) or 1.0
        found = {}
        for slug, counts in self._counts.items():
            score = sum(
                weight * max((sure * _covered(counts, tokens) for tokens, sure in ways), default=0.0)
                for weight, ways in concepts
            )
            if score > 0:
                found[slug] = score / whole
        return found

    def _other_words(
        self, question: str, wanted: Mapping[str, object]
    ) -> list[tuple[float, list[tuple[tuple[str, ...], float]]]]:
        plain = simplified(question)
        concepts = []
        for group in self._synonyms:
            used = [
                tokens
                for term, tokens in group
                if (term in plain if not term.isascii() else all(token in wanted for token in tokens))
            ]
            if used:
                weight = max(self._weight(tokens) / len(tokens) for tokens in used)
                concepts.append((_SYNONYM * weight, [(tokens, 1.0) for _, tokens in group]))
        return concepts

    def _phrase_scores(self, wanted: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
        sure: dict[str, float] = {}
        for readings in wanted.values():
            for token, certainty in readings.items():
                sure[token] = max(sure.get(token, 0.0), certainty)
        asked = sum(
            max((self._rarity[r] for r in readings), default=self._unknown * 0.5)
            for readings in wanted.values()
        )
        found: dict[str, float] = {}
        for phrase in self._phrases:
            shared = sum(self._rarity[t] * sure[t] for t in phrase.tokens if t in sure)
            if shared:
                score = 2 * shared / (asked + phrase.weight)
                found[phrase.slug] = max(found.get(phrase.slug, 0.0), score)
        return found

    def _spelled_scores(self, question: str) -> dict[str, float]:
        """Pinyin in full or by initials, when that is what was typed."""
        typed = "".join(question.split()).replace("'", "")
        if not self._typed or len(typed) < _SPELLED_MIN or not (typed.isascii() and typed.isalnum()):
            return {}
        found: dict[str, float] = {}
        for slug, full, initials in self._typed:
            for spelling in (full, initials):
                if typed in spelling:
                    score = 0.4 + 0.6 * len(typed) / len(spelling)
                    found[slug] = max(found.get(slug, 0.0), score)
        return found


def _covered(counts: Mapping[str, float], tokens: Sequence[str]) -> float:
    """How well a document speaks of some tokens that belong together, from 0 to about 1."""
    if any(token not in counts for token in tokens):
        return 0.0
    return sum(counts[t] / (counts[t] + _SATURATION) for t in tokens) / len(tokens)
