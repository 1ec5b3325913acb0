"""`guitai manage ...`: Django's own commands, with the database there."""

import argparse

from django.core.management import execute_from_command_line

from guitai.site import surroundings


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar="...", help="the command and its options")


def run(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        execute_from_command_line(["guitai manage", *(arguments.words or ["help"])])
    return 0
