"""`guitai verify`: the books and the audit chain, proved from their rows."""

import argparse

from guitai.site import surroundings
from guitai.site.command.late import part


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "Each finding is one line. Exits with 0 when there is none, with 1 otherwise."


def run(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        findings, tail = part("verify", "run")()
        print(*findings, tail, sep="\n")
    print(f"{len(findings)} findings" if findings else "The books and the audit chain are right.")
    return 1 if findings else 0
