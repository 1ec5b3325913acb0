"""The search as a process keeps it: an index a language, built again when an article has changed."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max

from guitai.care import meaning
from guitai.care.meaning import Meanings
from guitai.care.models import Article
from guitai.care.rules.articles import LANGUAGES, Source
from guitai.care.rules.finding.chinese import runs
from guitai.care.rules.finding.ranking import Document, Index

# A change of an article is searched by every process within this time.
_FRESH_S = 2.0
# What another language's index says counts a little less than the reader's own.
_OTHER_LANGUAGE = 0.8


@dataclass(frozen=True, slots=True)
class Library:
    """Both languages, ready to be asked; `meanings` are missing where the encoder is."""

    indexes: dict[str, Index]
    meanings: dict[str, Meanings]

    def ranking(self, question: str, language: str) -> list[tuple[str, float]]:
        """Slugs and scores, best first.

        takes    a question from `normal_query`, the reader's language
        gives    what is found in the reader's language; in the other one too when the question is written in it
        """
        scores = self._scores(question, language)
        for other in self.indexes:
            if other != language and _written_in(question, other):
                for slug, score in self._scores(question, other).items():
                    scores[slug] = max(scores.get(slug, 0.0), _OTHER_LANGUAGE * score)
        return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))

    def _scores(self, question: str, language: str) -> dict[str, float]:
        meanings = self.meanings.get(language)
        return self.indexes[language].scores(question, meanings.nearness(question) if meanings else None)


_kept: dict[str, tuple[float, object, Library]] = {}
_building = threading.Lock()


def library() -> Library:
    """The published articles as of now, at most two seconds old."""
    kept = _kept.get("published")
    if kept and kept[0] > time.monotonic():
        return kept[2]
    with _building:
        stamp = _stamp()
        kept = _kept.get("published")
        found = kept[2] if kept and kept[1] == stamp else _build()
        _kept["published"] = (time.monotonic() + _FRESH_S, stamp, found)
    return found


def forget() -> None:
    """Drop what this process keeps: after a change of its own."""
    _kept.clear()


def phrases(title: str, keywords: Sequence[str], summary: str) -> list[str]:
    """What of an article stands for what people ask."""
    return [title, *keywords, summary]


def library_of(sources: Sequence[Source], texts: Sequence[str], *, with_meaning: bool) -> Library:
    """A library of articles that are in no database: how the bench measures the files themselves."""
    everyone = [pair for pair in zip(sources, texts, strict=True) if pair[0].audience == "everyone"]
    indexes, meanings = {}, {}
    for language in LANGUAGES:
        own = [(source, text) for source, text in everyone if source.language == language]
        indexes[language] = Index([_document(source, text) for source, text in own], language)
        if with_meaning:
            meanings[language] = Meanings(
                {s.slug: meaning.packed(phrases(s.title, s.keywords, s.summary)) for s, _ in own}
            )
    return Library(indexes, meanings)


def _stamp() -> object:
    found = Article.objects.aggregate(Max("loaded_at"), Max("version"), Count("id"), Count("meaning"))
    return tuple(found.values())


def _build() -> Library:
    indexes, meanings = {}, {}
    for language in LANGUAGES:
        rows = list(
            Article.objects.filter(language=language, audience="everyone", withdrawn=False).order_by("slug")
        )
        indexes[language] = Index([_document(row, row.text) for row in rows], language)
        if meaning.installed():
            vectors = {row.slug: bytes(row.meaning) for row in rows if row.meaning}
            meanings[language] = Meanings(vectors)
    return Library(indexes, meanings)


def _document(words: Source | Article, text: str) -> Document:
    return Document(words.slug, words.title, words.summary, (words.title, *words.keywords), text)


def _written_in(question: str, language: str) -> bool:
    chinese = bool(runs(question))
    return chinese if language == "zh-hans" else not chinese
