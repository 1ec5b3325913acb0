"""`guitai web`: pages and the API."""

import argparse

from guitai.site import surroundings
from guitai.site.command.late import part


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fd", type=int, help="serve on this open listening socket instead of PORT")


def run(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        part("web", "run")(fd=arguments.fd)
    return 0
