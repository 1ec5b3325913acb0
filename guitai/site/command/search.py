"""`guitai search`: the help centre's ranking for a question."""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from guitai.site import surroundings
from guitai.site.command.late import part

LANGUAGES = ("en", "zh-hans")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "The articles are those published in the database. With `-` as the question, questions are read from the "
        "standard input, a line each, and each is answered with a line of its own."
    )
    parser.add_argument("question", metavar="QUERY", help="what somebody types into the search box, or -")
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="the reader's language (en)")
    parser.add_argument("--limit", type=int, default=8, help="the most articles wanted (8)")
    parser.add_argument("--json", action="store_true", help='[{"slug", "topics", "title", "score"}]')


def run(arguments: argparse.Namespace) -> int:
    questions: Iterable[str] = sys.stdin if arguments.question == "-" else (arguments.question,)
    with surroundings.ready():
        ranked = part("search", "prepared_ranking")
        for question in questions:
            found = ranked(question.strip(), arguments.lang, max(1, arguments.limit))
            _print([asdict(line) for line in found], as_json=arguments.json)
    return 0


def _print(lines: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(lines, ensure_ascii=False), flush=True)
        return
    for line in lines:
        print(f"{line['score']:.3f}  {line['slug']:<28}  {line['title']}")
    if not lines:
        print("nothing found")
