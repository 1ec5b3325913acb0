"""`guitai bench`: how fast it is here, beside what one would write instead."""

import argparse
import json
from pathlib import Path
from typing import Any

from guitai.site import surroundings
from guitai.site.bench import document, http, ledger, profiles, starting, statements
from guitai.site.bench.table import lines
from guitai.site.command.late import part
from guitai.site.refusals import StartRefused

_EPILOG = """\
Everything happens in scratch databases on the server of GUITAI_DATABASE_URL, or on the embedded one of
GUITAI_HOME; they are dropped in the end, also after Ctrl-C, and the installation's own database is never
written to. Nothing else should run on the machine meanwhile. What is compared takes turns in one run, and
the median of each counts: figures differ from machine to machine, ratios much less.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EPILOG
    subjects = parser.add_subparsers(dest="subject", metavar="SUBJECT", required=True)
    _configure_ledger(subjects)
    _configure_http(subjects)
    _configure_profile(subjects)
    _configure_search(subjects)
    _configure_start(subjects)
    _configure_statements(subjects)
    _configure_document(subjects)


def run(arguments: argparse.Namespace) -> int:
    return int(arguments.measure(arguments))


def _configure_ledger(subjects: Any) -> None:
    words = "batches through the ledger and through the whole till, each beside its textbook"
    parser = _subject(subjects, "ledger", words)
    parser.epilog = (
        "The textbook is one transaction a transfer, by hand and without an ORM, from 8 processes. Parts: ledger, "
        "till, and rows (what --rows adds). GUITAI_BENCH_TIGERBEETLE=ADDRESS adds TigerBeetle, when its Python "
        "client is installed."
    )
    defaults = ledger.Plan()
    parser.add_argument(
        "--rows", type=_count, default=0, metavar="N", help="compare empty books with books of N transfers"
    )
    parser.add_argument(
        "--only", nargs="+", choices=ledger.PARTS, metavar="PART", help="only these parts: ledger, till, rows"
    )
    sizes = sorted({*ledger.BATCHES, *ledger.TILL_BATCHES})
    said = ", ".join(str(size) for size in sizes)
    parser.add_argument(
        "--batches", nargs="+", type=int, choices=sizes, default=[], metavar="N", help=f"only these: {said}"
    )
    options = {"accounts": "accounts of the ledger", "customers": "customers of the till",
               "clients": "clients of the textbook"}  # fmt: skip
    for name, what in options.items():
        value = getattr(defaults, name)
        parser.add_argument(f"--{name}", type=_count, default=value, metavar="N", help=f"{what} ({value:,})")
    parser.set_defaults(measure=_ledger)


def _ledger(arguments: argparse.Namespace) -> int:
    parts = tuple(arguments.only or ("ledger", "till"))
    if arguments.rows and not arguments.only:
        parts = (*parts, "rows")
    if arguments.rows and "rows" not in parts:
        raise StartRefused("--rows is only measured by the part rows: add it to --only.")
    plan = ledger.Plan(
        parts, arguments.rows, arguments.seconds, arguments.rounds, arguments.accounts, arguments.customers,
        arguments.clients, tuple(arguments.batches),
    )  # fmt: skip
    ledger.check(plan)
    return _tell(arguments, ledger.measure(plan))


def _configure_http(subjects: Any) -> None:
    words = "transfers and pages over real sockets, ours beside one transaction a request"
    parser = _subject(subjects, "http", words)
    parser.epilog = (
        "Each connection is a signed-in customer who sends money with the PIN and a key of its own, again as soon as "
        "the answer is there. Every answer must be 201. Pages: our front beside Django's own ASGI handler."
    )
    parser.add_argument(
        "--connections", type=_count, default=256, metavar="N", help="connections at the same time (256)"
    )
    parser.add_argument("--no-pages", action="store_true", help="leave the pages out")
    parser.set_defaults(measure=_http)


def _http(arguments: argparse.Namespace) -> int:
    plan = http.Plan(arguments.connections, arguments.seconds, arguments.rounds, not arguments.no_pages)
    http.check(plan)
    return _tell(arguments, http.measure(plan))


def _configure_profile(subjects: Any) -> None:
    words = "where the time of a batch and of a request goes, step by step"
    parser = _parser(subjects, "profile", words)
    parser.add_argument(
        "--seconds", type=_seconds, default=8.0, metavar="S", help="how long each is watched (8)"
    )
    parser.add_argument("--json", action="store_true", help="print one object instead of text")
    parser.set_defaults(measure=_profile)


def _profile(arguments: argparse.Namespace) -> int:
    result = profiles.measure(profiles.Plan(arguments.seconds))
    print(json.dumps(result) if arguments.json else "\n".join(profiles.lines(result)))
    return 0


def _configure_search(subjects: Any) -> None:
    words = "how often the help centre's first answers are right, over a labelled set of questions"
    parser = _parser(subjects, "search", words)
    parser.add_argument("--json", action="store_true", help="print one object instead of a table")
    parser.set_defaults(measure=_search)


def _search(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        print(*part("search", "bench")(as_json=arguments.json), sep="\n")
    return 0


def _configure_start(subjects: Any) -> None:
    words = "how long `guitai up` takes to its first page, new and warm, and Ctrl-C to its end"
    parser = _parser(subjects, "start", words)
    parser.add_argument("--rounds", type=_count, default=3, metavar="N", help="warm starts (3)")
    parser.add_argument("--json", action="store_true", help="print one object instead of text")
    parser.set_defaults(measure=_start)


def _start(arguments: argparse.Namespace) -> int:
    result = starting.measure(arguments.rounds)
    print(json.dumps(result) if arguments.json else "\n".join(starting.lines(result)))
    return 0


def _configure_statements(subjects: Any) -> None:
    words = "a large account statement, read, taken in and matched"
    parser = _parser(subjects, "statements", words)
    defaults = statements.Plan()
    parser.add_argument(
        "--lines", type=_count, default=defaults.lines, metavar="N", help=f"how many ({defaults.lines:,})"
    )
    parser.add_argument("--json", action="store_true", help="print one object instead of a table")
    parser.add_argument(
        "--match",
        nargs="?",
        choices=("known", "nobody"),
        const="known",
        help="and match its lines: every one is a booked top-up (known), or nobody expects it and it is held (nobody)",
    )
    parser.add_argument(
        "--only", choices=("parse", "import"), help="read it, or take it in (and match it); both otherwise"
    )
    parser.set_defaults(measure=_statements)


def _statements(arguments: argparse.Namespace) -> int:
    result = statements.measure(statements.Plan(arguments.lines, arguments.match, arguments.only))
    print(json.dumps(result) if arguments.json else "\n".join(statements.lines(result)))
    return 0


def _configure_document(subjects: Any) -> None:
    words = "put results into docs/performance.md and draw its plot"
    parser = _parser(subjects, "document", words)
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="what --json printed, one object a file"
    )
    parser.add_argument("--folder", type=Path, default=Path("docs"), help="where the document is (docs)")
    parser.set_defaults(measure=_document)


def _document(arguments: argparse.Namespace) -> int:
    print(*document.write(arguments.files, arguments.folder), sep="\n")
    return 0


def _parser(subjects: Any, name: str, words: str) -> argparse.ArgumentParser:
    summary = f"{words[0].upper()}{words[1:]}."
    parser: argparse.ArgumentParser = subjects.add_parser(name, help=words, description=summary)
    return parser


def _subject(subjects: Any, name: str, words: str) -> argparse.ArgumentParser:
    parser = _parser(subjects, name, words)
    parser.add_argument(
        "--seconds", type=_seconds, default=4.0, metavar="S", help="how long each turn lasts (4)"
    )
    parser.add_argument("--rounds", type=_count, default=3, metavar="N", help="turns of each (3)")
    parser.add_argument("--json", action="store_true", help="print one object instead of a table")
    return parser


def _tell(arguments: argparse.Namespace, result: dict[str, Any]) -> int:
    if arguments.json:
        print(json.dumps(result))
    else:
        print(*lines(result), sep="\n")
    return 0


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 1_000_000_000):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 3_600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above zero")
    return seconds
