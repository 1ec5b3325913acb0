"""The `guitai` command: one word for each thing an operator does.

Each subcommand is a module of this package with `configure(parser)` and `run(arguments) -> int`. Only the
one that was asked for is imported, so that `guitai --help` answers at once and needs no settings.
"""

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from guitai import __version__
from guitai.kit.environment import EnvironmentRefused
from guitai.site.postgres import ClusterRefused
from guitai.site.refusals import StartRefused

COMMANDS = {
    "up": "Start everything: database, web, worker (and in the demo the sandbox). Ctrl-C stops it.",
    "migrate": "Bring the database, the message catalogues and the static files up to date.",
    "seed": "Add the small demonstration cast through the real flows.",
    "keys": "The keys that personal data is sealed by: status, rotate, retire.",
    "verify": "Prove the books and the audit chain; exits with 1 when either is wrong.",
    "close": "A day in the books beside the same day at the bank, with every part of the difference.",
    "web": "Serve pages and the API (what `up` starts for you).",
    "worker": "Run background jobs, topics and the audit sealer (what `up` starts for you).",
    "reserve": "The cold reserve: request, sign, submit, status, keys, rotation, rehearsal of a lost key.",
    "policies": "What the operator decides: list, show, publish a new version from a file.",
    "statements": "Account statements: parse (print what a file says), import.",
    "directory": "What is ours, signed: show, verify a copy, check something in it.",
    "evidence": "Evidence packs: verify one offline, print the keys.",
    "rehearse": "Stage one of the ten troubles in the demo, for training and newcomers.",
    "search": "What the help centre finds for a question, as a ranking.",
    "bench": "Measure the ledger, the till and HTTP here, beside what one would write instead.",
    "messages": "Translations: update, compile, missing.",
    "shell": "A Python prompt with everything loaded.",
    "manage": "Run a command of Django's own, such as `guitai manage dbshell`.",
}
EPILOG = """\
settings (environment variables):
  PORT                  the web port, 8000; the sandbox takes the next one
  GUITAI_HOME           where data, keys and logs are kept, ./var
  GUITAI_MODE           demo, development (default), production or test
  GUITAI_DATABASE_URL   an external PostgreSQL instead of the embedded one
  GUITAI_PUBLIC_URL     the address people use (required in production)
  GUITAI_SECRET_KEY, GUITAI_DATA_KEYS   secrets (required in production)
  GUITAI_CLAMD_SOCKET   where clamd listens, to have uploads scanned for viruses
  GUITAI_BIND           the address to listen on, 127.0.0.1
  GUITAI_WEB_PROCESSES  how many web processes `up` starts
  GUITAI_STATEMENTS_FOLDER, GUITAI_PAYOUTS_FOLDER   where the bank's files come in, and payout files go out

`make demo` is `GUITAI_MODE=demo guitai up` in a fresh environment. `guitai COMMAND --help` says more.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand; expected failures are one readable line and exit code 2."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = _parser(words).parse_args(words)
    if arguments.command is None:
        _parser([]).print_help()
        return 0
    # So that a database we opened is left in order, whoever ends us.
    signal.signal(signal.SIGTERM, _terminated)
    try:
        return int(_module(arguments.command).run(arguments))
    except (EnvironmentRefused, ClusterRefused, StartRefused) as refused:
        print(f"guitai: {refused}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="guitai",
        description="Guitai: a self-hosted wallet with its own customer-service counter.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"guitai {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    asked = next((word for word in words if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(
            name, help=summary, description=summary, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        if name == asked:
            _module(name).configure(subparser)
    return parser


def _module(name: str):  # type: ignore[no-untyped-def]  # a module with configure and run
    return importlib.import_module(f"guitai.site.command.{name}")


def _terminated(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
