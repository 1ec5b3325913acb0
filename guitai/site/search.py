"""`guitai search` and `guitai bench search`: what the help centre finds, and how often that is right."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from django.db import ProgrammingError

from guitai.care import api as care
from guitai.care.types import ArticleRank, SearchBench
from guitai.site.prepare import prepare

QUESTIONS = Path("tests/care/labelled")
_PARTS = {"tuned": "tuned on", "held_out": "held out", "all": "all"}


def prepared_ranking(question: str, language: str, limit: int) -> list[ArticleRank]:
    """The ranking, over a database that may never have been started before."""
    try:
        return care.search_ranking(question, language, limit)
    except ProgrammingError:
        # Nothing was migrated yet: bring it up to date, articles included, and ask again.
        prepare()
        return care.search_ranking(question, language, limit)


def bench(questions: Path = QUESTIONS, *, as_json: bool = False) -> Iterator[str]:
    """The lines that `guitai bench search` prints.

    takes    the folder of labelled questions; whether one JSON object is wanted
    gives    a table, and what is missing for the second half of it
    """
    results = care.bench_search(questions)
    if as_json:
        yield json.dumps({"results": [asdict(result) for result in results]}, ensure_ascii=False)
        return
    yield f"{'language':<9} {'questions':<9} {'encoder':<8} {'n':>4} {'hit@1':>6} {'hit@3':>6} {'ms each':>8}"
    yield from (_line(result) for result in results)
    if not any(result.with_meaning for result in results):
        yield "The sentence encoder is not installed: requirements/search.txt adds it."


def _line(result: SearchBench) -> str:
    encoder = "with" if result.with_meaning else "without"
    return (
        f"{result.language:<9} {_PARTS[result.part]:<9} {encoder:<8} {result.questions:>4} {result.hit_1:>6.2f} "
        f"{result.hit_3:>6.2f} {result.milliseconds:>8.1f}"
    )
