"""How good the search is: labelled questions against the starter library, with and without the sentence encoder."""

import hashlib
import time
from pathlib import Path
from typing import Literal

from guitai.care import finding, meaning
from guitai.care.finding import Library
from guitai.care.flows.load_articles import ARTICLES, read_files
from guitai.care.rules.articles import LANGUAGES, render
from guitai.care.rules.search import normal_query
from guitai.care.types import SearchBench

Question = tuple[str, frozenset[str]]
# Every third question was never looked at while the search was tuned: which ones, its own digest says.
_HELD_OUT_EVERY = 3


def bench_search(questions: Path, articles: Path = ARTICLES) -> list[SearchBench]:
    """See `care.api.bench_search`."""
    sources = [source for source, _ in read_files(articles)]
    texts = [render(source.markdown).text for source in sources]
    topics = {(s.slug, s.language): frozenset((s.slug, *s.topics)) for s in sources}
    results = []
    for with_meaning in (False, True) if meaning.installed() else (False,):
        library = finding.library_of(sources, texts, with_meaning=with_meaning)
        for language in LANGUAGES:
            asked = read_questions(questions / f"{language}.tsv")
            results += _measured(library, language, asked, topics, with_meaning)
    return results


def read_questions(path: Path) -> list[Question]:
    """Questions with the topics or slugs that answer them, a line each, between them a tab."""
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [(question, frozenset(wanted.split())) for question, wanted in lines]


def held_out(question: str) -> bool:
    """Whether a question was kept away from tuning."""
    return hashlib.sha256(question.encode()).digest()[0] % _HELD_OUT_EVERY == 0


def _measured(
    library: Library,
    language: str,
    asked: list[Question],
    topics: dict[tuple[str, str], frozenset[str]],
    with_meaning: bool,
) -> list[SearchBench]:
    hits: list[tuple[bool, bool, bool]] = []
    began = time.perf_counter()
    for question, wanted in asked:
        ranked = library.ranking(normal_query(question), language)[:3]
        right = [bool(topics[slug, language] & wanted) for slug, _ in ranked]
        hits.append((held_out(question), right[:1] == [True], any(right)))
    each = (time.perf_counter() - began) * 1000 / max(len(asked), 1)
    parts: tuple[tuple[Literal["tuned", "held_out", "all"], list[tuple[bool, bool, bool]]], ...] = (
        ("tuned", [hit for hit in hits if not hit[0]]),
        ("held_out", [hit for hit in hits if hit[0]]),
        ("all", hits),
    )
    return [
        SearchBench(
            language, part, with_meaning, len(chosen), _share(chosen, 1), _share(chosen, 2), round(each, 2)
        )
        for part, chosen in parts
    ]


def _share(hits: list[tuple[bool, bool, bool]], column: int) -> float:
    return round(sum(hit[column] for hit in hits) / max(len(hits), 1), 4)
