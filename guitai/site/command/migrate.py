"""`guitai migrate`: catalogues, tables and static files up to date."""

import argparse

from guitai.site import surroundings
from guitai.site.command.late import part


def configure(parser: argparse.ArgumentParser) -> None:
    del parser  # takes no options


def run(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        part("prepare", "prepare")()
    return 0
