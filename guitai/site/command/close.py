"""`guitai close`: a day in the books beside the same day at the bank."""

import argparse
from datetime import date

from guitai.site import surroundings
from guitai.site.command.late import part


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD, yesterday when it is left out")
    parser.epilog = (
        "Every part of a difference is one line, marked ! when somebody has to look at it. Days are signed on the "
        "desk's pages; a signed day is printed as it was signed. Exits with 1 when anything is marked."
    )


def run(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        lines, agrees = part("close", "run")(arguments.day)
    print(*lines, sep="\n")
    return 0 if agrees else 1
